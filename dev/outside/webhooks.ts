import { setTimeout as pause } from 'node:timers/promises';
import { getExpectedTwilioSignature } from 'twilio';
import type { Text } from './store';

const TIMEOUT_MS = 10_000;
const RETRY_AFTER_MS = [500, 2_000, 8_000, 30_000];

/** Who signs. */
export interface Signer {
  readonly accountSid: string;
  readonly authToken: string;
}

/**
 * Posts a webhook with the provider's signature; one that is not answered with success is repeated, four times at most.
 * @returns whether it was taken
 */
export async function postWebhook(url: string, parameters: Record<string, string>, signer: Signer, signal: AbortSignal): Promise<boolean> {
  const signature = getExpectedTwilioSignature(signer.authToken, url, parameters);
  for (const wait of [0, ...RETRY_AFTER_MS]) {
    if (wait > 0) await pause(wait, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return false;
    const answer = await fetch(url, {
      method: 'POST', redirect: 'manual', body: new URLSearchParams(parameters), headers: { 'X-Twilio-Signature': signature },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    }).catch(() => undefined);
    await answer?.body?.cancel().catch(() => undefined);
    if (answer?.ok) return true;
  }
  return false;
}

/** What the provider posts about a text it sends. */
export function statusParameters(text: Text, { accountSid }: Signer): Record<string, string> {
  return {
    AccountSid: accountSid, ApiVersion: '2010-04-01', From: text.from, To: text.to, MessageSid: text.id, SmsSid: text.id,
    MessageStatus: text.status, SmsStatus: text.status, ...(text.status === 'undelivered' ? { ErrorCode: String(text.errorCode) } : {}),
  };
}

/** What the provider posts about a text that somebody sends to it. */
export function inboundParameters(text: Text, { accountSid }: Signer): Record<string, string> {
  return {
    AccountSid: accountSid, ApiVersion: '2010-04-01', From: text.from, To: text.to, Body: text.text, MessageSid: text.id, SmsSid: text.id,
    SmsMessageSid: text.id, SmsStatus: text.status, NumMedia: '0', NumSegments: String(text.segments),
  };
}
