import { readable } from '../support/histories';
import { recordedHistories } from '../support/recorded-histories';
import { countOf, endingOf, expectChangeCaught, expectReplays, identitiesIn, inputOf, isPatched, recordingCodec } from '../support/replaying';
import type { BroadcastInput } from '../../workflows/broadcast/messages';

const events = recordedHistories('continuity-event');
const broadcasts = recordedHistories('broadcast');
const histories = [...events.map((one) => ({ ...one, name: `event ${one.name}` })), ...broadcasts.map((one) => ({ ...one, name: `broadcast ${one.name}` }))];

test('check 67: every recorded history replays against the workflows as they are now', () => expectReplays(histories));

test('check 67: a change that events and broadcasts in progress do not survive is caught, in every history', () => expectChangeCaught(histories));

test('check 67: events and broadcasts are recorded with every ending they can have, and a name says how it ended', () => {
  expect([...new Set(events.map(endingOf))].sort()).toEqual(['cancelled', 'ended']);
  for (const event of events) expect(event.name).toMatch(new RegExp(`^${String(endingOf(event))}-`));
  const ends = broadcasts.map((broadcast) => (countOf(broadcast, 'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW') > 0 ? 'continued' : endingOf<string>(broadcast)));
  expect([...new Set(ends)].sort()).toEqual(['continued', 'done', 'halted', 'stopped', 'superseded']);
  for (const [index, broadcast] of broadcasts.entries()) expect(broadcast.name).toMatch(new RegExp(`^${ends[index]}(-|$)`));
});

test('check 67: events are recorded with their notices counted, also while these go out, and as they were before', () => {
  const [counting, before] = [events.filter(isPatched), events.filter((event) => !isPatched(event))];
  for (const some of [counting, before]) expect([...new Set(some.map(endingOf))].sort()).toEqual(['cancelled', 'ended']);
  const held = counting.find(({ name }) => name === 'ended-after-quiet-hours')!;
  expect(countOf(held, 'EVENT_TYPE_TIMER_FIRED')).toBeGreaterThan(10);
});

test('check 67: a run goes on with ids and counters only', async () => {
  const later = broadcasts.find(({ name }) => name === 'done-by-a-later-run')!;
  const input = await inputOf<BroadcastInput>(later);
  expect(Object.keys(input).sort()).toEqual(['accountCode', 'continueAfterEvents', 'eventId', 'phase', 'progress', 'round']);
  expect(Object.values(input.progress!).every((value) => typeof value === 'number')).toBe(true);
});

test('check 8: what is stored is encrypted, decoded it names nobody and no number, and it names no machine', async () => {
  for (const { name, history } of histories) {
    expect([name, /accountCode|Mail is|"eventId"/.test((await readable(history)).join('\n'))]).toEqual([name, false]);
    const decoded = (await readable(history, recordingCodec)).join('\n');
    expect(decoded).toContain('accountCode');
    for (const trace of [process.cwd(), '.example', 'Person ', '    at ']) expect([name, trace, decoded.includes(trace)]).toEqual([name, trace, false]);
    expect([name, /\+1\d{10}/.test(decoded)]).toEqual([name, false]);
    expect([name, ...identitiesIn({ name, history, bytes: 0 })].filter((identity) => identity !== 'history-service')).toEqual([name, 'postern-test']);
  }
});
