import { join } from 'node:path';
import type { Knex } from 'knex';
import { migrate, openDatabase } from '../../db/connection';
import { startEngine } from '../../dev/engine/server';
import { startOutside, type Outside } from '../../dev/outside/server';
import { Child } from '../../dev/start/child';
import { openPostgres } from './database';
import { Http } from './http';
import { keyEntry } from './keys';
import { freePorts } from './ports';
import { startProxy } from './proxy';
import { waitFor } from './wait';

const root = join(__dirname, '../..');
const READY_MS = 120_000;
const GRACE_MS = 15_000;

/** API and worker as production runs them, with an engine, a database and a mail server of the tests. */
export interface Production {
  /** The API behind its proxy. */
  readonly http: Http;
  /** The API itself, as nobody outside reaches it. */
  readonly direct: Http;
  readonly env: Readonly<Record<string, string>>;
  readonly db: Knex;
  readonly mail: Outside['store'];
  readonly temporalAddress: string;
  /** Ends API and worker as an orchestrator does, and gives their exit codes. */
  endProcesses(): Promise<(number | null)[]>;
  stop(): Promise<void>;
}

export const publicHost = 'portal.example';
export const webUiOrigin = 'https://temporal.example';

/** The settings that docs/operations.md asks for. */
function settings(ports: { port: number; temporalPort: number; smtpPort: number }, databaseUrl: string): Record<string, string> {
  return {
    POSTERN_MODE: 'production', PORT: String(ports.port), PUBLIC_URL: `https://${publicHost}`, TRUST_PROXY: '1',
    DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporalPort}`, SMTP_URL: `smtp://127.0.0.1:${ports.smtpPort}`, MAIL_FROM: `no-reply@${publicHost}`,
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: '0'.repeat(32), TWILIO_FROM: '+12025550100', POSTERN_KEYS: keyEntry('production'), WEB_UI_ORIGINS: webUiOrigin, LOG_LEVEL: 'warn',
  };
}

/** Starts everything and waits until the API says that it is ready. */
export async function startProduction(): Promise<Production> {
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const [port, temporalPort, smtpPort] = (await freePorts(3)) as [number, number, number];
    const database = await openPostgres();
    ends.push(database.drop);
    const db = openDatabase(database.settings);
    ends.push(() => db.destroy());
    await migrate(db);
    const outside = await startOutside({ accountSid: 'AC', authToken: 'none', from: '+12025550100', smtpPort, file: join(database.settings.DATA_DIR, 'outside.jsonl'), inboundUrl: 'http://127.0.0.1:1' });
    ends.push(() => outside.stop());
    const engine = await startEngine({ cliPath: process.env.TEMPORAL_CLI_PATH!, port: temporalPort });
    ends.push(() => engine.stop());
    const env = settings({ port, temporalPort, smtpPort }, database.settings.DATABASE_URL!);
    const printed: string[] = [];
    // Nothing of the tests' own environment but what finds programs: a deployment has no more.
    const processes = ['worker', 'api'].map((name) => new Child({ name, args: ['--import', 'tsx', `${name}/main.ts`], env: { PATH: process.env.PATH, ...env }, cwd: root, onLine: (line) => printed.push(line) }));
    ends.push(() => Promise.all(processes.map((child) => child.stop(GRACE_MS))));
    const proxy = await startProxy(port, publicHost);
    ends.push(() => proxy.stop());
    const http = new Http(proxy.url);
    await waitFor(
      async () => {
        if (processes.some((child) => !child.running)) throw new Error(printed.join('\n'));
        return (await http.get('/api/ready')).status === 200 ? true : undefined;
      },
      { what: 'API and worker to be ready', timeoutMs: READY_MS },
    );
    return {
      http, direct: new Http(`http://127.0.0.1:${port}`), env, db, mail: outside.store, temporalAddress: engine.address, stop,
      endProcesses: () => Promise.all(processes.map(async (child) => {
        await child.stop(GRACE_MS);
        return child.exited;
      })),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
