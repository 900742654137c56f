import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWorkflowBundle } from '../../worker/bundle';

/** Makes the workflow bundle once for all projects of a test run: bundling takes seconds, a test should not pay for it. */
export default async function bundleOnce(): Promise<void> {
  if (process.env.WORKFLOW_BUNDLE_PATH) return;
  const folder = await mkdtemp(join(tmpdir(), 'postern-bundle-'));
  const file = join(folder, 'workflows.js');
  await writeWorkflowBundle(file);
  process.env.WORKFLOW_BUNDLE_PATH = file;
  process.env.WORKFLOW_BUNDLE_FOLDER = folder;
}
