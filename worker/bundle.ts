import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { failureConverterPath } from '../security/data-converter';

/**
 * Bundles the workflows as the worker does and writes the code to `file`.
 * Type checking misses a Node module that is imported two files away; the bundler does not.
 *
 * @returns the bundle's size in bytes
 * @throws Error that names the module a workflow must not import
 */
export async function writeWorkflowBundle(file: string): Promise<number> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: require.resolve('../workflows'),
    failureConverterPath,
    logger: new DefaultLogger('WARN'),
  });
  await writeFile(file, code);
  return Buffer.byteLength(code);
}
