import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where `npm run build:workflows` leaves the bundle. */
export const BUNDLE = join(__dirname, '..', 'dist', 'workflows.js');

/** The workflows' code: the bundle made at build time where there is one, else the sources, bundled at start. */
export function workflowSource(): { workflowBundle: { codePath: string } } | { workflowsPath: string } {
  const codePath = process.env.WORKFLOW_BUNDLE_PATH ?? BUNDLE;
  return existsSync(codePath) ? { workflowBundle: { codePath } } : { workflowsPath: require.resolve('../workflows') };
}
