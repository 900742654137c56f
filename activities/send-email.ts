import type { RenderedMessage } from '../templates';
import type { ActivityDependencies } from './dependencies';
import type { EmailOutcome } from './email-sender';

/** Sends what was written for an address. Its Message-ID is made of the row's id, so that a repeat is recognised. */
export function sendEmail({ email, brand, publicUrl }: Pick<ActivityDependencies, 'email' | 'brand' | 'publicUrl'>, { id, to }: { id: string; to: string }, { subject, text, html }: RenderedMessage): Promise<EmailOutcome> {
  return email.send({ to, subject: subject ?? brand, text, html: html ?? '', messageId: `<${id}@${new URL(publicUrl).hostname}>` });
}
