import { mailDomains } from '../../db/domains';
import { holdingDomain } from '../../domain/accounts';
import { asResult, type TaskChecker } from './checker';
import type { TaskDependencies } from './dependencies';

/** *Authorising Outbound Mail*: the hosts are public, and the SPF record of each domain includes us. */
export function outboundChecker({ checks, connectDomain }: TaskDependencies): TaskChecker<'outbound-mail'> {
  return {
    async check({ db, account, content: { hosts } }) {
      const domains = await mailDomains(db, account.code, holdingDomain(account.code, connectDomain));
      return asResult(await checks.outbound(hosts, domains.map(({ name }) => name)));
    },
  };
}

/** *Delivering Inbound Mail*: the host takes mail, and the MX records of each domain lead to us. */
export function inboundChecker({ checks, connectDomain }: TaskDependencies): TaskChecker<'inbound-mail'> {
  return {
    async check({ db, account, content }) {
      const domains = await mailDomains(db, account.code, holdingDomain(account.code, connectDomain));
      const before = Object.fromEntries(domains.flatMap(({ name, mxBefore }) => (mxBefore ? [[name, mxBefore]] : [])));
      return asResult(await checks.inbound(content, domains.map(({ name }) => name), before));
    },
  };
}
