import { verify } from '@node-rs/argon2';
import type { Knex } from 'knex';
import { createAccount } from '../../../api/connect-onboarding/accounts';
import { saveDraft } from '../../../api/connect-onboarding/drafts';
import { onboardingEnvelope } from '../../../api/connect-onboarding/view';
import { firstBrokenAuditRecord } from '../../../db/audit';
import { openDatabase } from '../../../db/connection';
import { openSecrets } from '../../../db/onboarding-secrets';
import { draftOf, updateOnboarding } from '../../../db/onboardings';
import { findUser } from '../../../db/users';
import type { TaskName } from '../../../domain/onboarding/tasks';
import { eachDatabase } from '../../support/database';
import { newAccount, OnboardingWorld } from '../../support/onboarding-world';
import { HOUR_MS } from '../../support/reset-world';

const PROCESSES = 4;
const ada = { id: 'ada', name: 'Ada' };
const ben = { id: 'ben', name: 'Ben' };

eachDatabase('what administrators enter', (database) => {
  let world: OnboardingWorld;
  const pools: Knex[] = [];
  beforeAll(() => {
    world = new OnboardingWorld(database.db());
    for (let process = 0; process < PROCESSES; process += 1) pools.push(openDatabase(database.settings()));
  });
  afterAll(() => Promise.all(pools.map((pool) => pool.destroy())));

  const save = (code: string, task: TaskName, version: number, draft: Readonly<Record<string, unknown>>, actor = ada, db = world.db) => saveDraft({ ...world.api, db }, code, task, { version, draft }, actor);

  /** An account at whose task somebody works. */
  async function at(task: TaskName): Promise<string> {
    const code = await world.account();
    await world.db('onboarding_tasks').where({ account_code: code, task }).update({ state: 'in-progress' });
    return code;
  }

  test('at once, in several processes, is saved of one of them; every other one is told who it was, and when', async () => {
    const code = await at('details');
    world.clock.advance(1_000);
    const answers = await Promise.allSettled(Array.from({ length: 16 }, (_, index) => save(code, 'details', 0, { company: `Company ${index}` }, { id: `${index}`, name: `Administrator ${index}` }, pools[index % PROCESSES])));
    const winner = answers.findIndex(({ status }) => status === 'fulfilled');
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const row = await world.task(code, 'details');
    expect([draftOf(row), row.version, row.updated_by]).toEqual([{ company: `Company ${winner}` }, 1, `Administrator ${winner}`]);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ slug: 'changed-meanwhile', extra: { changedBy: `Administrator ${winner}`, changedAt: new Date(world.clock.read()).toISOString(), version: 1 } });
    }
  });

  test('saved one after the other replaces only what was seen', async () => {
    const code = await at('details');
    await save(code, 'details', 0, { company: 'One' });
    await expect(save(code, 'details', 0, { company: 'Two' }, ben)).rejects.toMatchObject({ slug: 'changed-meanwhile', detail: expect.stringContaining('Ada changed this') });
    await save(code, 'details', 1, { company: 'Two' }, ben);
    expect(draftOf(await world.task(code, 'details'))).toEqual({ company: 'Two' });
  });

  test('again after a lost answer is no conflict with oneself', async () => {
    const code = await at('details');
    await save(code, 'details', 0, { company: 'One' });
    await save(code, 'details', 0, { company: 'One' });
    expect((await world.task(code, 'details')).version).toBe(1);
    await expect(save(code, 'details', 0, { company: 'One' }, ben)).rejects.toMatchObject({ slug: 'changed-meanwhile' });
  });

  test('is kept at any state of completeness, but only fields that the task has, and only while it is being worked on', async () => {
    const code = await at('domains');
    await save(code, 'domains', 0, { domains: ['not a domain', ''] });
    await expect(save(code, 'domains', 1, { hosts: [] })).rejects.toMatchObject({ slug: 'invalid-request' });
    for (const state of ['not-started', 'validating', 'completed'] as const) {
      await world.db('onboarding_tasks').where({ account_code: code, task: 'domains' }).update({ state });
      await expect(save(code, 'domains', 1, { domains: [] })).rejects.toMatchObject({ slug: 'wrong-step' });
    }
    await updateOnboarding(world.db, code, { outcome: 'discontinued' });
    await expect(save(code, 'domains', 1, { domains: [] })).rejects.toMatchObject({ slug: 'flow-discontinued' });
    expect(draftOf(await world.task(code, 'domains'))).toEqual({ domains: ['not a domain', ''] });
  });

  test('counts as work, and shows that the onboarding has begun', async () => {
    const code = await at('domains');
    const { row: before } = await world.onboarding(code);
    world.clock.advance(HOUR_MS);
    await save(code, 'domains', 0, { domains: [] });
    const { row: after } = await world.onboarding(code);
    expect([Boolean(before.begun), Boolean(after.begun)]).toEqual([false, true]);
    expect(after).toMatchObject({ work_count: before.work_count + 1, last_work_at: world.clock.read() });
  });

  test('check 8: a password among it is sealed, never shown, replaced, kept or removed', async () => {
    const code = await at('users');
    const secret = 'Harbour-Light-77';
    const inRow = async (): Promise<Readonly<Record<string, string>>> => openSecrets(world.api.keys, await world.task(code, 'users'));
    await save(code, 'users', 0, { source: 'directory', bindPassword: secret });
    expect(await inRow()).toEqual({ bindPassword: secret });
    const row = await world.task(code, 'users');
    expect(JSON.stringify(row)).not.toContain(secret);
    const envelope = JSON.stringify(await onboardingEnvelope(world.api, await world.onboarding(code), world.clock.read()));
    expect(envelope).not.toContain(secret);
    expect(envelope).toContain('"secretsGiven":["bindPassword"]');
    await save(code, 'users', 1, { source: 'directory', baseDn: 'dc=beacon' });
    expect(await inRow()).toEqual({ bindPassword: secret });
    await save(code, 'users', 2, { source: 'directory', bindPassword: 'another' });
    expect(await inRow()).toEqual({ bindPassword: 'another' });
    await save(code, 'users', 3, { source: 'directory', bindPassword: '' });
    expect(await inRow()).toEqual({});
  });
});

