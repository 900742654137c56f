import { person } from '../../support/demo';
import { expectAlike, inTurns } from '../../support/timing';
import { startSignIn, take } from '../../support/sign-in';
import { useInstance } from '../../support/use-instance';

const PAIRS = 500;
const SLOW_PAIRS = 100;
const { http } = useInstance({ SIGN_INS_PER_ORIGIN_HOURLY: '5000', WRONG_PASSWORDS_PER_ORIGIN: '5000', STEADY_ANSWER_MS: '200' });

test('check 21: beginning to sign in takes the same time for a known and an unknown address', async () => {
  expectAlike('Beginning', await inTurns(PAIRS, async (email) => () => startSignIn(http(), email)));
}, 240_000);

test('check 21: a wrong password takes the same time', async () => {
  // Everybody is tried once: who is tried more often is told to wait.
  const known = (pair: number): string => (pair < 50 ? person(pair + 1) : person(pair - 49, 'harbour.example'));
  expectAlike('A wrong password', await inTurns(SLOW_PAIRS, async (email) => {
    const { id } = await startSignIn(http(), email);
    return () => take(http(), id, 'password', { authenticationType: 'cloud', password: 'Not-The-Right-1' });
  }, known));
}, 240_000);
