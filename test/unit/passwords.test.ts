import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verify } from '@node-rs/argon2';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { failedCriteria, policyFor, stagePassword } from '../../api/passwords';
import { insertFlow, type FlowRow } from '../../db/flows';
import { insertSecret } from '../../db/secrets';
import { evaluatePassword, meetsPolicy, type PasswordPolicy } from '../../domain/password-policy';
import { secretDigest } from '../../security/digests';
import { newTemporaryPassword } from '../../security/secrets';
import { eachDatabase } from '../support/database';
import { testKeys } from '../support/keys';

const NOW = 1_767_225_600_000;
const HOUR_MS = 3_600_000;
const keys = testKeys('new', 'old');

/** A flow that is proven: its person chooses a password. */
const flow: FlowRow = {
  id: 'f'.repeat(64), kind: 'password-reset', account_code: 'CEU11A1', application: 'secure-messaging', address: 'ada.keeper@mail.lighthouse.example', person: 'a'.repeat(32), user_id: 'ada',
  initiated_by: 'self', methods: 'email', variant: 'temporary-password', step: 'new-password', outcome: null, round: 2, silent: null, limits_checked: true,
  resend_at: null, asked_at: NOW, proven_at: NOW, created_at: NOW, expires_at: NOW + HOUR_MS, captcha: null,
};

async function addPerson(db: Knex, profile: Record<string, unknown>): Promise<void> {
  await db('authentication_profiles').insert({ id: 'default', account_code: 'CEU11A1', name: 'Default', code_ttl_ms: HOUR_MS, link_ttl_ms: HOUR_MS, temporary_password_ttl_ms: HOUR_MS, help_contact: 'Ask.', ...profile });
  await db('accounts').insert({ code: 'CEU11A1', name: 'North Light Trading', default_profile_id: 'default' });
  await db('users').insert({ id: 'ada', account_code: 'CEU11A1', email: flow.address, name: 'Ada Keeper' });
  await insertFlow(db, flow, [{ digest: flow.id, role: 'start' }]);
}

async function addTemporaryPassword(db: Knex, round: number, keyIds: readonly string[]): Promise<string> {
  const secret = newTemporaryPassword();
  const { keyId, digest } = secretDigest(testKeys(...keyIds), 'temporary-password', { person: flow.person, flowId: flow.id, round }, secret);
  await insertSecret(db, { flow_id: flow.id, round, purpose: 'temporary-password', person: flow.person, key_id: keyId, digest, state: 'proven', wrong: 0, expires_at: NOW + HOUR_MS });
  return secret;
}

const policies = fc.record<PasswordPolicy>({
  minLength: fc.constantFrom(8, 15), maxLength: fc.constantFrom(64, 128), legacyComplexity: fc.boolean(), context: fc.subarray(['Postern', 'North Light Trading', 'CEU11A1', 'ada.keeper', 'mail']),
});
const pieces = fc.constantFrom('password', 'Sunshine', '12345678', 'aaaaaaaa', 'ceu11a1', 'Postern', 'kzvtqw', 'XBHJ', '7', '!', ' ', 'e\u0301', '\u00e9', '🌲', '千里の道');
const passwords = fc.oneof(fc.string({ unit: 'binary', maxLength: 140 }), fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')));

eachDatabase('a new password', (database) => {
  let sent: readonly string[];
  beforeAll(async () => {
    await addPerson(database.db(), { two_step: 'off', legacy_complexity: false });
    sent = [await addTemporaryPassword(database.db(), 1, ['old']), await addTemporaryPassword(database.db(), 2, ['new', 'old'])];
  });

  const failures = async (password: string, policy: PasswordPolicy): Promise<string[]> => (await failedCriteria(database.db(), keys, flow, policy, password)).map(({ id }) => id);

  test('check 40: the server fails exactly what the page shows with a cross, legacy complexity on or off', async () => {
    await fc.assert(fc.asyncProperty(passwords, policies, async (password, policy) => {
      const page = evaluatePassword(password, policy);
      expect(await failures(password, policy)).toEqual(page.filter(({ met }) => !met).map(({ id }) => id));
      expect((await failures(password, policy)).length === 0).toBe(meetsPolicy(page));
    }), { numRuns: 200 });
  });

  test('check 41: a temporary password that was sent, in any round and under any live key, is never the one that is kept', async () => {
    const policy: PasswordPolicy = { minLength: 8, maxLength: 128, legacyComplexity: true, context: [] };
    for (const secret of sent) {
      expect(await failures(secret, policy)).toEqual(['not-temporary']);
      expect(await failures(` ${secret} `, policy)).toEqual(['not-temporary']);
      expect(await failures(`${secret}x`, policy)).toEqual([]);
    }
  });

  test('check 37: context is the brand, the account, and the person by name and by address', async () => {
    const { context } = await policyFor(database.db(), flow, 'Postern');
    expect(context).toEqual(expect.arrayContaining(['Postern', 'North Light Trading', 'Light', 'CEU11A1', 'Ada Keeper', 'Keeper', 'ada.keeper', 'mail']));
    const policy = await policyFor(database.db(), flow, 'Postern');
    expect(await failures('the-keeper-of-kzvtqw', policy)).toEqual(['not-context']);
  });

  test.each([
    [{ two_step: 'off', legacy_complexity: false }, { minLength: 15, legacyComplexity: false }],
    [{ two_step: 'sms', legacy_complexity: true }, { minLength: 8, legacyComplexity: true }],
    [{ two_step: 'strong', legacy_complexity: false, password_min_length: 20 }, { minLength: 20, legacyComplexity: false }],
  ])('checks 34 and 36: the profile %j asks for %j, and takes 64 characters at least', async (profile, asked) => {
    await database.db()('authentication_profiles').where({ id: 'default' }).update({ password_min_length: null, ...profile });
    const policy = await policyFor(database.db(), flow, 'Postern');
    expect(policy).toMatchObject(asked);
    expect(policy.maxLength).toBeGreaterThanOrEqual(64);
  });

  test('checks 35, 39 and 45: it is hashed whole and composed, by argon2id with a salt', async () => {
    const long = `${'kzvtqw '.repeat(18)}e\u0301`;
    const ids = [await stagePassword(database.db(), flow, long), await stagePassword(database.db(), flow, long)];
    const hashes: string[] = await database.db()('staged_passwords').whereIn('id', ids).pluck('hash');
    expect(new Set(hashes).size).toBe(2);
    for (const hash of hashes) {
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      expect(await verify(hash, long.normalize('NFC'))).toBe(true);
      expect(await verify(hash, long.normalize('NFC').slice(0, -1))).toBe(false);
    }
  });
});

test('check 40: the page judges by the module that the server judges by, and has no rule of its own', () => {
  const root = join(__dirname, '../..');
  const [page, server] = ['web/flow/new-password-form.tsx', 'api/passwords.ts'].map((file) => readFileSync(join(root, file), 'utf8'));
  expect(page).toMatch(/import \{[^}]*\bevaluatePassword\b[^}]*\} from '..\/..\/domain\/password-policy'/);
  expect(server).toMatch(/import \{[^}]*\bevaluatePassword\b[^}]*\} from '..\/domain\/password-policy'/);
  expect(page).not.toMatch(/\.length\b|\.test\(|minLength|maxLength/);
});
