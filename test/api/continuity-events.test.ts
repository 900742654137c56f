import { beaconNumber } from '../../dev/demo-beacon';
import { streamedFrom } from '../support/events';
import { expectStatus, problemSlug, type Answer, type Flow, type Http } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { allMessages, messagesTo, type ReceivedMessage } from '../support/messages';
import { browserOfUser } from '../support/sessions';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

const ACCOUNT = 'CSM33C3';
const SUBSCRIBED = 300;
const HOUR_MS = 3_600_000;

const { http, instance } = useInstance({ SMS_SEGMENT_PRICE: '0.5', SMS_SEGMENT_PRICES: 'US=0.0079,GB=0.04', SMS_CURRENCY: 'EUR' });
let operator: Http;
beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

interface Phase {
  readonly state: string;
  readonly audience: number;
  readonly [count: string]: unknown;
}
interface Event extends Flow {
  readonly details: Flow['details'] & { readonly phases: Readonly<Record<string, Phase>>; readonly version: number };
}

let numbers = 0;
/** A text that no other test sends. */
const alert = (what: string): string => `${what} ${process.pid}-${(numbers += 1)}: work in the Connect Application.`;
const unplanned = (start: string, end: string | null = null) => ({ account: ACCOUNT, kind: 'unplanned', groups: ['Everyone'], alerts: { start, end } });
const iso = (fromNowMs: number): string => new Date(Date.now() + fromNowMs).toISOString();
const planned = (start: string, more: object = {}) => ({ ...unplanned(start), kind: 'planned', startsAt: iso(HOUR_MS), endsAt: iso(2 * HOUR_MS), ...more });

const create = async (body: object): Promise<Event> => expectStatus(await operator.post('/api/continuity-events', body), 201);
const read = async (id: string): Promise<Event> => expectStatus(await operator.get(`/api/continuity-events/${id}`), 200);
const step = (id: string, action: string, body: object = {}): Promise<Answer<Event>> => operator.post(`/api/continuity-events/${id}/${action}`, body);
const sentBy = async (text: string): Promise<ReceivedMessage[]> => (await allMessages(http())).filter((message) => message.text === text);

/** Waits until a phase has so many notices in a state. */
function reaches(id: string, phase: string, state: string, count: number): Promise<Event> {
  return waitFor(async () => {
    const event = await read(id);
    return event.details.phases[phase]?.[state] === count ? event : undefined;
  }, { what: `${count} ${state} of ${phase}`, timeoutMs: 60_000 });
}

/** Waits until the start has reached the first people: in one of these states. */
async function reachesAtLeast(id: string, ...states: string[]): Promise<void> {
  await waitFor(async () => {
    const { start } = (await read(id)).details.phases;
    return states.some((state) => Number(start?.[state]) > 0) || undefined;
  }, { what: 'the first notices', everyMs: 20 });
}

test('an unplanned event starts at once: everybody in the group who is subscribed gets the alert, once, as it was given; at its end those get the other one', async () => {
  const [start, end] = [`  ${alert('Mail is down')}  `, alert('Mail is back')];
  const event = await create(unplanned(start, end));
  expect(event).toMatchObject({ kind: 'continuity-event', step: 'active', details: { account: ACCOUNT, kind: 'unplanned', groups: ['Everyone'] } });
  const told = await reaches(event.id, 'start', 'delivered', SUBSCRIBED);
  expect(told.details.phases.start).toMatchObject({ audience: SUBSCRIBED, queued: 0, accepted: 0, failed: 0, suppressed: 0, unknown: 0 });
  const texts = await sentBy(start);
  expect(texts).toHaveLength(SUBSCRIBED);
  expect(new Set(texts.map(({ to }) => to)).size).toBe(SUBSCRIBED);

  expect(expectStatus<Event>(await step(event.id, 'end'), 200)).toMatchObject({ step: 'ended', expiresAt: null });
  await reaches(event.id, 'end', 'delivered', SUBSCRIBED);
  expect(new Set((await sentBy(end)).map(({ to }) => to)).size).toBe(SUBSCRIBED);
  expect((await sentBy(end)).length).toBe(SUBSCRIBED);
  expect(problemSlug(await step(event.id, 'end'), 410)).toBe('flow-done');
});

