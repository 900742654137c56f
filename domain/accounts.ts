/** Where an account's data is kept. */
export const regions = ['eu', 'us'] as const;
export type Region = (typeof regions)[number];

/** 4 to 12 capitals and digits. */
export const ACCOUNT_CODE = /^[A-Z0-9]{4,12}$/;

/** The clock that an account goes by until it says which is its own. */
const TIME_ZONES: Readonly<Record<Region, string>> = { eu: 'Europe/Berlin', us: 'America/New_York' };

export function defaultTimeZone(region: Region): string {
  return TIME_ZONES[region];
}

/** The domain of an account's first logon, before its own domains are verified. */
export function holdingDomain(code: string, connectDomain: string): string {
  return `${code.toLowerCase()}.${connectDomain}`;
}

/** The first administrator's logon: the name of their mailbox, in the holding domain. */
export function firstLogon(mailbox: string, code: string, connectDomain: string): string {
  return `${mailbox.slice(0, mailbox.lastIndexOf('@')).toLowerCase()}@${holdingDomain(code, connectDomain)}`;
}

/** Subscriptions as they are kept, whichever way they are written: "SMS Services" is `sms-services`. */
export function subscriptionSlug(name: string): string {
  return name.trim().toLowerCase().replace(/[\s_]+/g, '-');
}
