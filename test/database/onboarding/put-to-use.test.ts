import type { Knex } from 'knex';
import { createCheckers } from '../../../activities/checks';
import type { CheckInput, CheckResult } from '../../../activities/checks/checker';
import { createChecks, type Checks } from '../../../activities/checks/network';
import { findAccount, setAuthentication, verifiedDomains } from '../../../db/accounts';
import { inTransaction } from '../../../db/connection';
import { findDirectory } from '../../../db/directories';
import { DomainTaken, mailDomains } from '../../../db/domains';
import { saveUpload } from '../../../db/import-uploads';
import { forms, type TaskForm } from '../../../domain/onboarding/forms';
import type { TaskName } from '../../../domain/onboarding/tasks';
import { ImportReading } from '../../../imports/staging';
import { createUser, usersOf } from '../../support/accounts';
import { eachDatabase } from '../../support/database';
import { testClient } from '../../support/directory';
import { testKeys } from '../../support/keys';
import { OnboardingWorld } from '../../support/onboarding-world';
import { CONNECT_DOMAIN } from '../../support/scripted-checkers';

const keys = testKeys('main');
const holding = (code: string): string => `${code.toLowerCase()}.${CONNECT_DOMAIN}`;

eachDatabase('what was validated is put to use', (database) => {
  let world: OnboardingWorld;
  let submissions = 0;
  beforeAll(() => {
    world = new OnboardingWorld(database.db());
  });

  /** The checks of tasks; what they would ask of others is said by the test. */
  function checkersWith(said: Partial<Checks>) {
    const settings = {
      ALLOW_PRIVATE_TARGETS: [], DIRECTORY_TIMEOUT_MS: 100, DNS_SERVERS: ['127.0.0.1:1'], DNS_TIMEOUT_MS: 100, MAIL_HOST_TIMEOUT_MS: 100, MX_HOSTS: [], PUBLIC_URL: 'http://127.0.0.1', SPF_INCLUDE: 'spf.postern.example',
    };
    const checks = { ...createChecks({ settings, db: world.db, keys, clock: world.clock.read }), mailExchangers: async () => ({}), ...said };
    return createCheckers({ checks, keys, clock: world.clock.read, connectDomain: CONNECT_DOMAIN });
  }

  async function input<Name extends TaskName>(code: string, task: Name, draft: object, secrets: Readonly<Record<string, string>> = {}): Promise<CheckInput<Name>> {
    submissions += 1;
    const content = forms[task].parse(draft) as TaskForm<Name>;
    return { account: (await findAccount(world.db, code))!, states: {}, content, secrets, submission: `${code}/${submissions}`, db: world.db, signal: new AbortController().signal };
  }

  const found = (result: CheckResult) => (result.result === 'ok' ? result.facts : {});

  async function verify(code: string, domains: readonly string[], mx: Readonly<Record<string, readonly string[]>> = {}): Promise<unknown> {
    const checker = checkersWith({ domains: async () => ({ result: 'ok', facts: { verified: domains } }), mailExchangers: async () => mx }).domains;
    const given = await input(code, 'domains', { domains });
    const result = await checker.check(given);
    if (result.result !== 'ok') return result;
    return inTransaction(world.db, (tx) => checker.complete!(tx, given, result.facts));
  }

  describe('domains', () => {
    test('become the account\'s own, with where their mail went at first', async () => {
      const code = await world.account();
      const [one, two] = [`one.${code.toLowerCase()}.example`, `two.${code.toLowerCase()}.example`];
      expect(await verify(code, [one, two], { [one]: ['old.example'] })).toEqual({ verified: [one, two] });
      expect(await verifiedDomains(world.db, code)).toEqual([holding(code), one, two].sort());
      await verify(code, [one, two], { [one]: ['new.example'], [two]: ['new.example'] });
      expect(await mailDomains(world.db, code, holding(code))).toEqual([{ name: one, mxBefore: ['old.example'] }, { name: two, mxBefore: undefined }]);
    });

    test('are given back when they are not named any more, unless somebody has an address there', async () => {
      const code = await world.account();
      const [used, unused] = [`used.${code.toLowerCase()}.example`, `unused.${code.toLowerCase()}.example`];
      await verify(code, [used, unused]);
      await createUser(world.db, code, { email: `ben@${used}`, name: 'Ben' });
      await verify(code, [`third.${code.toLowerCase()}.example`]);
      expect((await mailDomains(world.db, code, holding(code))).map(({ name }) => name)).toEqual([`third.${code.toLowerCase()}.example`, used]);
    });

    test('of another account are refused, also where both look at once', async () => {
      const [first, second] = [await world.account(), await world.account()];
      const name = `both.${first.toLowerCase()}.example`;
      const checker = checkersWith({ domains: async () => ({ result: 'ok', facts: { verified: [name] } }) }).domains;
      const [of1, of2] = [await input(first, 'domains', { domains: [name] }), await input(second, 'domains', { domains: [name] })];
      const [found1, found2] = [found(await checker.check(of1)), found(await checker.check(of2))];
      await inTransaction(world.db, (tx) => checker.complete!(tx, of1, found1));
      await expect(inTransaction(world.db, (tx) => checker.complete!(tx, of2, found2))).rejects.toThrow(DomainTaken);
      expect(await verifiedDomains(world.db, second)).toEqual([holding(second)]);
      expect(await checker.check(of2)).toMatchObject({ result: 'wrong', reason: `${name} cannot be verified, because another account has verified it.`, facts: { verified: [] } });
    });
  });

  describe('users', () => {
    async function* people(...addresses: string[]): AsyncGenerator<Uint8Array> {
      yield Buffer.from(['email,name', ...addresses.map((address) => `${address},${address.split('@')[0]}`)].join('\n'));
    }
    async function withDomain(): Promise<{ code: string; domain: string }> {
      const code = await world.account();
      const domain = `users.${code.toLowerCase()}.example`;
      await verify(code, [domain]);
      return { code, domain };
    }

    test('of a file are taken over with the verdict: all of them, or where it fails nobody', async () => {
      const { code, domain } = await withDomain();
      await saveUpload(world.db, { id: `file-${code}`, accountCode: code, fileName: 'users.csv' }, people(`ben@${domain}`, `cleo@${domain}`), 1);
      const { users } = checkersWith({});
      const given = await input(code, 'users', { source: 'csv', upload: `file-${code}` });
      const facts = found(await users.check(given));
      expect(facts).toMatchObject({ fileName: 'users.csv', read: 2, plan: { counts: { add: 2 } } });
      const failing = inTransaction(world.db, async (tx: Knex.Transaction) => {
        await users.complete!(tx, given, facts);
        throw new Error('the row cannot be written');
      });
      await expect(failing).rejects.toThrow('cannot be written');
      expect(Object.keys(await usersOf(world.db, code))).toHaveLength(1);
      expect(await inTransaction(world.db, (tx) => users.complete!(tx, given, facts))).toMatchObject({ done: { add: 2 } });
      expect(Object.keys(await usersOf(world.db, code))).toHaveLength(3);
      expect(await world.db('import_uploads').where({ account_code: code })).toEqual([]);
      expect(await users.check(given)).toMatchObject({ result: 'wrong', reason: expect.stringContaining('not there any more') });
    });

    test('of a directory sign in there once the account has chosen so, and its password is kept sealed', async () => {
      const { code, domain } = await withDomain();
      await setAuthentication(world.db, code, 'domain');
      const connection = { encryption: 'tls' as const, people: 1, more: false, withEmail: 1, withName: 1, withMobile: 0 };
      const directory = { ...testClient(), testConnection: async () => ({ result: 'ok' as const, facts: connection }) };
      const { users } = checkersWith({
        directory,
        directorySync: async (request) => {
          const reading = await ImportReading.begin({ db: world.db, clock: () => 1 }, request, 'directory');
          await reading.add(1, { email: `anna@${domain}`, name: 'Anna', mobile: '', attributes: {} });
          return { result: 'ok', facts: { ...(await reading.finish({ strict: false })), withoutAddress: 0, disabled: 0, withoutNumber: 0 } };
        },
      });
      const form = { source: 'directory', url: 'ldaps://directory.example', baseDn: 'dc=x', bindDn: 'cn=reader', signIn: 'user-principal-name' };
      const given = await input(code, 'users', form, { bindPassword: 'reads it' });
      const facts = found(await users.check(given));
      expect(JSON.stringify(facts)).not.toContain('reads it');
      await inTransaction(world.db, (tx) => users.complete!(tx, given, facts));
      expect(await usersOf(world.db, code)).toMatchObject({ [`anna@${domain}`]: { authentication: 'domain' } });
      expect(await findDirectory(world.db, keys, code)).toMatchObject({ url: 'ldaps://directory.example', bindPassword: 'reads it', filter: '(mail=*)', signIn: 'user-principal-name', startTls: false, certificateAuthority: null });
      expect(JSON.stringify(await world.db('directories').where({ account_code: code }))).not.toContain('reads it');
    });

    test('check 69: Domain takes in who has no password here; who has one, and the first logon, keep it', async () => {
      const { code, domain } = await withDomain();
      await createUser(world.db, code, { email: `ben@${domain}`, name: 'Ben' });
      const kept = await createUser(world.db, code, { email: `cleo@${domain}`, name: 'Cleo' });
      await world.db('users').where({ id: kept }).update({ password_hash: 'a hash' });
      const authentication = async (): Promise<string[]> => Object.values(await usersOf(world.db, code)).map((user) => user.authentication);
      expect([await setAuthentication(world.db, code, 'domain'), await authentication()]).toEqual([1, ['cloud', 'domain', 'cloud']]);
      expect([await setAuthentication(world.db, code, 'cloud'), await authentication()]).toEqual([1, ['cloud', 'cloud', 'cloud']]);
      expect(Boolean((await findAccount(world.db, code))!.domain_authentication)).toBe(false);
    });
  });

  test('mail is asked about for the domains where mail goes, with where it went', async () => {
    const code = await world.account();
    const domain = `mail.${code.toLowerCase()}.example`;
    await verify(code, [domain], { [domain]: ['old.example'] });
    const asked: unknown[] = [];
    const checkers = checkersWith({
      outbound: async (...given) => (asked.push(given), { result: 'ok', facts: { hosts: [], domains: [] } }),
      inbound: async (...given) => (asked.push(given), { result: 'ok', facts: { host: null, mx: [], notes: [] } }),
    });
    await checkers['outbound-mail'].check(await input(code, 'outbound-mail', { hosts: ['203.0.113.5'] }));
    await checkers['inbound-mail'].check(await input(code, 'inbound-mail', { host: 'mail.example' }));
    expect(asked).toEqual([[['203.0.113.5'], [domain]], [{ host: 'mail.example', port: 25 }, [domain], { [domain]: ['old.example'] }]]);
  });
});
