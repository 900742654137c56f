import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiDocument } from '../../api/openapi';

const committed = join(__dirname, '../../api/openapi.json');

/** Compares the committed document with the one that the contract makes now. */
async function main(): Promise<void> {
  const written = await readFile(committed, 'utf8');
  const current = `${JSON.stringify(openApiDocument(), null, 2)}\n`;
  if (written !== current) throw new Error('api/openapi.json is not what the contract says: run "npm run openapi" and "npm run generate-client", and commit both.');
  console.log('The committed OpenAPI document is current.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
