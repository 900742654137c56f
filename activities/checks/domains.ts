import { notYet, sortOut, together, type CheckOutcome, type CheckProblem } from '../../domain/checks';
import { acceptedValues, verificationRecord, VERIFICATION_PREFIX, type VerificationRecord } from '../../security/domain-verification';
import type { KeyRing } from '../../security/keys';
import { failureWords, type DnsClient } from './dns';

export interface DomainFacts {
  /** Domains whose record was found. */
  readonly verified: readonly string[];
}

interface Dependencies {
  readonly dns: DnsClient;
  readonly keys: KeyRing;
}

async function checkDomain({ dns, keys }: Dependencies, accountCode: string, domain: string): Promise<CheckProblem | VerificationRecord> {
  const record = verificationRecord(keys, accountCode, domain);
  const { name, value } = record;
  const publish = `Publish a TXT record at ${name} with the value ${value}, beside those that are there.`;
  const answer = await dns.txt(name);
  switch (answer.kind) {
    case 'failed':
      return notYet('name-servers-failed', `The name servers of ${name} ${failureWords(answer.why)}.`, 'We go on trying. If it lasts, ask whoever runs them.');
    case 'no-such-name':
      // One that was registered a moment ago is not known everywhere yet.
      return notYet('no-such-domain', `There is no domain ${name}, or it is not known yet.`, `Check how it is written, and that it is registered and has not expired. ${publish}`);
    case 'none':
      return notYet('no-record', `The record for ${name} is not there yet.`, publish);
    case 'found': {
      const accepted = acceptedValues(keys, accountCode, name);
      const texts = answer.records.map((text) => text.trim());
      if (texts.some((text) => accepted.includes(text))) return record;
      return texts.some((text) => text.toLowerCase().startsWith(VERIFICATION_PREFIX))
        ? notYet('other-record', `There is a verification record at ${name}, and its value is not the one for your account.`, publish)
        : notYet('no-record', `The record for ${name} is not there yet.`, publish);
    }
  }
}

/** Looks for the records of all domains; `facts` names those that were found, whatever the others are. Never throws. */
export async function checkDomains(deps: Dependencies, accountCode: string, domains: readonly string[]): Promise<CheckOutcome<DomainFacts>> {
  const { found, problems } = sortOut(await Promise.all(domains.map((domain) => checkDomain(deps, accountCode, domain))));
  const facts = { verified: found.map(({ name }) => name) };
  const problem = together(problems);
  return problem ? { ...problem, facts } : { result: 'ok', facts };
}
