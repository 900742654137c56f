import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getExpectedTwilioSignature } from 'twilio';
import type { Answer, Http } from './http';
import { expectStatus } from './http';
import type { Instance } from './instance';

/** A person answers by text, as on the phone's page. */
export async function reply(http: Http, from: string, body: string): Promise<void> {
  const { taken } = expectStatus<{ taken: boolean }>(await http.post('/dev/phone/reply', { from, body }), 200);
  if (!taken) throw new Error(`The text of ${from} was not taken.`);
}

/** What the provider posts about a text that somebody sends. */
export function inboundText(from: string, body: string): Record<string, string> {
  return { AccountSid: 'AC', From: from, To: '+13125550100', Body: body, MessageSid: `SM${randomBytes(16).toString('hex')}` };
}

/** Posts a webhook as the provider does, with the signature of `signed`. */
export function postWebhook(instance: Instance, http: Http, path: string, parameters: Record<string, string>, signed: Record<string, string> = parameters): Promise<Answer> {
  const { authToken } = JSON.parse(readFileSync(join(instance.dataDir, 'embedded.json'), 'utf8')) as { authToken: string };
  const signature = getExpectedTwilioSignature(authToken, `${instance.url}${path}`, signed);
  return http.send('POST', path, { headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature }, body: new URLSearchParams(parameters).toString() });
}
