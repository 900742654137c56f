import { createHash } from 'node:crypto';
import { findAccount, firstAdministrator, subscriptionsOf } from '../../db/accounts';
import { appendAudit } from '../../db/audit';
import { holdUntilEnd, inTransaction } from '../../db/connection';
import { insertAccount, type NewAccount } from '../../db/new-account';
import { lockOnboarding, updateOnboarding } from '../../db/onboardings';
import { findUser } from '../../db/users';
import { holdingDomain } from '../../domain/accounts';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import type { Actor } from '../../workflows/connect-onboarding/messages';
import { Problem } from '../problems';
import type { OnboardingServiceDependencies } from './dependencies';
import { ensureRunning, wakeUp } from './engine';
import { findOr404, overProblem } from './find';

/** What a request asks for, so that the same one is known again. */
function requestDigest({ code, name, region, administrator, subscriptions }: NewAccount): string {
  return createHash('sha256').update(JSON.stringify([code, name, region, administrator.email, administrator.name, [...subscriptions].sort()])).digest('hex');
}

/**
 * Creates an account with its onboarding, and has its administrator welcomed. The same request again creates nothing, and
 * starts what an engine that was away has not.
 * @returns whether it was created now
 * @throws Problem `already-exists` where the code has another account
 */
export async function createAccount(deps: OnboardingServiceDependencies, account: NewAccount, actor: Actor): Promise<boolean> {
  const { code } = account;
  const createdWith = requestDigest(account);
  const created = await inTransaction(deps.db, async (tx) => {
    await holdUntilEnd(tx, `account/${code}`);
    const known = await findAccount(tx, code);
    if (known && known.created_with !== createdWith) throw new Problem('already-exists', { detail: 'There is another account with this code.' });
    if (known) return false;
    const administrator = await insertAccount(tx, account, { connectDomain: deps.connectDomain, createdWith, at: deps.clock() });
    await appendAudit(tx, { at: deps.clock(), action: 'account.created', accountCode: code, flowId: connectOnboardingWorkflowId(code), subject: administrator, details: { by: actor.id, region: account.region } });
    return true;
  });
  const onboarding = await findOr404(deps, code);
  if (onboarding.row.outcome === null) await ensureRunning(deps, onboarding);
  return created;
}

/** An account and its first administrator, as they are answered. @throws Problem `not-found` */
export async function accountView(deps: OnboardingServiceDependencies, code: string) {
  const account = await findAccount(deps.db, code);
  if (!account) throw new Problem('not-found', { detail: 'There is no account with this code.' });
  const administrator = await findUser(deps.db, (await firstAdministrator(deps.db, code)) ?? '');
  return {
    account: { code, name: account.name, region: account.region, subscriptions: subscriptionsOf(account) },
    holdingDomain: holdingDomain(code, deps.connectDomain),
    administrator: administrator ? { id: administrator.id, email: administrator.email, name: administrator.name } : null,
  };
}

/** Has the administrator supplied with another password; the one before stops. @throws Problem `not-found`, or how the onboarding ended */
export async function supplyAnother(deps: OnboardingServiceDependencies, code: string, actor: Actor): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    const onboarding = await lockOnboarding(tx, code);
    if (!onboarding) throw new Problem('not-found', { detail: 'There is no onboarding of an account with this code.' });
    if (onboarding.row.outcome !== null) throw overProblem(onboarding.row.outcome);
    await updateOnboarding(tx, code, { passwords_asked: onboarding.row.passwords_asked + 1 });
    await appendAudit(tx, { at: deps.clock(), action: 'account.password-asked', accountCode: code, flowId: connectOnboardingWorkflowId(code), details: { by: actor.id } });
  });
  await wakeUp(deps, code);
}
