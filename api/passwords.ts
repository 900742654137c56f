import { randomUUID } from 'node:crypto';
import { verify } from '@node-rs/argon2';
import { Semaphore } from 'async-mutex';
import type { Knex } from 'knex';
import { claimAnswer } from '../db/answers';
import { inTransaction } from '../db/connection';
import { lockFlow, type FlowByHandle, type FlowKind, type FlowRow } from '../db/flows';
import { secretsOf } from '../db/secrets';
import { findUser, profileOfUser } from '../db/users';
import { defaultMinLength, evaluatePassword, normalisePassword, type Criterion, type PasswordPolicy } from '../domain/password-policy';
import { candidateDigests, digestsEqual } from '../security/digests';
import type { KeyRing } from '../security/keys';
import { hashPassword } from '../security/password-hash';
import { endedProblem } from './problems';

const MAX_LENGTH = 128;

/** Hashing is bounded, so that a flood of resets cannot take the machine's memory. */
const hashing = new Semaphore(4);

let nobody: Promise<string> | undefined;

/** Whether a password is the one that was hashed. Where there is none it costs the same work, and is wrong. */
export async function isPassword(hashed: string | null | undefined, typed: string): Promise<boolean> {
  nobody ??= hashPassword('the password of nobody');
  const compared = hashed ?? (await nobody);
  const right = await hashing.runExclusive(() => verify(compared, normalisePassword(typed)));
  return right && compared === hashed;
}

/** The policy that the flow's person must meet: the profile's, and words that say who and where they are. */
export async function policyFor(db: Knex, flow: Pick<FlowRow, 'user_id'>, brand: string): Promise<PasswordPolicy> {
  const user = flow.user_id === null ? undefined : await findUser(db, flow.user_id);
  if (!user) throw new Error('A proven flow has no person.');
  const profile = await profileOfUser(db, user);
  const account = await db('accounts').where({ code: user.account_code }).first<{ name: string }>('name');
  const [local = '', domain = ''] = user.email.split('@');
  const words = [user.name, account.name].flatMap((name) => [name, ...name.split(/\s+/)]);
  return {
    minLength: profile.password_min_length ?? defaultMinLength(profile.two_step !== 'off'),
    maxLength: MAX_LENGTH,
    legacyComplexity: Boolean(profile.legacy_complexity),
    context: [...new Set([brand, ...words, user.account_code, local, domain.split('.')[0] ?? ''])],
  };
}

/** What of the policy a password does not meet. The one that was sent is never the one that is kept (ASVS 6.4.1). */
export async function failedCriteria(db: Knex, keys: KeyRing, flow: Pick<FlowRow, 'id' | 'person'>, policy: PasswordPolicy, password: string): Promise<{ id: string; label: string }[]> {
  const failed: { id: Criterion['id'] | 'not-temporary'; label: string }[] = evaluatePassword(password, policy).filter((criterion) => !criterion.met);
  for (const secret of await secretsOf(db, flow.id)) {
    if (secret.purpose !== 'temporary-password') continue;
    const candidates = candidateDigests(keys, 'temporary-password', { person: flow.person, flowId: flow.id, round: secret.round }, password.trim());
    if (candidates.some((candidate) => digestsEqual(candidate.digest, secret.digest))) failed.push({ id: 'not-temporary', label: 'Not the temporary password' });
  }
  return failed.map(({ id, label }) => ({ id, label }));
}

/**
 * Hashes a new password and puts it beside its flow, until the flow's last step takes or purges it.
 * @returns the stage's id
 * @throws Problem with the flow's ending, where that came meanwhile: nothing would purge it any more
 */
export async function stagePassword(db: Knex, flow: Pick<FlowRow<FlowKind>, 'id' | 'kind'>, password: string): Promise<string> {
  const hashed = await hashing.runExclusive(() => hashPassword(normalisePassword(password)));
  const id = randomUUID();
  await inTransaction(db, async (tx) => {
    const { outcome } = (await lockFlow(tx, flow.id, flow.kind))!;
    if (outcome !== null) throw endedProblem(outcome);
    await tx('staged_passwords').insert({ id, flow_id: flow.id, hash: hashed });
  });
  return id;
}

/**
 * Whether this very password was saved by this flow for a request that got no answer: the worker was away and carried
 * it out later. Whoever sends the same again is told that it is saved, once.
 */
export async function savedUnanswered(db: Knex, found: FlowByHandle, password: string, updateId: string): Promise<boolean> {
  const { flow, role } = found;
  if (role !== 'proof' || flow.outcome !== 'done' || flow.user_id === null) return false;
  const saved = (await findUser(db, flow.user_id))?.password_hash;
  if (!(await isPassword(saved, password))) return false;
  return claimAnswer(db, flow.id, 'password', updateId);
}
