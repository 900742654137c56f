import { mailDomains } from '../../db/domains';
import type { TaskRow } from '../../db/onboardings';
import { draftOf } from '../../db/onboardings';
import { holdingDomain } from '../../domain/accounts';
import { savedDomains } from '../../domain/onboarding/forms';
import { mxRecords, spfRecord, type DnsRecord } from '../../domain/onboarding/records';
import type { TaskName } from '../../domain/onboarding/tasks';
import { verificationRecord } from '../../security/domain-verification';
import type { OnboardingServiceDependencies } from './dependencies';

type Records = (task: Pick<TaskRow, 'task' | 'draft'>) => readonly DnsRecord[];

/** Says what an account has to publish for a task, as far as it is known from what was saved and verified. */
export async function recordsFor({ db, keys, connectDomain, mail }: Pick<OnboardingServiceDependencies, 'db' | 'keys' | 'connectDomain' | 'mail'>, accountCode: string): Promise<Records> {
  const verified = (await mailDomains(db, accountCode, holdingDomain(accountCode, connectDomain))).map(({ name }) => name);
  const records: { readonly [Name in TaskName]?: Records } = {
    domains: (task) => savedDomains(draftOf(task)).map((name) => ({ ...verificationRecord(keys, accountCode, name), note: 'Beside the TXT records that are there.' })),
    'outbound-mail': () => verified.map((name) => spfRecord(name, mail)),
    'inbound-mail': () => verified.flatMap((name) => mxRecords(name, mail)),
  };
  return (task) => records[task.task]?.(task) ?? [];
}
