/** What an account has to publish in the DNS. */
export interface DnsRecord {
  readonly name: string;
  readonly type: 'TXT' | 'MX';
  readonly value: string;
  /** Beside what, or in place of what, it goes. */
  readonly note: string;
}

/** Where customers' SPF and MX records are to lead. */
export interface MailTargets {
  readonly spfInclude: string;
  readonly mxHosts: readonly string[];
}

const STEP = 10;

/** The SPF record of a domain that has none yet. */
export function spfRecord(name: string, { spfInclude }: MailTargets): DnsRecord {
  return { name, type: 'TXT', value: `v=spf1 include:${spfInclude} ~all`, note: `Where there is an SPF record already, add "include:${spfInclude}" to it in front of "all", and keep it the only one.` };
}

/** The MX records of a domain, most preferred first. */
export function mxRecords(name: string, { mxHosts }: MailTargets): DnsRecord[] {
  return mxHosts.map((host, index) => ({ name, type: 'MX', value: `${(index + 1) * STEP} ${host}`, note: 'In place of the MX records that are there.' }));
}
