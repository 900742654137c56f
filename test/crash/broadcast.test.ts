import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import type { Knex } from 'knex';
import { smsWebhookRoutes } from '../../api/routes/sms-webhooks';
import { loadSettings } from '../../config';
import { migrate, openDatabase } from '../../db/connection';
import { countDeliveries } from '../../db/continuity-deliveries';
import { startOutside, type Outside } from '../../dev/outside/server';
import { continuityEventWorkflowId, TASK_QUEUE } from '../../temporal.config';
import { CONTINUITY_EVENT, endUpdate, type EventInput } from '../../workflows/continuity-event/messages';
import { addCrowd, addEvent } from '../support/crowd';
import { openPostgres } from '../support/database';
import { Http } from '../support/http';
import { keyEntry } from '../support/keys';
import { KeyRing } from '../../security/keys';
import { freePorts } from '../support/ports';
import { ResetEngine } from '../support/reset-engine';
import { seeded } from '../support/seeded';
import { waitFor } from '../support/wait';
import { WorkerFleet } from './worker-fleet';

const PEOPLE = 10_000;
const KILLS = 20;
const WORKERS = 3;
/** So that twenty workers can be started and killed while it lasts. */
const PER_SECOND = 100;
const FAST = 5_000;
const TIMEOUT_MS = 1_000;
const LONGEST_MS = 900_000;
const ACCOUNT = 'CRASH1A1';
const [START, END] = ['{{ name }}: mail is down.', '{{ name }}: mail is back.'];
const provider = { accountSid: `AC${'ab'.repeat(16)}`, authToken: 'cd'.repeat(16) };

const seed = Number(process.env.BROADCAST_SEED ?? Date.now() % 1_000_000_007);
const random = seeded(seed);

let db: Knex;
let engine: ResetEngine;
let outside: Outside;
let fleet: WorkerFleet;
const closing: (() => unknown)[] = [];

/** The API's webhook, where the phone reports. */
async function startWebhook(settings: ReturnType<typeof loadSettings>, api: ReturnType<typeof createServer>): Promise<void> {
  const app = express();
  app.use('/api/webhooks/sms', smsWebhookRoutes({ settings, db, keys: engine.keys, clock: Date.now, reachedNobody: async () => {}, received: async () => {} }));
  api.on('request', app);
  closing.push(() => new Promise((resolve) => api.close(resolve).closeAllConnections()));
}

beforeAll(async () => {
  const postgres = await openPostgres();
  db = openDatabase(postgres.settings);
  await migrate(db);
  const api = createServer();
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const publicUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), 'postern-phone-'));
  const [smtpPort] = await freePorts(1);
  outside = await startOutside({ ...provider, from: '+12025550100', noticesFrom: '+13125550100', smtpPort: smtpPort!, file: join(folder, 'outside.jsonl'), inboundUrl: publicUrl, kept: 4 * PEOPLE });
  engine = await ResetEngine.local(KeyRing.parse(keyEntry('dev-test')));
  const env = {
    POSTERN_MODE: 'embedded', PUBLIC_URL: publicUrl, POSTERN_KEYS: keyEntry('dev-test'), SMTP_URL: `smtp://127.0.0.1:${smtpPort}`, MAIL_FROM: 'no-reply@postern.example', DATABASE_URL: postgres.settings.DATABASE_URL!,
    TWILIO_ACCOUNT_SID: provider.accountSid, TWILIO_AUTH_TOKEN: provider.authToken, TWILIO_FROM: '+12025550100', TWILIO_NOTICES_FROM: '+13125550100', TWILIO_API_URL: outside.url, SMS_SEGMENTS_PER_SECOND: String(PER_SECOND),
    SMS_TIMEOUT_MS: String(TIMEOUT_MS), TEMPORAL_ADDRESS: engine.environment.address, LOG_LEVEL: 'error',
  };
  await startWebhook(loadSettings(env), api);
  fleet = await WorkerFleet.start(WORKERS, env);
  closing.unshift(() => fleet.stop(), () => engine.stop(), () => outside.stop());
  closing.push(() => db.destroy(), () => postgres.drop(), () => rm(folder, { recursive: true, force: true }));
}, LONGEST_MS);
afterAll(async () => {
  for (const close of closing) await close();
}, LONGEST_MS);

