import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWorkflowBundle } from '../../worker/bundle';

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bundle-'));
  try {
    const bytes = await writeWorkflowBundle(join(folder, 'workflows.js'));
    console.log(`The workflow bundle is sound: ${Math.round(bytes / 1024)} KiB.`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(`The workflows do not bundle: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
