import { findAccount, firstAdministrator } from '../../db/accounts';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { dropPurposeOf } from '../../db/messages';
import { discontinuationOf, findOnboarding, lockOnboarding, updateOnboarding, type Onboarding } from '../../db/onboardings';
import { endSessions } from '../../db/sessions';
import { findUser, supplyPassword } from '../../db/users';
import { daysLeft, dueNotices, nextLook, passwordReminderAt, SUPPLIED_PASSWORD_MS } from '../../domain/onboarding/reminders';
import { hashPassword } from '../../security/password-hash';
import { newTemporaryPassword } from '../../security/secrets';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import { comeBack } from '../come-back';
import type { OnboardingDependencies } from './dependencies';
import { deliverMail, queueMail, queueNotice } from './mail';

const HOUR_MS = 3_600_000;

/**
 * Makes the password that was asked for last, and queues the one mail that carries it, in one transaction: it is nowhere
 * but in that mail and, until it is accepted, sealed in its row. What was sent before ends.
 */
async function supply(deps: OnboardingDependencies, accountCode: string): Promise<void> {
  const { passwords_asked: asked, passwords_made: made } = (await findOnboarding(deps.db, accountCode))!.row;
  if (made >= asked) return;
  const password = newTemporaryPassword();
  const hash = await hashPassword(password);
  await inTransaction(deps.db, async (tx) => {
    const { row } = (await lockOnboarding(tx, accountCode))!;
    if (row.outcome !== null || row.passwords_made >= row.passwords_asked) return;
    await updateOnboarding(tx, accountCode, { passwords_made: row.passwords_asked });
    const now = deps.clock();
    const flowId = connectOnboardingWorkflowId(accountCode);
    const user = await findUser(tx, (await firstAdministrator(tx, accountCode)) ?? '');
    const audit = { at: now, accountCode, flowId, subject: user?.id ?? null };
    if (user?.status !== 'active' || user.contact_address === null) return appendAudit(tx, { ...audit, action: 'account.password-suppressed' });
    await supplyPassword(tx, user.id, hash, now, now + SUPPLIED_PASSWORD_MS);
    await endSessions(tx, user.id, now, 'password-changed');
    await dropPurposeOf(tx, flowId, 'connect-welcome');
    await queueMail(deps, tx, {
      accountCode, round: row.passwords_asked, recipients: [user.contact_address], expiresAt: now + SUPPLIED_PASSWORD_MS,
      content: { purpose: 'connect-welcome', logon: user.email, password, hours: SUPPLIED_PASSWORD_MS / HOUR_MS, account: accountCode, again: row.passwords_asked > 1 },
    });
    await appendAudit(tx, { ...audit, action: 'account.password-supplied', details: { number: row.passwords_asked } });
  });
}

/** When the supplied password, still in use, ends; null where its person has chosen one. */
async function suppliedUntil(deps: OnboardingDependencies, accountCode: string): Promise<{ contact: string; until: number } | null> {
  const user = await findUser(deps.db, (await firstAdministrator(deps.db, accountCode)) ?? '');
  if (!user?.password_temporary || user.contact_address === null || user.password_expires_at === null || user.status !== 'active') return null;
  return { contact: user.contact_address, until: user.password_expires_at };
}

/** Queues what is due now, once. Nothing of it is due any more when the onboarding is over. */
async function queueDue(deps: OnboardingDependencies, accountCode: string): Promise<void> {
  const supplied = await suppliedUntil(deps, accountCode);
  await inTransaction(deps.db, async (tx) => {
    const { row } = (await lockOnboarding(tx, accountCode))!;
    if (row.outcome !== null) return;
    const now = deps.clock();
    const flowId = connectOnboardingWorkflowId(accountCode);
    const discontinuation = await discontinuationOf(tx, row);
    const left = daysLeft(discontinuation, now);
    const sent: string[] = [];
    for (const { kind, number } of dueNotices(discontinuation, workOf(row), now)) {
      const content = kind === 'reminder'
        ? { purpose: 'connect-reminder' as const, daysLeft: left ?? 0, lastDay: discontinuation.lastDay!, next: row.next_task }
        : { purpose: 'connect-stalled' as const, next: row.next_task };
      if ((await queueNotice(deps, tx, accountCode, content, number)) > 0) sent.push(content.purpose);
    }
    if (supplied && now >= passwordReminderAt(supplied.until) && now < supplied.until) {
      const content = { purpose: 'temporary-password-expiring' as const, hoursLeft: Math.max(1, Math.floor((supplied.until - now) / HOUR_MS)) };
      if ((await queueMail(deps, tx, { accountCode, content, round: row.passwords_made, recipients: [supplied.contact], expiresAt: supplied.until })) > 0) sent.push(content.purpose);
    }
    await appendAudit(tx, ...sent.map((purpose) => ({ at: now, action: 'onboarding.reminded', accountCode, flowId, details: { purpose } })));
  });
}

const workOf = (row: Onboarding['row']) => ({ count: row.work_count, lastAt: row.last_work_at });

/**
 * Keeps in touch with an account: sends what is due and what is still in the queue, and asks to be called again when the
 * next thing is due. Reads everything anew each time, so that no change of date, clock or work is missed.
 * @throws ApplicationFailure `NotDue` or `DeliverLater` where the same call is to be made again after a while
 */
export async function correspond(deps: OnboardingDependencies, { accountCode }: { accountCode: string }): Promise<void> {
  if (!(await findAccount(deps.db, accountCode))) throw new Error('There is no such account.');
  await supply(deps, accountCode);
  await queueDue(deps, accountCode);
  const postponed = await deliverMail(deps, accountCode);
  if (postponed) throw postponed;
  const { row } = (await findOnboarding(deps.db, accountCode))!;
  if (row.outcome !== null) return;
  const now = deps.clock();
  const supplied = await suppliedUntil(deps, accountCode);
  const reminder = supplied ? passwordReminderAt(supplied.until) : now;
  const next = Math.min(nextLook(await discontinuationOf(deps.db, row), workOf(row), now), ...(reminder > now ? [reminder] : []));
  throw comeBack(`Nothing is due before ${new Date(next).toISOString()}`, 'NotDue', next - now);
}
