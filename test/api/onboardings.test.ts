import { taskNames } from '../../domain/onboarding/tasks';
import { streamedFrom } from '../support/events';
import { expectStatus, problemSlug, type Answer, type Flow, type Http } from '../support/http';
import { messagesTo, waitForMessage } from '../support/messages';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

const { http, instance } = useInstance();
let operator: Http;
beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

interface Onboarding extends Flow {
  readonly details: {
    readonly tasks: readonly { readonly name: string; readonly state: string; readonly version: number; readonly draft: unknown; readonly reason: string | null; readonly updatedBy: string | null; readonly secretsGiven: readonly string[] }[];
    readonly lastCompleted: string | null; readonly inProgress: readonly string[]; readonly next: string | null; readonly discontinuation: { readonly date: string; readonly daysLeft: number } | null;
  };
}
interface NewAccount {
  readonly holdingDomain: string;
  readonly administrator: { readonly email: string };
  readonly onboarding: Onboarding;
}

const details = { company: 'Beacon', contacts: [{ name: 'Ada', email: 'ada@pilot.example' }], timeZone: 'Europe/Berlin', notices: ['it@pilot.example'] };
let numbers = 0;

function accountBody(more: Readonly<Record<string, unknown>> = {}) {
  numbers += 1;
  const code = `API${numbers}A`;
  return { code, name: 'Beacon', region: 'eu', administrator: { email: `ada@${code.toLowerCase()}.example`, name: 'Ada' }, subscriptions: ['SMS Services'], ...more };
}

async function create(more: Readonly<Record<string, unknown>> = {}): Promise<{ code: string; contact: string; created: NewAccount }> {
  const body = accountBody(more);
  return { code: body.code, contact: body.administrator.email, created: expectStatus(await operator.post('/api/accounts', body), 201) };
}

