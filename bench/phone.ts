import { join } from 'node:path';
import { startOutside } from '../dev/outside/server';

/** The local phone in a process of its own, so that it takes nothing from whoever is measured. Its parent tells it where, and reads its address. */
async function main([folder, smtpPort, accountSid, authToken, from]: readonly string[]): Promise<void> {
  const { url } = await startOutside({ accountSid: accountSid!, authToken: authToken!, from: from!, smtpPort: Number(smtpPort), file: join(folder!, 'outside.jsonl'), inboundUrl: 'http://127.0.0.1:9/' });
  // Nobody takes reports here: they would be measured as well.
  await fetch(`${url}/faults`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ reports: 'lost' }) });
  process.send!(url);
}

process.once('disconnect', () => process.exit(0));
main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
