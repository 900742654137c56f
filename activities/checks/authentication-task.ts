import { setAuthentication } from '../../db/accounts';
import { appendAudit } from '../../db/audit';
import { findDirectory } from '../../db/directories';
import { findUserByEmail } from '../../db/users';
import { advice } from '../../domain/onboarding/texts';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import { asResult, type TaskChecker } from './checker';
import type { TaskDependencies } from './dependencies';

/** *Setting Up User Authentication*: Cloud needs nothing more; Domain is offered once a named user has signed in to the directory. */
export function authenticationChecker({ checks, keys, clock }: TaskDependencies): TaskChecker<'authentication'> {
  return {
    atOnce: ({ method }) => method === 'cloud',
    async check({ db, account, content, secrets }) {
      if (content.method === 'cloud') return { result: 'ok', facts: { method: 'cloud' } };
      const config = await findDirectory(db, keys, account.code);
      if (!config) return { result: 'wrong', ...advice.noDirectory };
      const user = await findUserByEmail(db, content.testUser);
      if (user?.account_code !== account.code) return { result: 'wrong', ...advice.noSuchUser(content.testUser) };
      const outcome = asResult(await checks.directory.testSignIn(config, content.testUser, secrets.testPassword ?? ''));
      return outcome.result === 'ok' ? { result: 'ok', facts: { method: 'domain', testUser: content.testUser } } : outcome;
    },
    async complete(tx, { account, content: { method } }, facts) {
      const users = await setAuthentication(tx, account.code, method);
      await appendAudit(tx, { at: clock(), action: 'account.authentication', accountCode: account.code, flowId: connectOnboardingWorkflowId(account.code), details: { method, users } });
      return { ...facts, users };
    },
  };
}
