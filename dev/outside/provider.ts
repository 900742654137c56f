import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import type { Text } from './store';

/** The provider's documented errors: HTTP status, code, text. */
const errors = {
  authentication: [401, 20003, 'Authenticate'],
  'not-found': [404, 20404, 'The requested resource was not found'],
  'too-many': [429, 20429, 'Too Many Requests'],
  server: [500, 20500, 'An internal server error has occurred'],
  'no-to': [400, 21604, "A 'To' phone number is required."],
  'bad-to': [400, 21211, "Invalid 'To' Phone Number"],
  'no-from': [400, 21603, "A 'From' phone number is required."],
  'bad-from': [400, 21606, "The 'From' phone number provided is not a valid, message-capable phone number of this account."],
  'no-body': [400, 21602, 'Message body is required.'],
  'long-body': [400, 21617, 'The concatenated message body exceeds the 1600 character limit'],
} as const;

/** Answers as the provider does when it refuses. */
export function refuse(res: Response, kind: keyof typeof errors): void {
  const [status, code, message] = errors[kind];
  res.status(status).json({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
}

/** A message SID: SM and 32 hexadecimal digits. */
export function newSid(): string {
  return `SM${randomBytes(16).toString('hex')}`;
}

const GSM_7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
const GSM_7_EXTENDED = /[\^{}\\[~\]|€]/g;

/** How many segments a text is sent in (3GPP TS 23.038: 160 or 153 septets, 70 or 67 UTF-16 units). */
export function segmentsOf(body: string): number {
  const [length, single, each] = GSM_7.test(body) ? [body.length + (body.match(GSM_7_EXTENDED)?.length ?? 0), 160, 153] : [body.length, 70, 67];
  return length <= single ? 1 : Math.ceil(length / each);
}

/** Dates are in RFC 2822 format, to the second. */
function rfc2822(iso: string): string {
  return new Date(iso).toUTCString().replace('GMT', '+0000');
}

/** A message resource as the provider's API shows it. */
export function messageResource(text: Text, accountSid: string): Record<string, unknown> {
  const path = `/2010-04-01/Accounts/${accountSid}/Messages/${text.id}`;
  const fresh = text.status === 'queued';
  return {
    account_sid: accountSid, api_version: '2010-04-01', body: text.text, date_created: rfc2822(text.sentAt),
    date_sent: fresh ? null : rfc2822(text.sentAt), date_updated: rfc2822(text.sentAt), direction: text.direction,
    error_code: text.status === 'undelivered' ? text.errorCode : null, error_message: null, from: text.from, messaging_service_sid: null, num_media: '0',
    num_segments: String(text.segments), price: null, price_unit: 'USD', sid: text.id, status: text.status,
    subresource_uris: { media: `${path}/Media.json` }, to: text.to, uri: `${path}.json`,
  };
}
