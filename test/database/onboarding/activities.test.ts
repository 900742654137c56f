import { verify } from '@node-rs/argon2';
import { saveDraft } from '../../../api/connect-onboarding/drafts';
import { firstBrokenAuditRecord } from '../../../db/audit';
import { noticeRecipients } from '../../../db/accounts';
import { setApplicationLastDay, updateOnboarding } from '../../../db/onboardings';
import { findUser } from '../../../db/users';
import { addDays, dateAt, instantOf } from '../../../domain/onboarding/calendar';
import type { TaskName } from '../../../domain/onboarding/tasks';
import { eachDatabase } from '../../support/database';
import { OnboardingWorld } from '../../support/onboarding-world';
import { DAY_MS, HOUR_MS, ResetWorld } from '../../support/reset-world';
import { forms, found, notYet, wrong } from '../../support/scripted-checkers';

const ada = { id: 'ada', name: 'Ada' };

eachDatabase('what an onboarding does', (database) => {
  let world: OnboardingWorld;
  beforeEach(() => {
    world = new OnboardingWorld(database.db());
  });

  const start = (accountCode: string, task: TaskName) => world.activities.startTask({ accountCode, task, by: ada });
  const submit = (accountCode: string, task: TaskName, version: number) => world.activities.submitTask({ accountCode, task, version, by: ada });
  const validate = (accountCode: string, task: TaskName) => world.run(world.activities.validateTask, { accountCode, task });
  const correspond = (accountCode: string) => world.run(world.activities.correspond, { accountCode });
  const fill = (code: string, task: TaskName, version = 0) => saveDraft(world.api, code, task, { version, draft: forms[task] }, ada);
  const audited = (code: string): Promise<string[]> => world.db('audit').where({ account_code: code }).orderBy('seq').pluck('action');
  const purposes = (code: string): Promise<string[]> => world.db('messages').where({ account_code: code }).orderBy('created_at').pluck('purpose');

  async function detailsDone(): Promise<string> {
    const code = await world.account();
    await start(code, 'details');
    await fill(code, 'details');
    await submit(code, 'details', 1);
    return code;
  }
  async function submitted(task: 'domains' = 'domains'): Promise<string> {
    const code = await detailsDone();
    await start(code, task);
    await fill(code, task);
    await submit(code, task, 1);
    return code;
  }

  test('twice, as after a worker that was killed, is done once and answered the same', async () => {
    const code = await world.account();
    expect([await start(code, 'details'), await start(code, 'details')]).toMatchObject([{ state: 'in-progress' }, { state: 'in-progress' }]);
    await fill(code, 'details');
    const first = await submit(code, 'details', 1);
    expect(await submit(code, 'details', 1)).toMatchObject({ state: first.state, outcome: null });
    await start(code, 'domains');
    await fill(code, 'domains');
    expect([await submit(code, 'domains', 1), await submit(code, 'domains', 1)]).toMatchObject([{ state: 'validating' }, { state: 'validating' }]);
    expect([await validate(code, 'domains'), await validate(code, 'domains')]).toMatchObject([{ state: 'completed', undelivered: false }, { state: 'completed', undelivered: false }]);
    expect(world.scripted.domains.looks).toHaveLength(1);
    expect(world.subjects('notices@beacon.example')).toEqual(['Verifying Your Domains is completed']);
    expect(await audited(code)).toEqual(['onboarding.task-start', 'onboarding.task-submit', 'onboarding.task-completed', 'onboarding.task-start', 'onboarding.task-submit', 'onboarding.task-completed']);
    expect(await firstBrokenAuditRecord(world.db)).toBeNull();
  });

  test('confirming the details moves notices and clock to where the account said', async () => {
    const code = await world.account({ region: 'us' });
    expect([await noticeRecipients(world.db, code), (await world.onboarding(code)).row.time_zone]).toEqual([[`ada@${code.toLowerCase()}.example`], 'America/New_York']);
    await updateOnboarding(world.db, code, { last_day: '2031-04-01' });
    await start(code, 'details');
    await fill(code, 'details');
    expect(await submit(code, 'details', 1)).toMatchObject({ state: 'completed', ends: { lastDay: '2031-04-01', at: instantOf('2031-04-02', 0, 'Europe/Berlin') } });
    expect([await noticeRecipients(world.db, code), (await world.onboarding(code)).row.time_zone]).toEqual([['notices@beacon.example'], 'Europe/Berlin']);
  });

  test('check 64: a verdict stands or falls with its mail and its record', async () => {
    const code = await submitted();
    const before = [await world.task(code, 'domains'), await purposes(code), await audited(code)];
    const broken = new OnboardingWorld(database.db(), { clock: world.clock });
    broken.scripted.domains.complete = async () => {
      throw new Error('the directory cannot be written');
    };
    await expect(broken.run(broken.activities.validateTask, { accountCode: code, task: 'domains' })).rejects.toThrow('cannot be written');
    expect([await world.task(code, 'domains'), await purposes(code), await audited(code)]).toEqual(before);
    expect(await validate(code, 'domains')).toMatchObject({ state: 'completed' });
  });

  test('a look that ends after the validation was stopped, or submitted anew, changes nothing', async () => {
    const code = await submitted();
    world.scripted.domains.next(async () => {
      await world.activities.cancelTask({ accountCode: code, task: 'domains', by: ada });
      return found();
    });
    expect(await validate(code, 'domains')).toMatchObject({ state: 'in-progress' });
    world.clock.advance(1_000);
    await submit(code, 'domains', 1);
    world.scripted.domains.next(async () => {
      await world.activities.cancelTask({ accountCode: code, task: 'domains', by: ada });
      world.clock.advance(1_000);
      await submit(code, 'domains', 1);
      return wrong;
    });
    expect(await validate(code, 'domains')).toMatchObject({ state: 'validating' });
    expect(await world.task(code, 'domains')).toMatchObject({ state: 'validating', reason: null });
  });

  test('what is not there yet is written down for the page, with when it is looked for next', async () => {
    const code = await submitted();
    world.scripted.domains.next(notYet);
    world.clock.advance(HOUR_MS);
    await expect(validate(code, 'domains')).rejects.toMatchObject({ type: 'NotYet', nextRetryDelay: HOUR_MS / 4 });
    expect(await world.task(code, 'domains')).toMatchObject({ state: 'validating', reason: 'Nothing is there yet.', what_to_do: 'Add it.', checked_at: world.clock.read(), next_check_at: world.clock.read() + HOUR_MS / 4 });
  });

  test('what a mail server does not take now is sent by the correspondence later', async () => {
    const code = await submitted();
    world.email.faults.push('later');
    expect(await validate(code, 'domains')).toMatchObject({ state: 'completed', undelivered: true });
    await expect(correspond(code)).rejects.toMatchObject({ type: 'NotDue' });
    expect(world.email.taken.map(({ to }) => to).sort()).toEqual([`ada@${code.toLowerCase()}.example`, 'notices@beacon.example']);
  });

  test('an entry of a secret is used for its look and erased with the verdict', async () => {
    const code = await detailsDone();
    await world.db('onboarding_tasks').where({ account_code: code }).whereIn('task', ['domains', 'users']).update({ state: 'completed' });
    await start(code, 'authentication');
    await saveDraft(world.api, code, 'authentication', { version: 0, draft: { method: 'domain', testUser: 'ada@beacon.example', testPassword: 'Tide-Table-9' } }, ada);
    await submit(code, 'authentication', 1);
    world.scripted.authentication.next(wrong);
    await validate(code, 'authentication');
    expect(world.scripted.authentication.looks[0]).toMatchObject({ secrets: { testPassword: 'Tide-Table-9' } });
    expect(await world.task(code, 'authentication')).toMatchObject({ state: 'needs-attention', secrets: null });
  });

  test('the password of a directory is kept for another try, and erased once it was put to use', async () => {
    const code = await detailsDone();
    await world.db('onboarding_tasks').where({ account_code: code, task: 'domains' }).update({ state: 'completed' });
    await start(code, 'users');
    const draft = { source: 'directory', url: 'ldaps://directory.beacon.example', baseDn: 'dc=beacon', bindDn: 'cn=reader,dc=beacon', bindPassword: 'Tide-Table-9' };
    await saveDraft(world.api, code, 'users', { version: 0, draft }, ada);
    await submit(code, 'users', 1);
    world.scripted.users.next(wrong);
    await validate(code, 'users');
    expect((await world.task(code, 'users')).secrets).not.toBeNull();
    await submit(code, 'users', 1);
    await validate(code, 'users');
    expect(world.scripted.users.looks.map(({ secrets }) => secrets)).toEqual([{ bindPassword: 'Tide-Table-9' }, { bindPassword: 'Tide-Table-9' }]);
    expect(await world.task(code, 'users')).toMatchObject({ state: 'completed', secrets: null });
  });

  describe('correspondence', () => {
    test('sends what is due once, however often it looks, and nothing to an onboarding that is over', async () => {
      const code = await world.account();
      const lastDay = addDays(dateAt(world.clock.read(), 'Europe/Berlin'), 20);
      await updateOnboarding(world.db, code, { last_day: lastDay });
      await expect(correspond(code)).rejects.toMatchObject({ type: 'NotDue', nextRetryDelay: 2 * DAY_MS });
      world.clock.advance(instantOf(addDays(lastDay, -14), 9, 'Europe/Berlin') - world.clock.read());
      await Promise.allSettled([correspond(code), correspond(code), correspond(code)]);
      expect((await purposes(code)).filter((purpose) => purpose === 'connect-reminder')).toHaveLength(1);
      world.clock.advance(7 * DAY_MS);
      await updateOnboarding(world.db, code, { outcome: 'completed' });
      await correspond(code);
      expect((await purposes(code)).filter((purpose) => purpose === 'connect-reminder')).toHaveLength(1);
    });

    test('goes by the application\'s last day where the account has none of its own', async () => {
      const code = await world.account();
      const today = dateAt(world.clock.read(), 'Europe/Berlin');
      await setApplicationLastDay(world.db, 'connect', addDays(today, 1), 0);
      world.clock.advance(instantOf(today, 10, 'Europe/Berlin') - world.clock.read());
      await expect(correspond(code)).rejects.toMatchObject({ type: 'NotDue' });
      await setApplicationLastDay(world.db, 'connect', null, 0);
      expect(world.subjects(`ada@${code.toLowerCase()}.example`)).toContain('the Connect Application ends tomorrow');
    });

    test('check 66: announces the end of a supplied password a day before, unless it was changed', async () => {
      const [kept, changed] = [await world.account(), await world.account()];
      for (const code of [kept, changed]) await expect(correspond(code)).rejects.toMatchObject({ type: 'NotDue', nextRetryDelay: 2 * DAY_MS });
      await world.db('users').where({ account_code: changed }).update({ password_temporary: false, password_expires_at: null });
      world.clock.advance(2 * DAY_MS);
      for (const code of [kept, changed]) await expect(correspond(code)).rejects.toMatchObject({ type: 'NotDue' });
      expect([(await purposes(kept)).length, (await purposes(changed)).length]).toEqual([2, 1]);
    });

    test('check 41: another supplied password ends the one before, sent or not, and every session', async () => {
      const code = await world.account();
      const contact = `ada@${code.toLowerCase()}.example`;
      const [id] = await world.db('users').where({ account_code: code }).pluck('id');
      world.email.faults.push('later');
      await expect(correspond(code)).rejects.toMatchObject({ type: 'DeliverLater' });
      await updateOnboarding(world.db, code, { passwords_asked: 2 });
      await expect(correspond(code)).rejects.toMatchObject({ type: 'NotDue' });
      expect(world.subjects(contact)).toEqual(['your new way into the Connect Application']);
      expect(await verify((await findUser(world.db, id))!.password_hash!, world.email.temporaryPassword(contact))).toBe(true);
      expect(await world.db('messages').where({ account_code: code }).orderBy('round').select('state', 'sealed')).toEqual([{ state: 'superseded', sealed: null }, { state: 'accepted', sealed: null }]);
      await expect(correspond(code)).rejects.toMatchObject({ type: 'NotDue' });
      expect(world.subjects(contact)).toHaveLength(1);
    });

    test('a first administrator who forgot the password is reset by the mailbox that the welcome went to: the logon has none', async () => {
      const code = await world.account();
      const [contact, logon] = [`ada@${code.toLowerCase()}.example`, `ada@${code.toLowerCase()}.connect.postern.example`];
      const resets = new ResetWorld(world.db, { clock: world.clock });
      for (const variant of ['code', 'link'] as const) await resets.issue(await resets.flow(logon, variant));
      expect(resets.email.taken.map(({ to }) => to)).toEqual([contact, contact]);
      expect(resets.email.token(contact)).toHaveLength(43);
    });

    test('supplies nobody who is disabled', async () => {
      const code = await world.account();
      await world.db('users').where({ account_code: code }).update({ status: 'disabled' });
      await expect(correspond(code)).rejects.toMatchObject({ type: 'NotDue' });
      expect([await purposes(code), (await audited(code)).at(-1)]).toEqual([[], 'account.password-suppressed']);
    });
  });

  test('an end that came too early ends nothing; one that came in time stays what it was', async () => {
    const code = await world.account();
    const end = (outcome: 'discontinued' | 'cancelled') => world.activities.endOnboarding({ accountCode: code, outcome });
    const lastDay = addDays(dateAt(world.clock.read(), 'Europe/Berlin'), 3);
    await updateOnboarding(world.db, code, { last_day: lastDay });
    expect(await end('discontinued')).toEqual({ outcome: null, ends: { lastDay, at: instantOf(addDays(lastDay, 1), 0, 'Europe/Berlin') } });
    world.clock.advance(4 * DAY_MS);
    expect(await end('discontinued')).toEqual({ outcome: 'discontinued', mail: true });
    expect(await end('cancelled')).toEqual({ outcome: 'discontinued', mail: true });
    await world.run(world.activities.sendLast, { accountCode: code });
    expect(await end('cancelled')).toEqual({ outcome: 'discontinued', mail: false });
    expect(world.subjects(`ada@${code.toLowerCase()}.example`)).toEqual(['the Connect Application has ended']);
  });
});
