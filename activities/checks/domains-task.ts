import { takenDomains, verifyDomains } from '../../db/domains';
import { holdingDomain } from '../../domain/accounts';
import { advice } from '../../domain/onboarding/texts';
import { asResult, type TaskChecker } from './checker';
import type { TaskDependencies } from './dependencies';
import type { Checks } from './network';

interface DomainsDependencies extends Pick<TaskDependencies, 'clock' | 'connectDomain'> {
  readonly checks: Pick<Checks, 'domains' | 'mailExchangers'>;
}

/** *Verifying Your Domains*: each has the record that only this account was told. Who else has a domain is told to nobody who could not publish it. */
export function domainsChecker({ checks, clock, connectDomain }: DomainsDependencies): TaskChecker<'domains'> {
  return {
    async check({ db, account, content: { domains } }) {
      const outcome = await checks.domains(account.code, domains);
      const taken = await takenDomains(db, account.code, outcome.facts?.verified ?? []);
      if (taken.length > 0) return { result: 'wrong', ...advice.domainTaken(taken), facts: { verified: outcome.facts?.verified.filter((name) => !taken.includes(name)) } };
      if (outcome.result !== 'ok') return asResult(outcome);
      return { result: 'ok', facts: { ...outcome.facts, mx: await checks.mailExchangers(domains) } };
    },
    async complete(tx, { account, content }, facts) {
      const { mx, ...shown } = facts as { readonly mx: Readonly<Record<string, readonly string[]>> };
      await verifyDomains(tx, account.code, { domains: content.domains.map((name) => ({ name, mxBefore: mx[name] })), holding: holdingDomain(account.code, connectDomain), at: clock() });
      return shown;
    },
  };
}