eachDatabase('an account', (database) => {
  let world: OnboardingWorld;
  const pools: Knex[] = [];
  const started: string[] = [];
  /** An engine that notes what it is asked to start. */
  const temporal = {
    connection: { withDeadline: <T>(_deadline: number, call: () => Promise<T>) => call() },
    workflow: { start: async (_name: string, { workflowId }: { workflowId: string }) => void started.push(workflowId) },
  };
  beforeAll(() => {
    world = new OnboardingWorld(database.db(), { temporal: temporal as never });
    for (let process = 0; process < PROCESSES; process += 1) pools.push(openDatabase(database.settings()));
  });
  afterAll(() => Promise.all(pools.map((pool) => pool.destroy())));

  const operator = { id: 'operator', name: 'an operator' };

  test('asked for eight times at once is created once, with all that belongs to it', async () => {
    const account = newAccount();
    const created = await Promise.all(Array.from({ length: 8 }, (_, index) => createAccount({ ...world.api, db: pools[index % PROCESSES]! }, account, operator)));
    expect(created.filter(Boolean)).toHaveLength(1);
    const count = async (table: string, column = 'account_code'): Promise<number> => (await world.db(table).where({ [column]: account.code })).length;
    expect(await Promise.all([count('accounts', 'code'), count('users'), count('authentication_profiles'), count('domains'), count('onboardings'), count('onboarding_tasks')])).toEqual([1, 1, 1, 1, 1, 8]);
    expect(started).toContain(`connect-onboarding-${account.code}`);
    expect(await world.db('audit').where({ account_code: account.code, action: 'account.created' })).toHaveLength(1);
    expect(await firstBrokenAuditRecord(world.db)).toBeNull();
  });

  test('with another content under the same code is refused, and nothing of it stays', async () => {
    const account = newAccount();
    await createAccount(world.api, account, operator);
    for (const other of [{ name: 'Another' }, { region: 'us' as const }, { subscriptions: [] }, { administrator: { email: 'eve@other.example', name: 'Ada' } }]) {
      await expect(createAccount(world.api, { ...account, ...other }, operator)).rejects.toMatchObject({ slug: 'already-exists' });
    }
    expect(await world.db('users').where({ account_code: account.code }).pluck('email')).toEqual([`ada@${account.code.toLowerCase()}.connect.postern.example`]);
  });

  test('check 41 and 43: gets a password that only its mail holds, that ends, and that opens nothing before it is made', async () => {
    const code = await world.account();
    const [administrator] = await world.db('users').where({ account_code: code }).pluck('id');
    expect(await findUser(world.db, administrator)).toMatchObject({ password_hash: null, email: `ada@${code.toLowerCase()}.connect.postern.example`, contact_address: `ada@${code.toLowerCase()}.example` });
    await expect(world.run(world.activities.correspond, { accountCode: code })).rejects.toMatchObject({ type: 'NotDue' });
    const password = world.email.temporaryPassword(`ada@${code.toLowerCase()}.example`);
    const user = (await findUser(world.db, administrator))!;
    expect(await verify(user.password_hash!, password)).toBe(true);
    expect([Boolean(user.password_temporary), user.password_expires_at]).toEqual([true, world.clock.read() + 72 * HOUR_MS]);
    const tables = ['users', 'messages', 'audit', 'onboardings', 'onboarding_tasks'];
    for (const table of tables) expect([table, JSON.stringify(await world.db(table))]).toEqual([table, expect.not.stringContaining(password)]);
  });
});
