import { mobile, person } from '../support/demo';
import { problemSlug } from '../support/http';
import { streamed } from '../support/events';
import { act, proveBySms, savePassword, solveCaptcha, startReset } from '../support/journey';
import { useInstance } from '../support/use-instance';

const { http } = useInstance();

test('the stream begins with the flow as it is and follows its steps to the end', async () => {
  const { id } = await startReset(http(), person(2));
  const take: Readonly<Record<string, () => Promise<unknown>>> = {
    captcha: () => solveCaptcha(http(), id),
    'choose-method': () => act(http(), id, 'method', { method: 'email' }),
    'follow-link': () => act(http(), id, 'cancel'),
  };
  // Each step is taken when the stream has shown the one before.
  const taken = new Map<string, Promise<unknown>>();
  await streamed(http(), id, ({ step }) => {
    if (!taken.has(step)) taken.set(step, take[step]?.() ?? Promise.resolve());
    return false;
  });
  await Promise.all(taken.values());
  expect([...taken.keys()]).toEqual(['captcha', 'choose-method', 'follow-link', 'cancelled']);
});

test('the stream of a finished flow says so and ends', async () => {
  const { proven } = await proveBySms(http(), person(1), mobile(1));
  await savePassword(http(), proven.id);
  expect((await streamed(http(), proven.id, () => false)).map(({ step }) => step)).toEqual(['done']);
});

test('the stream of an unknown flow is a problem', async () => {
  expect(problemSlug(await http().get('/api/password-resets/unknown/events'), 404)).toBe('flow-not-found');
});
