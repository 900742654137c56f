import type { Flow } from '../support/http';
import { act, askForSecret, solveCaptcha, startReset } from '../support/journey';
import { expectAlike, inTurns } from '../support/timing';
import { useInstance } from '../support/use-instance';

const PAIRS = 500;
const SLOW_PAIRS = 40;
const { http } = useInstance({ RESETS_PER_ORIGIN_HOURLY: '5000', STEADY_ANSWER_MS: '200' });

test('check 21: beginning a reset takes the same time for a known and an unknown address', async () => {
  expectAlike('Beginning', await inTurns(PAIRS, async (email) => () => startReset(http(), email)));
}, 240_000);

test('check 21: asking for the code takes the same time', async () => {
  expectAlike('Asking', await inTurns(SLOW_PAIRS, async (email) => {
    const { id } = await startReset(http(), email);
    await solveCaptcha(http(), id);
    return () => act(http(), id, 'method', { method: 'sms' });
  }));
}, 240_000);

test('check 21: a wrong code takes the same time', async () => {
  expectAlike('A wrong code', await inTurns(SLOW_PAIRS, async (email) => {
    const flow: Flow = await askForSecret(http(), email, 'sms');
    return () => act(http(), flow.id, 'code', { code: '000000' });
  }));
}, 240_000);
