import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { findFlow } from '../../db/flows';
import { liveTemporaryPassword } from '../../db/secrets';
import { clearFailures, countFailure, failureKey, giveBackFailure, type FailurePolicy } from '../../db/sign-in-failures';
import { findUserByEmail, type UserRow } from '../../db/users';
import { originLockMs, passwordLockMs, signInLimits, type AuthenticationType } from '../../domain/sign-in';
import { candidateDigests, digestsEqual, keyedDigest } from '../../security/digests';
import { isPassword } from '../passwords';
import { Problem } from '../problems';
import type { SignInDependencies } from './dependencies';

/** What somebody gives to be believed, and where from. */
export interface Given {
  readonly address: string;
  /** Digest of the address. */
  readonly person: string;
  readonly accountCode: string | null;
  readonly flowId: string | null;
  readonly authentication: AuthenticationType;
  readonly password: string;
  readonly origin: string;
}

/** Who gave the right password. */
export interface Credential {
  readonly user: UserRow;
  /** The reset whose temporary password it was. */
  readonly completes: string | null;
  /** It was given to the person, who must now choose another one. */
  readonly mustChange: boolean;
}

const LONGEST_WAIT_S = 24 * 60 * 60;

function tooManyWrong(until: number, now: number): Problem {
  const seconds = until === Infinity ? LONGEST_WAIT_S : Math.max(1, Math.ceil((until - now) / 1_000));
  return new Problem('too-many-requests', { detail: 'There were too many wrong passwords. Wait as long as Retry-After says, or reset the password.', headers: { 'Retry-After': String(seconds) } });
}

/** The reset of the person whose e-mailed temporary password this is, while it waits for it. Blanks from copying are forgiven. */
async function resetWaitingFor({ db, keys, clock }: SignInDependencies, given: Given): Promise<string | null> {
  const secret = await liveTemporaryPassword(db, given.person, clock());
  if (!secret) return null;
  const candidates = candidateDigests(keys, 'temporary-password', { person: secret.person, flowId: secret.flow_id, round: secret.round }, given.password.trim());
  if (!candidates.some(({ digest }) => digestsEqual(digest, secret.digest))) return null;
  return (await findFlow(db, secret.flow_id))?.outcome === null ? secret.flow_id : null;
}

/** Judges the password. Whoever is unknown, disabled or of the other type costs the same work, and is wrong. */
async function judge(deps: SignInDependencies, given: Given): Promise<Credential | null | 'unavailable'> {
  const user = await findUserByEmail(deps.db, given.address);
  const eligible = user?.status === 'active' && user.authentication === given.authentication ? user : undefined;
  if (given.authentication === 'domain') {
    const answer = await deps.directory.check(given.accountCode ?? '', { email: given.address }, given.password);
    if (answer === 'unavailable') return answer;
    // The directory that answered is that of the address's domain: it vouches for nobody of another account.
    return answer === 'right' && eligible?.account_code === given.accountCode ? { user: eligible, completes: null, mustChange: false } : null;
  }
  const temporary = Boolean(eligible?.password_temporary);
  const right = await isPassword(eligible?.password_hash, temporary ? given.password.trim() : given.password);
  const completes = await resetWaitingFor(deps, given);
  if (!eligible || !(right || completes !== null)) return null;
  return { user: eligible, completes: right ? null : completes, mustChange: right ? temporary : true };
}

/**
 * Checks a password, by address and origin. Each try is counted before it is judged, and the count cleared by a right
 * one: tries in parallel cannot pass a limit together, and counts survive a restart. No workflow hears of it.
 * @returns who it is, or null where it is wrong
 * @throws Problem `too-many-requests`, known or not; `directory-unavailable`, which counts nothing
 */
export async function checkCredential(deps: SignInDependencies, given: Given): Promise<Credential | null> {
  const { db, keys, clock, limits } = deps;
  const person = failureKey.person(given.person);
  const origin = failureKey.origin(keyedDigest(keys, 'address', ['origin', given.origin], keys.oldest).digest);
  const perOrigin: FailurePolicy = { lockMs: (total) => originLockMs(total, limits.wrongPerOrigin), forgetMs: signInLimits.originForgetMs };
  await inTransaction(db, async (tx) => {
    const until = (await countFailure(tx, person, clock(), { lockMs: passwordLockMs })) ?? (await countFailure(tx, origin, clock(), perOrigin));
    if (until !== null) throw tooManyWrong(until, clock());
  });
  const credential = await judge(deps, given);
  if (credential === 'unavailable') {
    await giveBackFailure(db, person);
    await giveBackFailure(db, origin);
    throw new Problem('directory-unavailable');
  }
  await inTransaction(db, async (tx) => {
    if (credential) {
      await clearFailures(tx, person);
      await giveBackFailure(tx, origin);
    } else await appendAudit(tx, { at: clock(), action: 'sign-in.password-wrong', accountCode: given.accountCode, flowId: given.flowId, subject: given.person, details: { authentication: given.authentication } });
  });
  return credential;
}
