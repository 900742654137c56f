import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { clearCodeFailures } from '../../db/code-failures';
import { holdUntilEnd, inTransaction } from '../../db/connection';
import { removeFactors } from '../../db/factors';
import { newNoticeId, NOTICE_ROUND, queueNotices } from '../../db/notices';
import { endSessions } from '../../db/sessions';
import { clearFailures, failureKey } from '../../db/sign-in-failures';
import { hasOtherAdministrator, lockUser, type UserRow } from '../../db/users';
import type { Role } from '../../domain/sign-in';
import { addressDigest } from '../../security/digests';
import { sendNotice } from '../notices';
import { cancelResetsOf } from '../password-reset/cancel-all';
import { Problem } from '../problems';
import { cancelSignInsOf } from '../sign-in/cancel-all';
import type { UserDependencies } from './dependencies';

/** Who does it, as the audit says. */
export interface By {
  readonly name: string;
  /** The account that an administrator keeps; undefined for operators. */
  readonly account: string | undefined;
}

/** The roles that an administrator gives and takes. */
const OWN_ROLES: readonly Role[] = ['user', 'administrator'];

/** Holds an account's administrators, and answers a user as they are now: of two who would take away the last two, the second is refused. */
async function hold(tx: Knex.Transaction, { id, account_code }: UserRow): Promise<UserRow> {
  await holdUntilEnd(tx, `administrators/${account_code}`);
  return (await lockUser(tx, id))!;
}

async function expectAnother(tx: Knex, user: UserRow): Promise<void> {
  if (user.role === 'administrator' && user.status === 'active' && !(await hasOtherAdministrator(tx, user))) throw new Problem('last-administrator');
}

/**
 * Enables or disables a user; disabling ends sessions, resets and sign-ins (ASVS 7.4.2). Operators disable the last
 * administrator too: an account that was taken over has to be closed.
 * @throws Problem `last-administrator`
 */
export async function setStatus(deps: UserDependencies, user: UserRow, status: UserRow['status'], by: By): Promise<void> {
  const { db, clock } = deps;
  await inTransaction(db, async (tx) => {
    const held = await hold(tx, user);
    if (status === 'disabled' && by.account !== undefined) await expectAnother(tx, held);
    await tx('users').where({ id: user.id }).update({ status });
    if (status === 'disabled') await endSessions(tx, user.id, clock(), 'disabled');
    await appendAudit(tx, { at: clock(), action: status === 'disabled' ? 'user.disabled' : 'user.enabled', accountCode: user.account_code, subject: user.id, details: { by: by.name } });
  });
  if (status === 'active') return;
  await cancelResetsOf(deps, user);
  await cancelSignInsOf(deps, user, 'disabled');
}

/** Ends the wait after wrong entries: of reset codes, or of passwords. */
export async function unlock({ db, keys, clock }: UserDependencies, user: UserRow, what: 'reset' | 'password', by: By): Promise<void> {
  const person = addressDigest(keys, user.email);
  await inTransaction(db, async (tx) => {
    if (what === 'reset') await clearCodeFailures(tx, person);
    else await clearFailures(tx, failureKey.person(person));
    await appendAudit(tx, { at: clock(), action: `user.${what}-unlocked`, accountCode: user.account_code, subject: user.id, details: { by: by.name } });
  });
}

/** Removes a lost second step. Whoever lost it enrols again, by the proof that enrolling asks for (ASVS 6.4.4), and is told. */
export async function resetSecondStep(deps: UserDependencies, user: UserRow, by: By): Promise<void> {
  const { db, keys, clock } = deps;
  const person = addressDigest(keys, user.email);
  const noticeId = newNoticeId();
  await inTransaction(db, async (tx) => {
    const removed = await removeFactors(tx, user.id);
    await clearFailures(tx, failureKey.person(person), ...(['passcode', 'totp', 'recovery-code'] as const).map((kind) => failureKey.factor(kind, user.id)));
    const sessions = await endSessions(tx, user.id, clock(), 'second-step-reset');
    const of = { flow_id: noticeId, account_code: user.account_code, person, round: NOTICE_ROUND, userId: user.id };
    if (user.status === 'active') await queueNotices(tx, keys, of, { purpose: 'reset-by-administrator', at: new Date(clock()).toISOString() }, clock());
    await appendAudit(tx, { at: clock(), action: 'user.second-step-reset', accountCode: user.account_code, subject: user.id, details: { by: by.name, removed, sessionsEnded: sessions } });
  });
  await cancelSignInsOf(deps, user, 'second-step-reset');
  await sendNotice(deps.temporal, noticeId);
}

/**
 * Gives a user another role, which ends their sessions. An administrator's account has users and administrators; what
 * reaches beyond it only operators give, or take.
 * @throws Problem `forbidden`, `last-administrator`
 */
export async function changeRole({ db, clock }: UserDependencies, user: UserRow, role: Role, by: By): Promise<void> {
  await inTransaction(db, async (tx) => {
    const held = await hold(tx, user);
    if (by.account !== undefined && ![role, held.role].every((each) => OWN_ROLES.includes(each))) throw new Problem('forbidden', { detail: 'Only operators give and take this role.' });
    if (role !== 'administrator') await expectAnother(tx, held);
    await tx('users').where({ id: user.id }).update({ role });
    const sessions = role === held.role ? 0 : await endSessions(tx, user.id, clock(), 'role-changed');
    await appendAudit(tx, { at: clock(), action: 'user.role-changed', accountCode: user.account_code, subject: user.id, details: { by: by.name, from: held.role, to: role, sessionsEnded: sessions } });
  });
}
