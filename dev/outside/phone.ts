import { randomBytes } from 'node:crypto';
import { Router, urlencoded } from 'express';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import type { MessageStore } from './store';

/** What goes wrong at the carrier, on demand. */
export interface Faults {
  mode: 'none' | 'slow' | '429' | '500' | 'hang';
  email: 'none' | 'temporary' | 'permanent';
  undeliverable: string[];
}

interface Sent {
  sid: string; to: string; from: string; body: string; status: string; error_code: number | null; created: Date; callback?: string;
}

const SLOW_MS = 3_000;
const E164 = /^\+[1-9]\d{6,14}$/;

function errorBody(status: number, code: number, message: string) {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

/** The provider's Messages resource, as its client sees it: answers, errors, status callbacks and signed inbound texts. */
export function createPhone(options: { store: MessageStore; accountSid: string; authToken: string; faults: Faults; inboundUrl: string }) {
  const { store, accountSid, authToken, faults } = options;
  const sent: Sent[] = [];
  const router = Router();

  const resource = (message: Sent) => ({
    account_sid: accountSid, api_version: '2010-04-01', body: message.body, date_created: message.created.toUTCString(), date_sent: message.created.toUTCString(),
    date_updated: message.created.toUTCString(), direction: 'outbound-api', error_code: message.error_code, error_message: null, from: message.from, messaging_service_sid: null,
    num_media: '0', num_segments: String(Math.max(1, Math.ceil(message.body.length / 153))), price: null, price_unit: 'USD', sid: message.sid, status: message.status,
    subresource_uris: {}, tags: null, to: message.to, uri: `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}.json`,
  });

  async function signedPost(url: string, parameters: Record<string, string>): Promise<void> {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': getExpectedTwilioSignature(authToken, url, parameters) };
    await fetch(url, { method: 'POST', headers, body: new URLSearchParams(parameters) }).catch(() => undefined);
  }

  async function report(message: Sent): Promise<void> {
    const undeliverable = faults.undeliverable.includes(message.to);
    for (const status of ['sent', undeliverable ? 'undelivered' : 'delivered']) {
      message.status = status;
      message.error_code = status === 'undelivered' ? 30003 : null;
      if (!message.callback) continue;
      await signedPost(message.callback, {
        MessageSid: message.sid, MessageStatus: status, AccountSid: accountSid, To: message.to, From: message.from, ApiVersion: '2010-04-01', ...(status === 'undelivered' ? { ErrorCode: '30003' } : {}),
      });
    }
  }

  router.use('/2010-04-01/Accounts/:sid', (req, res, next) => {
    const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (req.params.sid === accountSid && req.get('Authorization') === expected) return next();
    res.status(401).json(errorBody(401, 20003, 'Authenticate'));
  });
  router.post('/2010-04-01/Accounts/:sid/Messages.json', urlencoded({ extended: false }), async (req, res) => {
    const { To = '', From = '', MessagingServiceSid, Body = '', StatusCallback } = req.body as Record<string, string | undefined>;
    if (faults.mode === '429') return void res.status(429).json(errorBody(429, 20429, 'Too Many Requests'));
    if (faults.mode === '500') return void res.status(500).json(errorBody(500, 20500, 'Internal Server Error'));
    if (faults.mode === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    if (!E164.test(To)) return void res.status(400).json(errorBody(400, 21211, `The 'To' number ${To} is not a valid phone number.`));
    if (Body === '') return void res.status(400).json(errorBody(400, 21602, 'Message body is required.'));
    const message: Sent = { sid: `SM${randomBytes(16).toString('hex')}`, to: To, from: From || (MessagingServiceSid ?? ''), body: Body, status: 'queued', error_code: null, created: new Date(), ...(StatusCallback ? { callback: StatusCallback } : {}) };
    sent.unshift(message);
    if (!faults.undeliverable.includes(To)) store.add({ channel: 'sms', to: To, from: message.from, text: Body, sentAt: message.created.toISOString(), providerId: message.sid });
    // Accepted, and then silence: the client cannot know.
    if (faults.mode === 'hang') return;
    res.status(201).json(resource(message));
    void report(message);
  });
  router.get('/2010-04-01/Accounts/:sid/Messages.json', (req, res) => {
    const to = req.query.To;
    const after = req.query['DateSent>'];
    const found = sent.filter((message) => (to === undefined || message.to === to) && (after === undefined || message.created >= new Date(String(after))));
    const pageSize = Math.min(Number(req.query.PageSize ?? 50), 1000);
    const uri = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
    res.json({ messages: found.slice(0, pageSize).map(resource), first_page_uri: uri, next_page_uri: null, previous_page_uri: null, uri, page: 0, page_size: pageSize, start: 0, end: found.length });
  });
  router.get('/2010-04-01/Accounts/:sid/Messages/:message', (req, res) => {
    const message = sent.find(({ sid }) => `${sid}.json` === req.params.message);
    if (!message) return void res.status(404).json(errorBody(404, 20404, 'The requested resource was not found'));
    res.json(resource(message));
  });

  /** A text from a phone to us, signed as the provider signs it. */
  const reply = (input: { from: string; to: string; body: string }): Promise<void> => {
    store.add({ channel: 'sms', to: input.to, from: input.from, text: input.body, sentAt: new Date().toISOString() });
    return signedPost(options.inboundUrl, { MessageSid: `SM${randomBytes(16).toString('hex')}`, AccountSid: accountSid, From: input.from, To: input.to, Body: input.body, NumMedia: '0', ApiVersion: '2010-04-01' });
  };
  return { router, reply };
}
