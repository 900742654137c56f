// Lets the SDK download an engine into a folder: starts it once and stops it. A process of its own, because a download
// inside the SDK cannot be cancelled. Use: node dev/engine/sdk-download.mjs local|time-skipping <folder>
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { TestWorkflowEnvironment } from '@temporalio/testing';

const LOOK_MS = 1_000;
/** Long enough for the engine to start; a network that answers nothing is given up. */
const STALLED_MS = 20_000;

const [kind, downloadDir] = process.argv.slice(2);

function bytes() {
  return readdirSync(downloadDir).reduce((sum, name) => sum + (statSync(join(downloadDir, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

let seen = bytes();
let since = Date.now();
setInterval(() => {
  const now = bytes();
  if (now !== seen) [seen, since] = [now, Date.now()];
  if (Date.now() - since > STALLED_MS) fail(`nothing came for ${STALLED_MS / 1_000} s`);
}, LOOK_MS).unref();

const executable = { type: 'cached-download', downloadDir };
Runtime.install({ logger: new DefaultLogger('ERROR') });
const options = { server: { executable } };
const starting = kind === 'local' ? TestWorkflowEnvironment.createLocal(options) : TestWorkflowEnvironment.createTimeSkipping(options);
starting.then((environment) => environment.teardown()).catch((error) => fail(error.message));