test('who opts out between two turns gets no more, and the counts say so', async () => {
  const start = alert('Mail is down');
  const number = beaconNumber(7);
  await inDatabaseOf(instance(), (db) => db('sms_subscriptions').where({ e164: number }).update({ state: 'ended' }));
  try {
    const event = await create(unplanned(start));
    await reaches(event.id, 'start', 'delivered', SUBSCRIBED - 1);
    expect((await messagesTo(http(), number)).filter(({ text }) => text === start)).toEqual([]);
    await step(event.id, 'end');
  } finally {
    await inDatabaseOf(instance(), (db) => db('sms_subscriptions').where({ e164: number }).update({ state: 'active' }));
  }
});

test('what was stopped goes on when that is asked for while the event is active, and everybody is told once', async () => {
  const start = alert('Mail is down');
  const event = await create(unplanned(start));
  await reachesAtLeast(event.id, 'accepted', 'sent', 'delivered');
  const stopped = expectStatus<Event>(await step(event.id, 'stop'), 200);
  expect(Number(stopped.details.phases.start!.superseded)).toBeGreaterThan(0);
  expect(stopped.actions.map(({ name }) => name)).toEqual(['change', 'update', 'end', 'retry-failed']);
  expect(expectStatus<Event>(await step(event.id, 'retry-failed'), 200).details.phases.start).toMatchObject({ state: 'sending', superseded: 0 });
  expect(problemSlug(await step(event.id, 'retry-failed'), 409)).toBe('wrong-step');
  await reaches(event.id, 'start', 'delivered', SUBSCRIBED);
  expect(new Set((await sentBy(start)).map(({ to }) => to)).size).toBe(SUBSCRIBED);
  expect(await sentBy(start)).toHaveLength(SUBSCRIBED);
  await step(event.id, 'end');
});

test('its stop button stops within seconds; what had not gone out stays unsent, and the end goes to those who got the start', async () => {
  const [start, end] = [alert('Mail is down'), alert('Mail is back')];
  const event = await create(unplanned(start, end));
  await reachesAtLeast(event.id, 'accepted', 'sent', 'delivered');
  expect(expectStatus<Event>(await step(event.id, 'stop'), 200).details.phases.start).toMatchObject({ state: 'stopped', queued: 0 });
  const stopped = await waitFor(async () => {
    const { start: phase } = (await read(event.id)).details.phases;
    return Number(phase!.delivered) + Number(phase!.superseded) === SUBSCRIBED ? phase : undefined;
  }, { what: 'the last turns' });
  const got = Number(stopped.delivered);
  expect(got).toBeLessThan(SUBSCRIBED);
  expect(await sentBy(start)).toHaveLength(got);
  expectStatus(await step(event.id, 'end'), 200);
  const ended = await reaches(event.id, 'end', 'delivered', got);
  expect(ended.details.phases.end).toMatchObject({ audience: got });
  expect(new Set((await sentBy(end)).map(({ to }) => to))).toEqual(new Set((await sentBy(start)).map(({ to }) => to)));
});

test('the end of an event does not wait for a slow start: what of it has not gone out is dropped as stale', async () => {
  const [start, end] = [alert('Mail is down'), alert('Mail is back')];
  const event = await create(unplanned(start, end));
  await reachesAtLeast(event.id, 'accepted', 'sent', 'delivered');
  expectStatus(await step(event.id, 'end'), 200);
  const settled = await waitFor(async () => {
    const { start: first, end: last } = (await read(event.id)).details.phases;
    return last && Number(last.audience) > 0 && last.delivered === last.audience && Number(first!.delivered) + Number(first!.superseded) === SUBSCRIBED ? { first: first!, last } : undefined;
  }, { what: 'both phases', timeoutMs: 60_000 });
  expect(settled.first.state).toBe('superseded');
  expect(Number(settled.first.superseded)).toBeGreaterThan(0);
  expect(settled.last.audience).toBe(settled.first.delivered);
});

