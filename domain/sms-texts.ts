import type { SmsProgram } from './sms-subscription';

/** Programs as people read them. */
export const programNames: Record<SmsProgram, string> = { continuity: 'Continuity Notices' };

/** How often a program's texts come. */
const FREQUENCY: Record<SmsProgram, string> = { continuity: 'Texts only at the start and end of e-mail outages' };

/** Which wording of the texts below somebody saw: evidence names it. Change it with them. */
export const SMS_TEXT_VERSION = 'en-1';

const RATES = 'Msg & data rates may apply';
const HELP_STOP = 'Reply HELP for help, STOP to end.';
const LONGEST_NAME = 40;

interface Named {
  readonly brand: string;
  readonly program: SmsProgram;
}

/** What a page says of a program before somebody opts in: the same as the texts do. */
export function programTerms(program: SmsProgram): string {
  return `${FREQUENCY[program]}. ${RATES}. Reply HELP for help, STOP to end at any time.`;
}

/** The texts of recurring programs. None has a link, and a code is the only six digits in a row. */
export const smsTexts = {
  confirmation: (p: Named & { account: string; code: string; hours: number; reminder: boolean }): string =>
    `${p.brand} ${programNames[p.program]}${p.reminder ? ', reminder' : ''}: reply YES or enter ${p.code} on the page within ${p.hours} hours to get them for ${p.account.slice(0, LONGEST_NAME)}. ${FREQUENCY[p.program]}. ${RATES}. ${HELP_STOP}`,
  subscribed: (p: Named): string => `${p.brand} ${programNames[p.program]}: you are subscribed. ${FREQUENCY[p.program]}. ${RATES}. ${HELP_STOP}`,
  stopped: (p: Named): string => `${p.brand} ${programNames[p.program]}: you are unsubscribed and get no more of them.`,
  help: (p: Named): string => `${p.brand} ${programNames[p.program]}. ${FREQUENCY[p.program]}. ${RATES}. For help ask your administrator. Reply STOP to end.`,
  other: (p: Named): string => `${p.brand} ${programNames[p.program]}: nobody reads answers to this number. ${HELP_STOP}`,
} as const;
