import type { CalendarDate } from '../domain/onboarding/calendar';
import { english as onboarding } from '../domain/onboarding/emails';
import type { TaskName } from '../domain/onboarding/tasks';
import type { Application } from '../domain/password-reset';
import type { SmsProgram } from '../domain/sms-subscription';
import { programNames, programTerms, smsTexts } from '../domain/sms-texts';
import { english, type EmailText, type SecondStepChange } from '../domain/texts';
import { renderEmail } from './email';

/** What a message says. Secrets in it live only in the sealed column of its row and in the message itself. */
export type MessageContent =
  | { readonly purpose: 'reset-code'; readonly code: string; readonly minutes: number }
  | { readonly purpose: 'sign-in-passcode'; readonly code: string; readonly minutes: number }
  | { readonly purpose: SecondStepChange; readonly at: string; readonly lastDigits?: string }
  | { readonly purpose: 'reset-link'; readonly url: string; readonly minutes: number }
  | { readonly purpose: 'reset-temporary-password'; readonly email: string; readonly password: string; readonly hours: number; readonly logonUrl: string }
  | { readonly purpose: 'reset-no-number' | 'reset-domain-password' | 'reset-invitation' | 'reset-undelivered' }
  | { readonly purpose: 'temporary-password-expiring'; readonly hoursLeft: number }
  | { readonly purpose: 'password-changed'; readonly at: string; readonly application: Application }
  | { readonly purpose: 'sms-confirmation'; readonly program: SmsProgram; readonly account: string; readonly code: string; readonly hours: number; readonly reminder: boolean }
  | { readonly purpose: 'sms-answer'; readonly program: SmsProgram; readonly answer: 'subscribed' | 'stopped' | 'help' | 'other' }
  | { readonly purpose: 'sms-invitation'; readonly program: SmsProgram; readonly lastDigits: string; readonly reminder: boolean }
  | { readonly purpose: 'continuity-halted'; readonly why: string }
  | { readonly purpose: 'continuity-test'; readonly text: string }
  | { readonly purpose: 'continuity-notice'; readonly eventName: string | null; readonly text: string }
  | { readonly purpose: 'connect-welcome'; readonly logon: string; readonly password: string; readonly hours: number; readonly account: string; readonly again: boolean }
  | { readonly purpose: 'connect-task-completed'; readonly task: TaskName }
  | { readonly purpose: 'connect-task-attention'; readonly task: TaskName; readonly reason: string; readonly whatToDo: string }
  | { readonly purpose: 'connect-reminder'; readonly daysLeft: number; readonly lastDay: CalendarDate; readonly next: TaskName | null }
  | { readonly purpose: 'connect-stalled'; readonly next: TaskName | null }
  | { readonly purpose: 'connect-discontinued'; readonly lastDay: CalendarDate };

interface Context {
  readonly brand: string;
  readonly publicUrl: string;
}

/** A text message has only `text`. */
export interface RenderedMessage {
  readonly subject?: string;
  readonly text: string;
  readonly html?: string;
}

function emailText(content: MessageContent, { brand, publicUrl }: Context): EmailText | string {
  const connect = { brand, url: `${publicUrl}/connect` };
  switch (content.purpose) {
    case 'reset-code': return english.code({ brand, ...content });
    case 'sign-in-passcode': return english.passcode({ brand, ...content });
    case 'reset-invitation': return english.invitation({ brand });
    case 'reset-link': return english.link({ brand, ...content });
    case 'reset-temporary-password': return english.temporaryPassword({ brand, ...content });
    case 'reset-no-number': return english.noNumber({ brand });
    case 'reset-domain-password': return english.domainPassword({ brand });
    case 'reset-undelivered': return english.undelivered({ brand });
    case 'temporary-password-expiring': return english.expiring({ brand, ...content });
    case 'password-changed': return english.changed({ brand, ...content });
    case 'phone-enrolled':
    case 'phone-changed':
    case 'totp-enrolled':
    case 'recovery-codes-issued':
    case 'recovery-code-used':
    case 'reset-by-administrator': return english.secondStep({ brand, ...content, change: content.purpose });
    case 'sms-confirmation': return smsTexts.confirmation({ brand, ...content });
    case 'sms-answer': return smsTexts[content.answer]({ brand, ...content });
    case 'sms-invitation': return english.optInInvitation({ brand, ...content, programName: programNames[content.program], terms: programTerms(content.program), url: `${publicUrl}/account/text-messages` });
    case 'continuity-halted': return english.continuityHalted({ brand, ...content });
    case 'continuity-test': return content.text;
    case 'continuity-notice': return english.continuityNotice({ brand, ...content, url: `${publicUrl}/account/text-messages` });
    case 'connect-welcome': return onboarding.welcome({ ...connect, ...content });
    case 'connect-task-completed': return onboarding.taskCompleted({ ...connect, ...content });
    case 'connect-task-attention': return onboarding.taskAttention({ ...connect, ...content });
    case 'connect-reminder': return onboarding.reminder({ ...connect, ...content });
    case 'connect-stalled': return onboarding.stalled({ ...connect, ...content });
    case 'connect-discontinued': return onboarding.discontinued({ ...connect, ...content });
  }
}

function plainText(email: EmailText, brand: string): string {
  const blocks = [...email.paragraphs, ...(email.lines ? [email.lines.join('\n')] : []), ...(email.button ? [`${email.button.label}:\n${email.button.url}`] : []), ...(email.after ?? []), brand];
  return `${blocks.join('\n\n')}\n`;
}

/** Writes out what a person receives. */
export async function renderMessage(content: MessageContent, context: Context): Promise<RenderedMessage> {
  const written = emailText(content, context);
  if (typeof written === 'string') return { text: written };
  return { subject: written.subject, text: plainText(written, context.brand), html: await renderEmail(written, context.brand) };
}