test('an update is told in between, once for a repeat, and each phase has its own counts', async () => {
  const [start, update] = [alert('Mail is down'), alert('Mail will be back at noon')];
  const event = await create(unplanned(start));
  await reaches(event.id, 'start', 'delivered', SUBSCRIBED);
  const key = { 'idempotency-key': `update-${event.id}` };
  const [once, twice] = [await operator.post(`/api/continuity-events/${event.id}/update`, { alert: update }, key), await operator.post(`/api/continuity-events/${event.id}/update`, { alert: update }, key)];
  expect([once.status, twice.status, twice.text]).toEqual([200, 200, once.text]);
  const told = await reaches(event.id, 'update-1', 'delivered', SUBSCRIBED);
  expect(Object.keys(told.details.phases)).toEqual(['start', 'update-1']);
  expect(await sentBy(update)).toHaveLength(SUBSCRIBED);
  await step(event.id, 'end');
});

test('a planned event is changed over the version that was seen, started early, and cancelled before', async () => {
  const first = await create(planned(alert('Mail will be down'), { startsAt: '2199-03-31T02:30', endsAt: '2199-03-31T05:00', timeZone: 'Europe/Berlin', name: 'The move' }));
  expect(first).toMatchObject({ step: 'planned', details: { name: 'The move', startsAt: '2199-03-31T01:30:00.000Z', endsAt: '2199-03-31T03:00:00.000Z', wallClock: { startsAt: '2199-03-31T03:30' }, version: 1 } });
  const put = (body: object): Promise<Answer<Event>> => operator.send('PUT', `/api/continuity-events/${first.id}`, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  expect(expectStatus<Event>(await put({ version: 1, startsAt: '2199-03-31T03:15' }), 200)).toMatchObject({ details: { startsAt: '2199-03-31T01:15:00.000Z', version: 2 } });
  expect(problemSlug(await put({ version: 1, name: 'Late' }), 409)).toBe('changed-meanwhile');
  expect(expectStatus<Event>(await step(first.id, 'cancel'), 200)).toMatchObject({ step: 'cancelled', actions: [], details: { phases: {} } });
  expect(problemSlug(await step(first.id, 'start'), 410)).toBe('flow-cancelled');

  const second = await create(planned(alert('Mail will be down')));
  expect(problemSlug(await step(second.id, 'end'), 409)).toBe('wrong-step');
  expect(expectStatus<Event>(await step(second.id, 'start'), 200)).toMatchObject({ step: 'active' });
  await step(second.id, 'stop');
  await step(second.id, 'end');
});

test('a planned event starts and ends when its time has come', async () => {
  const [start, end] = [alert('Mail is down'), alert('Mail is back')];
  const event = await create(planned(start, { startsAt: iso(1_500), endsAt: iso(12_000), alerts: { start, end } }));
  expect(event.step).toBe('planned');
  await reaches(event.id, 'start', 'delivered', SUBSCRIBED);
  await reaches(event.id, 'end', 'delivered', SUBSCRIBED);
  expect(await read(event.id)).toMatchObject({ step: 'ended' });
});

test('an event is followed as it goes, and the stream ends with its last notice', async () => {
  const event = await create(unplanned(alert('Mail is down')));
  const following = streamedFrom<Event>(operator, `/api/continuity-events/${event.id}/events`, () => false);
  await reaches(event.id, 'start', 'delivered', SUBSCRIBED);
  await step(event.id, 'end');
  const seen = await following;
  expect(seen.at(-1)).toMatchObject({ step: 'ended', details: { phases: { start: { delivered: SUBSCRIBED } } } });
  const delivered = seen.map(({ details }) => Number(details.phases.start?.delivered ?? 0));
  expect(delivered).toEqual([...delivered].sort((a, b) => a - b));
  expect(new Set(delivered).size).toBeGreaterThan(2);
});

test('deliveries are listed page by page, and by their state', async () => {
  const event = await create(unplanned(alert('Mail is down')));
  await reaches(event.id, 'start', 'delivered', SUBSCRIBED);
  interface Page { readonly items: readonly { readonly id: string; readonly number: string; readonly user: { readonly email: string } }[]; readonly next: string | null }
  const seen: string[] = [];
  for (let after = ''; ;) {
    const { items, next } = expectStatus<Page>(await operator.get(`/api/continuity-events/${event.id}/deliveries?phase=start&state=delivered&limit=200${after && `&after=${after}`}`), 200);
    seen.push(...items.map(({ number }) => number));
    if (next === null) break;
    after = next;
  }
  expect([seen.length, new Set(seen).size]).toEqual([SUBSCRIBED, SUBSCRIBED]);
  expect(expectStatus<Page>(await operator.get(`/api/continuity-events/${event.id}/deliveries?state=failed`), 200).items).toEqual([]);
  await step(event.id, 'end');
});

test('the preview says who gets it, who does not and why, how many segments that is and what they cost in the countries of its people', async () => {
  const preview = expectStatus<{ alerts: { start: { text: string } } }>(await operator.post('/api/continuity-events/preview', { account: ACCOUNT, groups: ['Everyone'], alerts: { start: 'Hello {{ name }} 🚨', end: 'Mail is back.' } }), 200);
  expect(preview).toMatchObject({ people: 500, recipients: SUBSCRIBED, without: [{ why: 'never-asked', count: 200 }], alerts: { start: { encoding: 'UCS-2', segments: 1 }, end: { encoding: 'GSM-7', segments: 1 } }, segments: 600, cost: 4.74, currency: 'EUR' });
  expect(preview.alerts.start.text).toMatch(/^Hello \w+/);
});

describe('refuses', () => {
  test.each([
    ['a group that the account does not have', planned('x', { groups: ['Nobody'] }), 400, 'invalid-request'],
    ['a field that is not known', planned('Hello {{ nme }}'), 400, 'invalid-request'],
    ['an empty alert', planned(' '), 400, 'invalid-request'],
    ['a planned event without an end', planned('x', { endsAt: null }), 400, 'invalid-request'],
    ['an end before the start', planned('x', { endsAt: iso(HOUR_MS / 2) }), 400, 'invalid-request'],
    ['a start that is past', planned('x', { startsAt: iso(-HOUR_MS) }), 400, 'invalid-request'],
    ['an account that is not there', planned('x', { account: 'NONE1A1' }), 404, 'not-found'],
    ['an account without SMS Services', planned('x', { account: 'CEU11A1' }), 409, 'sms-services-missing'],
  ])('%s', async (_what, body, status, slug) => {
    expect(problemSlug(await operator.post('/api/continuity-events', body), status)).toBe(slug);
  });
});

test('an account\'s groups are named to choose from, of no other account; the list of events says how many each has told', async () => {
  expect(expectStatus(await operator.get(`/api/continuity-events/groups?account=${ACCOUNT}`), 200)).toEqual([{ name: 'Everyone' }]);
  const foreign = await browserOfUser(instance(), http(), 'admin@lighthouse.example');
  expect(problemSlug(await foreign.get(`/api/continuity-events/groups?account=${ACCOUNT}`), 404)).toBe('not-found');
  const event = await create(unplanned(alert('Mail is down')));
  await reaches(event.id, 'start', 'delivered', SUBSCRIBED);
  const { items } = expectStatus<{ items: readonly { id: string; told: number }[] }>(await operator.get(`/api/continuity-events?account=${ACCOUNT}`), 200);
  expect(items.find(({ id }) => id === event.id)).toMatchObject({ told: SUBSCRIBED });
  await step(event.id, 'end');
});
