import { readable } from '../support/histories';
import { recordedHistories } from '../support/recorded-histories';
import { countOf, expectChangeCaught, expectReplays, identitiesIn, inputOf, recordingCodec } from '../support/replaying';
import type { NumberCheckInput } from '../../workflows/number-check/messages';

const histories = recordedHistories('number-check');

test('check 67: every recorded history replays against the workflow as it is now', () => expectReplays(histories));

test('check 67: a change that checks in progress do not survive is caught, in every history', () => expectChangeCaught(histories));

test('check 67: both works are recorded with every ending they can have, and a name says which and how it ended', async () => {
  const ends = { completed: 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED', cancelled: 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED' } as const;
  const found = await Promise.all(histories.map(async (one) => {
    const { work } = await inputOf<NumberCheckInput>(one);
    const [ending] = Object.entries(ends).filter(([, type]) => countOf(one, type) === 1).map(([name]) => name);
    expect(one.name).toMatch(new RegExp(`^${ending}-(.*-)?${work === 'look' ? 'looking' : 'applying'}(-|$)`));
    return `${ending} ${work}`;
  }));
  expect([...new Set(found)].sort()).toEqual(['cancelled apply', 'cancelled look', 'completed apply', 'completed look']);
});

test('check 8: what is stored is encrypted, decoded it holds no value of anybody, and it names no machine', async () => {
  for (const { name, history, bytes } of histories) {
    expect([name, /checkId/.test((await readable(history)).join('\n'))]).toEqual([name, false]);
    const decoded = (await readable(history, recordingCodec)).join('\n');
    expect(decoded).toContain('checkId');
    for (const trace of [process.cwd(), '.example', '    at ']) expect([name, trace, decoded.includes(trace)]).toEqual([name, trace, false]);
    expect([name, /\+1\d{10}/.test(decoded)]).toEqual([name, false]);
    expect([name, ...identitiesIn({ name, history, bytes })].filter((identity) => identity !== 'history-service')).toEqual([name, 'postern-test']);
  }
});
