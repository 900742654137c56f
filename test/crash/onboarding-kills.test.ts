import { randomUUID } from 'node:crypto';
import { firstBrokenAuditRecord } from '../../db/audit';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import { expectStatus, type Answer, type Flow, type Http } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { messagesTo } from '../support/messages';
import { partPid, type Part } from '../support/processes';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';
import { patiently } from './patient';

const LONGEST_MS = 400_000;

const { http, instance } = useInstance();
let operator: Http;
beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

interface Onboarding extends Flow {
  readonly details: { readonly tasks: readonly { readonly name: string; readonly state: string; readonly version: number; readonly draft: unknown }[] };
}

const details = (code: string) => ({ company: 'Beacon', contacts: [{ name: 'Ada', email: 'ada@beacon.example' }], timeZone: 'Europe/Berlin', notices: [`it@${code.toLowerCase()}.example`] });
const date = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const taskIn = (onboarding: Onboarding, name: string) => onboarding.details.tasks.find((task) => task.name === name)!;
const read = async (code: string): Promise<Onboarding> => expectStatus(await operator.get(`/api/onboardings/${code}`), 200);

/** Saves as a patient page does: the same again until it is answered. */
function save(path: string, body: unknown): Promise<Answer<Onboarding>> {
  return waitFor(async () => {
    const answer = await operator.send<Onboarding>('PUT', path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).catch(() => undefined);
    return answer && answer.status !== 503 ? answer : undefined;
  }, { what: `an answer to ${path}`, timeoutMs: 90_000, everyMs: 250 });
}

/** Asks, and kills a part meanwhile: one that was killed before is started again ever later, and first has to be there. */
async function killing<T>(part: Part, ask: () => Promise<T>): Promise<T> {
  await waitFor(() => instance().ready().then(() => partPid(instance().pid, part)), { what: `the ${part}`, timeoutMs: 60_000 });
  const [answer] = await Promise.all([ask(), instance().kill(part, 'SIGKILL')]);
  return answer;
}

/** The different e-mails to somebody: what is sent twice is the same one, with the same text. */
const differentMails = async (to: string): Promise<string[]> => [...new Set((await messagesTo(http(), to)).map(({ subject, text }) => `${subject}\n${text}`))].map((mail) => mail.split('\n')[0]!);

test.each(['worker', 'api'] as const)('checks 61 and 64: the %s killed while it is created, goes on and ends: an account is created once, nothing entered is lost, and each mail is one', async (part) => {
  const code = `KILL${part === 'worker' ? 1 : 2}`;
  const step = async (task: string, action: string, body: unknown = {}): Promise<Onboarding> => expectStatus(await patiently(operator, `/api/onboardings/${code}/tasks/${task}/${action}`, body, randomUUID()), 200);
  const account = { code, name: 'Beacon', region: 'eu', administrator: { email: `ada@${code.toLowerCase()}.example`, name: 'Ada' }, subscriptions: [] };
  const created = await killing(part, () => patiently(operator, '/api/accounts', account));
  expect([200, 201]).toContain(created.status);
  await waitFor(async () => (await differentMails(account.administrator.email))[0], { what: 'the welcome', timeoutMs: 60_000 });

  await step('details', 'start');
  expectStatus(await save(`/api/onboardings/${code}/tasks/details/draft`, { version: 0, draft: details(code) }), 200);
  expect(taskIn(await killing(part, () => step('details', 'submit', { version: 1 })), 'details')).toMatchObject({ state: 'completed', draft: details(code) });
  await step('domains', 'start');
  expectStatus(await save(`/api/onboardings/${code}/tasks/domains/draft`, { version: 0, draft: { domains: [`${code.toLowerCase()}.example`] } }), 200);
  await step('domains', 'submit', { version: 1 });
  await step('domains', 'check-now');
  expect(taskIn(await killing(part, () => step('domains', 'cancel')), 'domains').state).toBe('in-progress');

  expectStatus(await killing(part, () => save(`/api/onboardings/${code}/discontinuation`, { date: date(-2) })), 200);
  await waitFor(async () => ((await read(code)).step === 'discontinued' ? true : undefined), { what: 'the end', timeoutMs: 60_000 });
  await waitFor(async () => (await differentMails(`it@${code.toLowerCase()}.example`))[0], { what: 'the mail about it', timeoutMs: 60_000 });
  expectStatus(await killing(part, () => save(`/api/onboardings/${code}/discontinuation`, { date: date(60) })), 200);
  expect(taskIn(await step('domains', 'submit', { version: 1 }), 'domains')).toMatchObject({ state: 'validating', version: 1 });

  expect(await differentMails(account.administrator.email)).toEqual(['Postern: welcome to the Connect Application']);
  expect(await differentMails(`it@${code.toLowerCase()}.example`)).toEqual(['Postern: the Connect Application has ended']);
  await inDatabaseOf(instance(), async (db) => {
    const actions: string[] = await db('audit').where({ flow_id: connectOnboardingWorkflowId(code) }).orderBy('seq').pluck('action');
    for (const once of ['account.created', 'account.password-supplied', 'onboarding.task-completed', 'onboarding.discontinued', 'onboarding.reopened', 'onboarding.task-cancel']) expect([once, actions.filter((action) => action === once).length]).toEqual([once, 1]);
    expect(await firstBrokenAuditRecord(db)).toBeNull();
    expect(await db('users').where({ account_code: code })).toHaveLength(1);
  });
}, LONGEST_MS);
