import { mobile, person } from '../support/demo';
import { Http, problemSlug } from '../support/http';
import { startInstance, type Instance } from '../support/instance';
import { getFlow, resetBySms, startReset } from '../support/journey';
import { allMessages, waitForMessage } from '../support/messages';
import { freePorts } from '../support/ports';
import { familyOf, stillRunning } from '../support/processes';
import { runProgram } from '../support/run-program';
import { waitFor } from '../support/wait';

const START_MS = 240_000;
let one: Instance;
let other: Instance;

beforeAll(async () => {
  [one, other] = await Promise.all([startInstance(), startInstance()]);
}, START_MS);
afterAll(async () => {
  await Promise.all([one.stop(), other.stop()]);
});

test('two instances run side by side and know nothing of each other', async () => {
  const [here, there] = [new Http(one.url), new Http(other.url)];
  await resetBySms(here, person(1), mobile(1));
  await waitForMessage(here, person(1));
  expect(await allMessages(there)).toEqual([]);
  const { id } = await startReset(there, person(1));
  expect(problemSlug(await getFlow(here, id), 404)).toBe('flow-not-found');
  expect((await resetBySms(there, person(1), mobile(1))).step).toBe('done');
});

test('a folder that an instance has is no other\'s: the second start says so and changes nothing', async () => {
  const [port, temporalPort, uiPort, smtpPort] = (await freePorts(4)).map(String);
  const ended = await runProgram(process.execPath, ['--import', 'tsx', 'dev/start.ts'], { ...process.env, PORT: port, TEMPORAL_PORT: temporalPort, TEMPORAL_UI_PORT: uiPort, SMTP_PORT: smtpPort, DATA_DIR: one.dataDir });
  expect(ended).toMatchObject({ code: 1, stderr: `Another instance runs on ${one.dataDir}: stop it, or set DATA_DIR to another folder.\n` });
  expect((await new Http(one.url).get('/api/ready')).status).toBe(200);
});

test('an instance whose first process is killed leaves nothing that runs, and the other one goes on', async () => {
  const pids = await familyOf(other.pid);
  process.kill(other.pid, 'SIGKILL');
  await waitFor(async () => ((await stillRunning(pids)).length === 0 ? true : undefined), { what: `the end of ${pids.join(', ')}` });
  expect((await new Http(one.url).get('/api/ready')).status).toBe(200);
});
