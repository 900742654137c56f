import { mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeWorkflowBundle } from './bundle';
import { BUNDLE } from './workflow-source';

/** Bundles the workflows into the file that is named, or else where workers look for it, and which is there whole or not at all. */
async function main([file = BUNDLE]: readonly string[]): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}`;
  await writeWorkflowBundle(part);
  renameSync(part, file);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`The workflows do not bundle: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
