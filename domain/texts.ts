import type { Application } from './password-reset';

/** The names of the applications, as people read them. */
export const applicationNames: Record<Application, string> = {
  connect: 'Connect Application',
  'personal-portal': 'Personal Portal',
  'secure-messaging': 'Secure Messaging Portal',
  'partner-portal': 'Partner Portal',
  'administration-console': 'Administration Console',
};

/** What stands in an e-mail: paragraphs, and at most one button and one block of lines to copy from. */
export interface EmailText {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly button?: { readonly label: string; readonly url: string };
  readonly lines?: readonly string[];
  readonly after?: readonly string[];
}

/** What a page says beside the field for a mobile number (NIST SP 800-63B-4, 3.2.9). */
export const smsRisk = 'Text messages can be intercepted, and numbers taken over. An authenticator app is the safer choice.';

/** What happened to somebody's second step, as its notice says it. Of a number only its last two digits are told. */
const secondStepChanges = {
  'phone-enrolled': (lastDigits?: string) => `a mobile number ending in ${lastDigits} was enrolled for signing in`,
  'phone-changed': (lastDigits?: string) => `your mobile number for signing in was replaced by one ending in ${lastDigits}`,
  'totp-enrolled': () => 'an authenticator app was enrolled for signing in',
  'recovery-codes-issued': () => 'new recovery codes were made for you; those before no longer work',
  'recovery-code-used': () => 'somebody signed in with one of your recovery codes; a new one took its place',
  'reset-by-administrator': () => 'an administrator removed your mobile number, authenticator app and recovery codes. You enrol again when you next sign in',
} as const;
export type SecondStepChange = keyof typeof secondStepChanges;

const HOUR = 60;

function count(amount: number, unit: 'minute' | 'hour'): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

/** A time as people say it: in hours from two of them on, never longer than it is. */
function duration(minutes: number): string {
  return minutes < 2 * HOUR ? count(Math.floor(minutes), 'minute') : count(Math.floor(minutes / HOUR), 'hour');
}

/** Every text that people receive, in one language. Another language is another object of this shape. */
export const english = {
  code: (p: { brand: string; code: string; minutes: number }): string =>
    `${p.brand} password reset code: ${p.code}. Valid for ${duration(p.minutes)}. Never share it. Msg & data rates may apply.`,
  passcode: (p: { brand: string; code: string; minutes: number }): string =>
    `${p.brand} sign-in passcode: ${p.code}. Valid for ${duration(p.minutes)}. Never share it. Msg & data rates may apply.`,
  invitation: (p: { brand: string }): string =>
    `${p.brand}: your administrator asks you to choose a new password. In the Personal Portal choose Reset Cloud Password, then SMS. Msg & data rates may apply.`,
  link: (p: { brand: string; url: string; minutes: number }): EmailText => ({
    subject: `${p.brand}: choose a new password`,
    paragraphs: [`Somebody asked for a new password for this address. If it was you, open the page below and press its button. It works once, within ${duration(p.minutes)}.`],
    button: { label: 'Choose a new password', url: p.url },
    after: ['If it was not you, do nothing: your password stays as it is.'],
  }),
  temporaryPassword: (p: { brand: string; email: string; password: string; hours: number; logonUrl: string }): EmailText => ({
    subject: `${p.brand}: how to log in again`,
    paragraphs: [`Log in to the Secure Messaging Portal with the temporary password below. It works once, within ${duration(p.hours * HOUR)}, and you are then asked for a new one. Your old password works until the new one is saved.`],
    lines: [`Logon: ${p.email}`, `Password: ${p.password}`],
    button: { label: 'Go to the log-in page', url: p.logonUrl },
    after: ['If you did not ask for it, do nothing: your old password goes on working.'],
  }),
  noNumber: (p: { brand: string }): EmailText => ({
    subject: `${p.brand}: no mobile number is stored`,
    paragraphs: ['Somebody asked for a code by text message for this address, but no mobile number that can receive one is stored for it.', 'If it was you, choose Email instead where it is offered, or ask your administrator to add your number.'],
  }),
  domainPassword: (p: { brand: string }): EmailText => ({
    subject: `${p.brand}: your password is kept by your organisation`,
    paragraphs: ['Somebody asked for a new password for this address. Its password is the one of your organisation’s directory, so it cannot be changed here.', 'If it was you, change it where you change the password of your computer, or ask your help desk.'],
  }),
  undelivered: (p: { brand: string }): EmailText => ({
    subject: `${p.brand}: your code could not be delivered`,
    paragraphs: ['You asked for a code by text message, and it could not be delivered to the number that is stored for you.', 'Ask for another one, choose Email where it is offered, or ask your administrator to check your number.'],
  }),
  optInInvitation: (p: { brand: string; programName: string; terms: string; lastDigits: string; url: string; reminder: boolean }): EmailText => ({
    subject: `${p.brand}: ${p.reminder ? 'reminder: ' : ''}get ${p.programName} by text message`,
    paragraphs: [`Your administrator invites you to get ${p.programName} on your mobile number ending in ${p.lastDigits}: what to do when e-mail is down. ${p.terms}`, 'Sign in and choose Subscribe. We then send one text to confirm that the number is yours.'],
    button: { label: 'Choose on your account page', url: p.url },
    after: ['If you do not want them, do nothing: you are sent no text.'],
  }),
  continuityHalted: (p: { brand: string; why: string }): EmailText => ({
    subject: `${p.brand}: continuity notices are held up`,
    paragraphs: [`The text messages of a continuity event do not go out: the SMS provider refuses the account that they are sent with (${p.why}). Nobody who was told is told again.`, 'The support desk has to mend that. Afterwards open the event in the Administration Console and choose Retry: the others are told then.'],
  }),
  continuityNotice: (p: { brand: string; eventName: string | null; text: string; url: string }): EmailText => ({
    subject: `${p.brand}: ${p.eventName ?? 'about your e-mail'}`,
    paragraphs: [p.text],
    after: [`Your administrator has this sent to you by text message and to this address. You end both at ${p.url}, or by answering STOP to a text.`],
  }),
  expiring: (p: { brand: string; hoursLeft: number }): EmailText => ({
    subject: `${p.brand}: your temporary password ends soon`,
    paragraphs: [`The temporary password you were sent ends in about ${duration(p.hoursLeft * HOUR)}. Log in before then and choose your own, or ask for another one later.`],
  }),
  secondStep: (p: { brand: string; at: string; change: SecondStepChange; lastDigits?: string }): EmailText => ({
    subject: `${p.brand}: your two-step authentication was changed`,
    paragraphs: [`On ${p.at.slice(0, 10)} at ${p.at.slice(11, 16)} UTC ${secondStepChanges[p.change](p.lastDigits)}.`, 'Not you? Tell your administrator or the support desk at once, and reset your password from the log-in page.'],
  }),
  changed: (p: { brand: string; at: string; application: Application }): EmailText => ({
    subject: `${p.brand}: your password was changed`,
    paragraphs: [`Your password was changed on ${p.at.slice(0, 10)} at ${p.at.slice(11, 16)} UTC, in the ${applicationNames[p.application]}. You were signed out everywhere else.`, 'Not you? Tell your administrator or the support desk at once, and ask for another reset from the log-in page.'],
  }),
} as const;
