import type { Application } from '../domain/password-reset';
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
  | { readonly purpose: 'password-changed'; readonly at: string; readonly application: Application };

/** A text message has only `text`. */
export interface RenderedMessage {
  readonly subject?: string;
  readonly text: string;
  readonly html?: string;
}

function emailText(content: MessageContent, brand: string): EmailText | string {
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
  }
}

function plainText(email: EmailText, brand: string): string {
  const blocks = [...email.paragraphs, ...(email.lines ? [email.lines.join('\n')] : []), ...(email.button ? [`${email.button.label}:\n${email.button.url}`] : []), ...(email.after ?? []), brand];
  return `${blocks.join('\n\n')}\n`;
}

/** Writes out what a person receives. */
export async function renderMessage(content: MessageContent, context: { readonly brand: string; readonly publicUrl: string }): Promise<RenderedMessage> {
  const written = emailText(content, context.brand);
  if (typeof written === 'string') return { text: written };
  return { subject: written.subject, text: plainText(written, context.brand), html: await renderEmail(written, context.brand) };
}
