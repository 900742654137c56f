import { openDatabase } from '../../db/connection';
import { randomValueDigest } from '../../security/digests';
import type { Faults } from '../../dev/outside/faults';
import type { Part } from '../support/processes';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';
import { points, variants, WholeReset, type Point, type Variant } from './whole-reset';

/** Less than the switch "slow" waits. */
const { http, instance } = useInstance({ SMS_TIMEOUT_MS: '2000' });

const moments = ['while it is asked', 'at the first answer', 'after the last answer'] as const;
const kills = (['api', 'worker'] as const).flatMap((part) => moments.map((moment) => ({ part, moment })));

let [odd, even] = [1, 2];
/** Odd numbers have a phone. People come again after the last one, and not more often than they may ask in an hour. */
function nextReset(variant: Variant): WholeReset {
  const number = variant === 'code' ? odd : even;
  if (variant === 'code') odd = (odd + 2) % 50;
  else even = (even % 50) + 2;
  return new WholeReset(http, variant, number);
}

async function ask(asked: readonly { reset: WholeReset; point: Point }[], part: Part, moment: (typeof moments)[number]): Promise<void> {
  const sends = await Promise.all(asked.map(({ reset, point }) => reset.prepare(point)));
  const answers = sends.map((send) => send());
  if (moment === 'at the first answer') await Promise.any(answers);
  if (moment === 'after the last answer') await Promise.all(answers);
  await instance().kill(part, 'SIGKILL');
  await Promise.all(answers);
  await instance().ready();
}

test.each(kills)('check 61: $part killed $moment: resets of every variant, each at another point, end right, with one secret each', async ({ part, moment }) => {
  const asked = points.flatMap((point) => variants.map((variant) => ({ reset: nextReset(variant), point })));
  await Promise.all(asked.map(({ reset, point }) => reset.upTo(point)));
  await ask(asked, part, moment);
  const ends = await Promise.all(asked.map(async ({ reset, point }) => ({ what: `${reset.variant} at ${point}`, ...(await reset.finish(point)) })));
  // By e-mail the secret comes and the notice; by text the code, and the notice by e-mail.
  expect(ends).toEqual(asked.map(({ reset: { variant }, point }) => {
    const byText = variant === 'code';
    return { what: `${variant} at ${point}`, step: 'done', texts: byText ? 1 : 0, differentEmails: byText ? 1 : 2 };
  }));
});

test('checks 61 and 62: worker killed while the provider breaks, hangs and is slow: what was accepted is looked up, and each code comes once', async () => {
  const db = openDatabase({ DATABASE_URL: undefined, DATA_DIR: instance().dataDir });
  const fail = (faults: Partial<Faults>): Promise<unknown> => http().send('PUT', '/dev/phone/faults', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) });
  const codes = (flowIds: readonly string[]): Promise<{ state: string; why: string | null }[]> => db('messages').where({ purpose: 'reset-code' }).whereIn('flow_id', flowIds).select('state', 'why');
  const asked = (['slow', 'accept-500', 'hang'] as const).map((mode) => ({ mode, reset: nextReset('code') }));
  try {
    for (const { reset } of asked) await reset.upTo('method');
    const flowIds = asked.map(({ reset }) => randomValueDigest(reset.id));
    for (const { mode, reset } of asked) {
      // No report tells what became of a text: only the look-up can.
      await fail({ mode, reports: 'lost' });
      await (await reset.prepare('method'))();
      await waitFor(async () => (await reset.texts())[0], { what: `a text although the provider is "${mode}"`, everyMs: 20 });
    }
    await instance().kill('worker', 'SIGKILL');
    await fail({ mode: 'none' });
    await waitFor(
      async () => {
        expect(await codes(flowIds)).toEqual(asked.map(() => ({ state: 'accepted', why: 'found at the provider' })));
        return true;
      },
      { what: 'every text to be looked up', timeoutMs: 90_000 },
    );
    const ends = await Promise.all(asked.map(async ({ reset }) => {
      await (await reset.prepare('proof'))();
      return reset.finish('proof');
    }));
    expect(ends).toEqual(asked.map(() => ({ step: 'done', texts: 1, differentEmails: 1 })));
  } finally {
    await fail({ mode: 'none', reports: 'sent' });
    await db.destroy();
  }
});
