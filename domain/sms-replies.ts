/** What a text that came in asks for, and the word that says so. */
export interface Reply {
  readonly kind: 'stop' | 'start' | 'help' | 'yes' | 'other';
  /** In capitals; null where no single word says it. */
  readonly keyword: string | null;
}

/** Stop words as carriers and the FCC know them (47 CFR 64.1200(a)(10)). */
const STOP = ['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'OPT OUT'];
const START = ['START', 'UNSTOP', 'SUBSCRIBE', 'OPTIN', 'OPT IN'];
const HELP = ['HELP', 'INFO'];
const YES = ['YES', 'Y', 'YES PLEASE'];

/** People say it in their own words as well: a wish to be left alone is honoured wherever it can be told. */
const PLAIN_STOP = [
  /^STOP( STOP)+$/,
  /\b(PLEASE|PLS) (STOP|UNSUBSCRIBE|CANCEL|QUIT)\b/,
  /\bSTOP (IT|NOW|PLEASE|PLS|TEXTING|MESSAGING|SENDING|SMS|TEXTS?|MESSAGES?|NOTICES?|ALERTS?)\b/,
  /\b(DO NOT|DONT|NEVER) (TEXT|MESSAGE|CONTACT|SMS|SEND)\b/,
  /\bNO MORE (TEXTS?|MESSAGES?|SMS|NOTICES?|ALERTS?)\b/,
  /\b(REMOVE|DELETE|UNSUBSCRIBE|TAKE) (ME|MY NUMBER)\b/,
  /\bLEAVE ME ALONE\b/,
  /\b(OPT|OPTING) (ME )?OUT\b/,
];

/** The text as it is compared: capitals, words with one blank between, without quotes and what stands around them. */
function normalised(body: string): string {
  return body.normalize('NFKC').toUpperCase().replace(/['’‘"“”]/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** Reads a text that came in. */
export function readReply(body: string): Reply {
  const said = normalised(body);
  if (STOP.includes(said)) return { kind: 'stop', keyword: said };
  if (START.includes(said)) return { kind: 'start', keyword: said };
  if (HELP.includes(said)) return { kind: 'help', keyword: said };
  if (YES.includes(said)) return { kind: 'yes', keyword: said };
  return { kind: PLAIN_STOP.some((pattern) => pattern.test(said)) ? 'stop' : 'other', keyword: null };
}