const phone = () => new Http(outside.url);
const switchTo = (faults: object) => phone().send('PUT', '/faults', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) });
const between = (least: number, most: number): number => least + random() * (most - least);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A phone that is well for a while, then is slow beyond patience, fails, or takes texts and does not say so; and whose reports get lost at times. */
async function misbehave(until: () => boolean): Promise<void> {
  const modes = ['slow', '500', 'accept-500', 'hang', '429'] as const;
  while (!until()) {
    await switchTo({ mode: 'none', reports: random() < 0.5 ? 'lost' : 'sent' });
    await pause(between(500, 2_000));
    await switchTo({ mode: modes[Math.floor(random() * modes.length)] });
    await pause(between(50, 400));
  }
  await switchTo({ mode: 'none', reports: 'sent' });
}

/** Kills workers at random while a phase is being told. Returns how many notices had not gone out at the last kill. */
async function killWorkers(eventId: string): Promise<number> {
  await waitFor(async () => ((await countDeliveries(db, eventId)).start?.accepted ? true : undefined), { what: 'the first notices', timeoutMs: 120_000 });
  while (fleet.kills < KILLS) {
    await pause(between(200, 4_500));
    fleet.kill((count) => Math.floor(random() * count));
  }
  return (await countDeliveries(db, eventId)).start?.queued ?? 0;
}

/** How often each person's text is on the phone. */
function told(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text: body } of outside.store.texts()) if (body.endsWith(text.slice('{{ name }}'.length))) counts.set(body, (counts.get(body) ?? 0) + 1);
  return counts;
}

function expectEachOnce(text: string): void {
  const counts = told(text);
  const notOnce = Array.from({ length: PEOPLE }, (_, index) => text.replace('{{ name }}', `Person ${index}`)).filter((body) => counts.get(body) !== 1).map((body) => [body, counts.get(body) ?? 0]);
  expect(notOnce).toEqual([]);
  expect(counts.size).toBe(PEOPLE);
}

async function untilPhase(eventId: string, phase: string, state: string): Promise<void> {
  await waitFor(async () => ((await db('continuity_phases').where({ event_id: eventId, phase, state }).first('phase')) ? true : undefined), { what: `${phase} ${state}; ${fleet.printed}`, timeoutMs: 400_000, everyMs: 500 });
}

test(`checks 61 and 62: ${KILLS} killed workers and a phone that fails in every way leave nobody of ${PEOPLE} untold, and nobody told twice`, async () => {
  console.log(`Seed ${seed}: set BROADCAST_SEED to repeat it.`);
  const { groupId } = await addCrowd(db, ACCOUNT, PEOPLE);
  const eventId = await addEvent(db, ACCOUNT, groupId, START, Date.now());
  await db('continuity_events').where({ id: eventId }).update({ alert_end: END });
  const input: EventInput = { eventId, accountCode: ACCOUNT, state: { step: 'active', startsAt: Date.now(), endsAt: null, phases: [{ phase: 'start', state: 'waiting', round: 0 }] } };
  const event = await engine.client.workflow.start(CONTINUITY_EVENT, { workflowId: continuityEventWorkflowId(eventId), taskQueue: TASK_QUEUE, args: [input], workflowTaskTimeout: '5 s' });
  let isDone = false;
  const misbehaving = misbehave(() => isDone);
  const left = await killWorkers(eventId);
  await untilPhase(eventId, 'start', 'done');
  isDone = true;
  await misbehaving;
  // The last kill came while there was much to do.
  expect([fleet.kills, left > 0]).toEqual([KILLS, true]);
  expectEachOnce(START);
  const { start } = await countDeliveries(db, eventId);
  expect((start?.accepted ?? 0) + (start?.sent ?? 0) + (start?.delivered ?? 0)).toBe(PEOPLE);

  // Nothing of the end has to be found by a report: so many at once would outlast the test. The sender's own rate is heard at once.
  await switchTo({ reports: 'lost' });
  await db('sms_senders').update({ rate_per_s: FAST });
  await event.executeUpdate(endUpdate, { args: [{ by: { id: 'ada', name: 'Ada' } }] });
  await untilPhase(eventId, 'end', 'done');
  expectEachOnce(END);
  await event.result();
}, LONGEST_MS);
