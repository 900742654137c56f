import { nobody, person } from '../support/demo';
import type { Flow } from '../support/http';
import { act, captchaAnswer } from '../support/journey';
import { useInstance } from '../support/use-instance';

const { http } = useInstance();
const RESETS = 48;
const AT_ONCE = 8;

/** One impatient person: everything as fast as the answers come, and given up in the end. */
async function giveUp(email: string): Promise<(string | number)[]> {
  const begun = await http().post<Flow>('/api/password-resets', { email, application: 'personal-portal' });
  const { id } = begun.body;
  const captcha = await act(http(), id, 'captcha', { answer: await captchaAnswer(http(), id) });
  const method = await act(http(), id, 'method', { method: 'email' });
  const cancel = await act(http(), id, 'cancel');
  return [begun.status, captcha.status, method.status, cancel.status, cancel.body.step];
}

test('many impatient people at once are all answered, and each reset ends as its person wants', async () => {
  for (let first = 0; first < RESETS; first += AT_ONCE) {
    const emails = Array.from({ length: AT_ONCE }, (_, index) => (index % 2 === 0 ? nobody() : person(((first + index) % 50) + 1)));
    const seen = await Promise.all(emails.map(giveUp));
    expect(seen).toEqual(emails.map(() => [201, 200, 200, 200, 'cancelled']));
  }
});