const read = async (code: string): Promise<Onboarding> => expectStatus(await operator.get(`/api/onboardings/${code}`), 200);
const step = (code: string, task: string, action: string, body: unknown = {}): Promise<Answer<Onboarding>> => operator.post(`/api/onboardings/${code}/tasks/${task}/${action}`, body);
const put = (path: string, body: unknown): Promise<Answer<Onboarding>> => operator.send('PUT', path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const save = (code: string, task: string, version: number, draft: unknown): Promise<Answer<Onboarding>> => put(`/api/onboardings/${code}/tasks/${task}/draft`, { version, draft });
const taskIn = (onboarding: Onboarding, name: string) => onboarding.details.tasks.find((task) => task.name === name)!;

async function confirmDetails(code: string): Promise<Onboarding> {
  expectStatus(await step(code, 'details', 'start'), 200);
  const { version } = taskIn(expectStatus<Onboarding>(await save(code, 'details', 0, details), 200), 'details');
  return expectStatus(await step(code, 'details', 'submit', { version }), 200);
}

describe('creating an account', () => {
  test('welcomes its administrator with one e-mail: the dedicated address, logon and password', async () => {
    const { code, contact, created } = await create();
    expect(created).toMatchObject({ holdingDomain: `${code.toLowerCase()}.connect.postern.example`, administrator: { email: `ada@${code.toLowerCase()}.connect.postern.example` } });
    expect(created.onboarding).toMatchObject({ id: code, kind: 'connect-onboarding', step: 'welcome', actions: [{ name: 'start', task: 'details' }] });
    expect(created.onboarding.details.tasks.map(({ name }) => name)).toEqual(taskNames);
    const { text } = await waitForMessage(http(), contact);
    const lines = text.split('\n');
    expect(lines).toContain(`Logon: ada@${code.toLowerCase()}.connect.postern.example`);
    expect(lines.filter((line) => /password.*:/i.test(line))).toEqual([expect.stringMatching(/^Password: \S{18}$/)]);
    expect(text).toContain(`${instance().url}/connect`);
    expect(await messagesTo(http(), contact)).toHaveLength(1);
  });

  test('again with the same code or key creates nothing twice; another account with the code is refused', async () => {
    const body = accountBody();
    const key = { 'idempotency-key': `key-${body.code}` };
    const [once, twice] = [await operator.post('/api/accounts', body, key), await operator.post('/api/accounts', body, key)];
    expect([once.status, twice.status, twice.text]).toEqual([201, 201, once.text]);
    const again = await Promise.all(Array.from({ length: 4 }, () => operator.post<NewAccount>('/api/accounts', body)));
    expect(again.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(problemSlug(await operator.post('/api/accounts', { ...body, name: 'Another' }), 409)).toBe('already-exists');
    await waitForMessage(http(), body.administrator.email);
    expect(await messagesTo(http(), body.administrator.email)).toHaveLength(1);
  });

  test.each([['abc1'], ['ABC'], ['ABCDEFGHIJKLM'], ['AB-12']])('refuses the code %s, and a region that is none', async (code) => {
    expect(problemSlug(await operator.post('/api/accounts', accountBody({ code })), 400)).toBe('invalid-request');
    expect(problemSlug(await operator.post('/api/accounts', accountBody({ region: 'mars' })), 400)).toBe('invalid-request');
  });

  test('supplies another password when asked, and the first one ends', async () => {
    const { code, contact } = await create();
    await waitForMessage(http(), contact);
    expectStatus(await operator.post(`/api/accounts/${code}/administrator-password`, {}), 202);
    const second = await waitFor(async () => ((await messagesTo(http(), contact)).length === 2 ? (await messagesTo(http(), contact))[0] : undefined), { what: 'the second password' });
    expect(second.subject).toMatch(/your new way into/);
    expect(new Set((await messagesTo(http(), contact)).map(({ text }) => /^Password: (\S+)$/m.exec(text)![1])).size).toBe(2);
  });
});

describe('a task', () => {
  test('goes from start over the draft to completed, and the page follows', async () => {
    const { code } = await create();
    expect(expectStatus<Onboarding>(await step(code, 'details', 'start'), 200)).toMatchObject({ step: 'details', details: { inProgress: ['details'] } });
    expect(problemSlug(await step(code, 'details', 'submit', { version: 0 }), 422)).toBe('task-incomplete');
    const saved = expectStatus<Onboarding>(await save(code, 'details', 0, { company: 'Bea' }), 200);
    expect(taskIn(saved, 'details')).toMatchObject({ version: 1, draft: { company: 'Bea' }, updatedBy: 'an operator' });
    expectStatus(await save(code, 'details', 1, details), 200);
    const submitted = expectStatus<Onboarding>(await step(code, 'details', 'submit', { version: 2 }), 200);
    expect(submitted).toMatchObject({ step: 'details', details: { lastCompleted: 'details', next: 'domains' } });
    expect(taskIn(submitted, 'details').state).toBe('completed');
    expect((await read(code)).actions).toEqual(submitted.actions);
  });

  test('check 60: is refused out of order, and nothing changes', async () => {
    const { code } = await create();
    const before = await read(code);
    for (const action of ['submit', 'check-now', 'cancel', 'reopen']) expect(problemSlug(await step(code, 'details', action, action === 'submit' ? { version: 0 } : {}), 409)).toBe('wrong-step');
    const early = await step(code, 'domains', 'start');
    expect([problemSlug(early, 409), early.text]).toEqual(['wrong-step', expect.stringContaining('Complete first: Confirming Your Details.')]);
    expect(problemSlug(await save(code, 'domains', 0, {}), 409)).toBe('wrong-step');
    expect(problemSlug(await step(code, 'nothing', 'start'), 404)).toBe('not-found');
    expect(await read(code)).toEqual(before);
  });

  test('of two who save over the same version the second one is told who was first, and when', async () => {
    const { code } = await create();
    expectStatus(await step(code, 'details', 'start'), 200);
    const answers = await Promise.all(['One', 'Two', 'Three'].map((company) => save(code, 'details', 0, { company })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const told = answers.find(({ status }) => status === 409)!;
    expect(problemSlug(told, 409)).toBe('changed-meanwhile');
    expect(told.body).toMatchObject({ changedBy: 'an operator', changedAt: expect.stringMatching(/Z$/), version: 1 });
    expect(problemSlug(await step(code, 'details', 'submit', { version: 0 }), 409)).toBe('changed-meanwhile');
    const kept = taskIn(await read(code), 'details');
    expect(kept.draft).toEqual(JSON.parse(JSON.stringify(taskIn(answers.find(({ status }) => status === 200)!.body, 'details').draft)));
  });

  test('is validated beside, looked at again on request, stopped, and goes on', async () => {
    const { code } = await create();
    await confirmDetails(code);
    expectStatus(await step(code, 'domains', 'start'), 200);
    expectStatus(await save(code, 'domains', 0, { domains: ['pilot.example'] }), 200);
    const validating = expectStatus<Onboarding>(await step(code, 'domains', 'submit', { version: 1 }), 200);
    expect(taskIn(validating, 'domains').state).toBe('validating');
    await waitFor(async () => taskIn(await read(code), 'domains').reason ?? undefined, { what: 'what the first look found' });
    expectStatus(await step(code, 'domains', 'check-now'), 200);
    expect(problemSlug(await save(code, 'domains', 1, { domains: [] }), 409)).toBe('wrong-step');
    expect(taskIn(expectStatus<Onboarding>(await step(code, 'domains', 'cancel'), 200), 'domains')).toMatchObject({ state: 'in-progress', draft: { domains: ['pilot.example'] }, reason: null });
    const reopened = expectStatus<Onboarding>(await step(code, 'details', 'reopen'), 200);
    expect(reopened.details.inProgress).toEqual(['details', 'domains']);
  });

  test('never shows a password that was entered for it again', async () => {
    const { code } = await create();
    await confirmDetails(code);
    // A field that the task does not have is refused, and so is any that only another task keeps secret.
    expectStatus(await step(code, 'domains', 'start'), 200);
    const refused = await save(code, 'domains', 0, { domains: [], bindPassword: 'a secret' });
    expect([problemSlug(refused, 400), refused.text]).toEqual(['invalid-request', expect.not.stringContaining('a secret')]);
  });
});

describe('whoever follows an onboarding', () => {
  test('sees what another one does', async () => {
    const { code } = await create();
    const seen = streamedFrom<Onboarding>(operator, `/api/onboardings/${code}/events`, (flow) => taskIn(flow, 'details').state === 'completed');
    await confirmDetails(code);
    const states = (await seen).map((flow) => taskIn(flow, 'details').state);
    expect([states[0], states.at(-1)]).toEqual(['not-started', 'completed']);
  });

  test('must be known: nothing is told to who is not', async () => {
    const { code } = await create();
    for (const path of ['', `/${code}`, `/${code}/events`]) expect(problemSlug(await http().get(`/api/onboardings${path}`), 401)).toBe('unauthenticated');
    expect(problemSlug(await http().post(`/api/onboardings/${code}/tasks/details/start`, {}), 401)).toBe('unauthenticated');
    expect(problemSlug(await http().post('/api/accounts', accountBody()), 401)).toBe('unauthenticated');
    expect(problemSlug(await operator.get('/api/onboardings/NOBODY1'), 404)).toBe('not-found');
  });
});

describe('the last day', () => {
  test('of one account is told in days left, ends the onboarding, and set anew goes on where it stopped', async () => {
    const { code } = await create();
    await confirmDetails(code);
    const date = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const set = (day: string | null): Promise<Answer<Onboarding>> => put(`/api/onboardings/${code}/discontinuation`, { date: day });
    const shown = expectStatus<Onboarding>(await set(date(20)), 200).details.discontinuation;
    expect(shown).toMatchObject({ date: date(20), extended: true });
    expect([19, 20, 21]).toContain(shown!.daysLeft);
    expectStatus(await set(date(-2)), 200);
    await waitFor(async () => ((await read(code)).step === 'discontinued' ? true : undefined), { what: 'the end' });
    expect(await read(code)).toMatchObject({ actions: [], expiresAt: null });
    expect(problemSlug(await step(code, 'domains', 'start'), 410)).toBe('flow-discontinued');
    expect((await waitForMessage(http(), 'it@pilot.example', ({ subject }) => /has ended/.test(subject ?? ''))).text).toContain('Nothing you entered is lost');
    const again = expectStatus<Onboarding>(await set(date(30)), 200);
    expect(again).toMatchObject({ step: 'details', details: { lastCompleted: 'details' } });
    expect(taskIn(again, 'details').draft).toEqual(details);
    expectStatus(await step(code, 'domains', 'start'), 200);
  });

  test('is a date or null', async () => {
    expect(problemSlug(await put('/api/applications/connect/discontinuation', { date: '2024-02-30' }), 400)).toBe('invalid-request');
    expect(expectStatus(await operator.get('/api/applications/connect/discontinuation'), 200)).toEqual({ application: 'connect', date: null });
  });
});

test('operators list onboardings by pages, filter them, and see how many wait for what', async () => {
  const created = [await create({ region: 'us' }), await create({ region: 'us' }), await create({ region: 'us' })];
  interface List { items: { account: string; region: string; next: string; stalled: boolean }[]; next: string | null; counts: { open: number; tasks: { task: string; administrator: number }[] } }
  const list = async (query: string): Promise<List> => expectStatus(await operator.get(`/api/onboardings?${query}`), 200);
  const first = await list('region=us&limit=2');
  const second = await list(`region=us&limit=2&after=${first.next}`);
  expect([...first.items, ...second.items].map(({ account }) => account)).toEqual(created.map(({ code }) => code));
  expect(second.next).toBeNull();
  const some = await list(`account=${created[1]!.code}`);
  expect(some.items).toMatchObject([{ account: created[1]!.code, next: 'details', stalled: false }]);
  expect(some.counts.tasks.find(({ task }) => task === 'details')!.administrator).toBeGreaterThanOrEqual(3);
  expect((await list('stalled=true')).items).toEqual([]);
  for (const wrong of ['limit=0', 'limit=1000', 'next=nothing', 'after=xx', 'stalled=maybe']) expect(problemSlug(await operator.get(`/api/onboardings?${wrong}`), 400)).toBe('invalid-request');
});
