/** The demo people of the embedded mode, as tests use them. Each test takes people of its own: limits count per person. */
export const accounts = {
  /** SMS and e-mail. */
  lighthouse: 'lighthouse.example',
  /** SMS only. */
  harbour: 'harbour.example',
} as const;

/** Address of a numbered person: odd numbers have a mobile number. */
export function person(number: number, domain: string = accounts.lighthouse): string {
  return `user${number}@${domain}`;
}

export const domainAuthenticated = 'directory1@lighthouse.example';
export const disabled = 'disabled1@lighthouse.example';

let unknown = 0;

/** An address nobody has, another one each time. */
export function nobody(domain: string = accounts.lighthouse): string {
  unknown += 1;
  return `nobody${process.pid}-${unknown}@${domain}`;
}

/** The mobile number of a numbered person of the first account. */
export function mobile(number: number): string {
  return `+120255501${String(number).padStart(2, '0')}`;
}
