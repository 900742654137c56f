import { expectStatus, type Flow, type Http } from '../support/http';
import { allMessages } from '../support/messages';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import { decodedHistories } from '../support/histories';
import { OnboardingPages } from '../support/onboarding-http';
import { demoPassword, enterPassword } from '../support/sign-in';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

const { http, instance } = useInstance();
let operator: Http;
beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

const read = async (code: string): Promise<Flow> => expectStatus(await operator.get(`/api/onboardings/${code}`), 200);

test('an instance begins with an account at the start, one in the middle and one near its date, and their workflows run', async () => {
  expect((await read('CEU44D4')).step).toBe('welcome');
  expect(await read('CEU55E5')).toMatchObject({ step: 'domains', details: { lastCompleted: 'domains', inProgress: ['outbound-mail'], next: 'users' } });
  expect(await read('CEU66F6')).toMatchObject({ step: 'details', details: { discontinuation: { extended: true } } });
  expect([4, 5]).toContain(((await read('CEU66F6')).details.discontinuation as { daysLeft: number }).daysLeft);
  const running = await waitFor(async () => {
    const ids = (await decodedHistories(instance())).map(({ workflowId }) => workflowId);
    return ids.length >= 3 ? ids : undefined;
  }, { what: 'the workflows of the demo accounts' });
  expect(running.sort()).toEqual(['CEU44D4', 'CEU55E5', 'CEU66F6'].map(connectOnboardingWorkflowId));
});

test('their administrators sign in with the password of everybody; nobody was sent anything', async () => {
  for (const code of ['ceu44d4', 'ceu55e5', 'ceu66f6']) expect((await enterPassword(http(), `admin@${code}.connect.postern.example`, demoPassword(instance()), 'connect')).step).toBe('enrol-phone');
  expect(await allMessages(http())).toEqual([]);
});

test('a task of one that is in the middle goes on', async () => {
  expectStatus(await operator.post('/api/onboardings/CEU55E5/tasks/users/start', {}), 200);
  expect((await read('CEU55E5')).details.inProgress).toEqual(['users', 'outbound-mail']);
  const pages = new OnboardingPages(operator, 'CEU55E5');
  const { upload } = expectStatus<{ upload: string }>(await pages.upload('email,name\nuser1@fairway.example,User 1\n'), 200);
  expect((await pages.completed('users', { source: 'csv', upload })).facts).toMatchObject({ done: { add: 1 } });
});
