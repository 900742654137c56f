import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { locateTemporalCli } from './engine/locate';
import { startEngine } from './engine/server';
import { startOutside } from './outside/server';
import { withProgress } from './progress';
import { endRunning } from './run';
import { Child } from './start/child';
import { prepareDatabase } from './start/database';
import { childEnvironment, DEMO_NOTICES_SENDER, DEMO_SENDER } from './start/environment';
import { lockFolder } from './start/lock';
import { logOf } from './start/logs';
import { buildPages } from './start/pages';
import { checkPortsFree, dataFolder, embeddedSecrets, readPorts } from './start/settings';
import { Supervisor, type Running } from './start/supervisor';
import { overview } from './start/table';
import { bundleWorkflows } from './start/workflows';

const root = join(__dirname, '..');
const READY_MS = 120_000;
const PROBE_MS = 200;
const API_GRACE_MS = 6_000;
/** Longer than what a worker gives its activities to end. */
const WORKER_GRACE_MS = 11_000;
/** Less than what the process above waits for this one. */
const LONGEST_END_MS = 27_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const supervisor = new Supervisor(say);
let releaseFolder: (() => Promise<void>) | undefined;

async function waitUntilReady(port: number): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline && !supervisor.stopping) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await pause(PROBE_MS);
  }
  throw new Error(`The instance was not ready within ${READY_MS / 1_000} s: see the logs in its data folder.`);
}

/** One of our own programs, as a part that can be started again. */
function program(name: string, file: string, env: NodeJS.ProcessEnv, graceMs: number, folder: string): { name: string; start: () => Promise<Running> } {
  const onLine = logOf(folder, name.toLowerCase(), say);
  return {
    name: `The ${name}`,
    start: async () => {
      const child = new Child({ name, args: ['--import', 'tsx', file], env, cwd: root, onLine });
      return { exited: child.exited, stop: () => child.stop(graceMs), lastWords: () => child.lastLines.at(-1) ?? '' };
    },
  };
}

async function start(): Promise<void> {
  const env = process.env;
  const ports = readPorts(env);
  await checkPortsFree(ports);
  const folder = dataFolder(env);
  releaseFolder = await lockFolder(folder);
  const secrets = embeddedSecrets(folder);
  const cliPath = await locateTemporalCli({ onProgress: say });
  const [bundle] = await Promise.all([env.WORKFLOW_BUNDLE_PATH || bundleWorkflows(say), buildPages(say)]);
  await prepareDatabase(env, folder, secrets.demoPassword, say);

  say('Starting engine, worker and API ...');
  let outsideUrl = '';
  await supervisor.add({
    name: 'Inbox and phone',
    start: async () => {
      const outside = await startOutside({
        accountSid: secrets.accountSid, authToken: secrets.authToken, smtpPort: ports.SMTP_PORT, file: join(folder, 'outside.jsonl'), from: DEMO_SENDER, noticesFrom: DEMO_NOTICES_SENDER,
        inboundUrl: `http://127.0.0.1:${ports.PORT}/api/webhooks/sms/inbound`,
      });
      outsideUrl = outside.url;
      return { exited: new Promise(() => {}), stop: () => outside.stop() };
    },
  });
  const engineLog = logOf(folder, 'engine');
  await supervisor.add({
    name: 'The engine',
    start: (stopping) => startEngine({
      stopping, cliPath, port: ports.TEMPORAL_PORT, uiPort: ports.TEMPORAL_UI_PORT, dbFile: join(folder, 'temporal.sqlite'),
      codecEndpoint: `http://127.0.0.1:${ports.PORT}/codec/${secrets.codecPathToken}`, onLine: engineLog,
    }),
  });
  const children = childEnvironment({ ...env, WORKFLOW_BUNDLE_PATH: bundle }, ports, secrets, outsideUrl);
  await supervisor.add(program('worker', 'worker/main.ts', children, WORKER_GRACE_MS, folder));
  await supervisor.add(program('API', 'api/main.ts', children, API_GRACE_MS, folder));
  await withProgress('starting', say, () => supervisor.whenReady(waitUntilReady(ports.PORT)));
  if (!supervisor.stopping) say(overview(env, ports, secrets));
}

const started = start();
let ending: Promise<never> | undefined;

/** Stops everything and ends, once, however often it is asked. */
function end(code: number): Promise<never> {
  ending ??= (async () => {
    // A terminal never waits for something that does not end.
    setTimeout(() => process.exit(1), LONGEST_END_MS).unref();
    endRunning();
    await supervisor.stop();
    // What the start had begun clears up after itself.
    await started.catch(() => undefined);
    await releaseFolder?.();
    process.exit(code);
  })();
  return ending;
}

for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
  process.on(event, () => {
    if (!ending && event !== 'disconnect') say('\nStopping ...');
    void end(0);
  });
}

started.catch((error: unknown) => {
  // A start that was stopped fails somewhere: that is no news.
  if (!ending) process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  void end(1);
});
