import { rm } from 'node:fs/promises';

/** Removes the bundle that the set-up made; one given from outside stays. */
export default async function removeBundle(): Promise<void> {
  const folder = process.env.WORKFLOW_BUNDLE_FOLDER;
  if (!folder) return;
  delete process.env.WORKFLOW_BUNDLE_FOLDER;
  delete process.env.WORKFLOW_BUNDLE_PATH;
  await rm(folder, { recursive: true, force: true });
}
