import { timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Router, urlencoded, type Request, type RequestHandler } from 'express';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { FaultSwitches } from './faults';
import { messageResource, newSid, refuse, segmentsOf } from './provider';
import type { MessageStore, Text } from './store';
import { inboundParameters, postWebhook, statusParameters, type Signer } from './webhooks';

const LONGEST_BODY = 1_600;
const SLOW_MS = 3_000;
const UNREACHABLE = 30003;
const PAGE_SIZE = 50;
const MOST_PER_PAGE = 1_000;

export interface PhoneOptions extends Signer {
  /** The number or messaging service that texts come from. */
  readonly from: string;
  /** Another one, which notices come from. */
  readonly noticesFrom?: string;
  /** Where what people answer is posted to. */
  readonly inboundUrl: string;
  readonly store: MessageStore;
  readonly faults: FaultSwitches;
  readonly stopped: AbortSignal;
}

/** The provider's REST API for messages, with status callbacks and inbound messages, and a way to answer as a person. */
export interface Phone {
  readonly router: Router;
  /** A person answers. Resolves with whether the webhook took it. */
  reply(from: string, to: string, body: string): Promise<boolean>;
}

function authenticated({ accountSid, authToken }: Signer): RequestHandler {
  const expected = Buffer.from(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`);
  return (req, res, next) => {
    const given = Buffer.from(req.get('Authorization') ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return refuse(res, 'authentication');
    if (req.params.account !== accountSid) return refuse(res, 'not-found');
    next();
  };
}

/** DateSent bounds are ISO times or dates, compared to the second as the provider's dates are. What is still queued has no date and fits none. */
function wantedBy(query: Request['query']): (text: Text) => boolean {
  const seconds = (value: unknown): number => Math.floor(Date.parse(String(value)) / 1_000);
  const day = (value: string): string => new Date(value).toISOString().slice(0, 10);
  const bounds = [query.DateSent, query['DateSent>'], query['DateSent<']];
  return (text) =>
    (text.status !== 'queued' || bounds.every((bound) => bound === undefined)) &&
    (query.To === undefined || text.to === query.To) &&
    (query.From === undefined || text.from === query.From) &&
    (query.DateSent === undefined || day(text.sentAt) === day(String(query.DateSent))) &&
    (query['DateSent>'] === undefined || seconds(text.sentAt) >= seconds(query['DateSent>'])) &&
    (query['DateSent<'] === undefined || seconds(text.sentAt) <= seconds(query['DateSent<']));
}

const senderOf = (body: Record<string, string | undefined>): string | undefined => body.MessagingServiceSid ?? body.From;

/** What is wrong with a request to send, as the provider names it. */
function refusalOf(body: Record<string, string | undefined>, senders: readonly (string | undefined)[]): Parameters<typeof refuse>[1] | undefined {
  if (!body.To) return 'no-to';
  if (!parsePhoneNumberFromString(body.To)?.isValid()) return 'bad-to';
  const sender = senderOf(body);
  if (!sender) return 'no-from';
  if (!senders.includes(sender)) return 'bad-from';
  if (!body.Body) return 'no-body';
  return body.Body.length > LONGEST_BODY ? 'long-body' : undefined;
}

export function createPhone(options: PhoneOptions): Phone {
  const { store, faults, accountSid, stopped } = options;

  /** The life of an accepted text: each state is stored, then reported. */
  const deliver = async (queued: Text, callbackUrl: string | undefined): Promise<void> => {
    for (const status of ['sent', queued.errorCode === undefined ? 'delivered' : 'undelivered'] as const) {
      const text: Text = { ...queued, status };
      store.put(text);
      if (callbackUrl && faults.now.reports === 'sent') await postWebhook(callbackUrl, statusParameters(text, options), options, stopped);
    }
  };

  const send: RequestHandler = async (req, res) => {
    const body = (req.body ?? {}) as Record<string, string | undefined>;
    const { mode, undeliverable } = faults.now;
    if (mode === '429') return refuse(res, 'too-many');
    if (mode === '500') return refuse(res, 'server');
    if (mode === 'slow') await pause(SLOW_MS, undefined, { signal: stopped }).catch(() => undefined);
    const refusal = refusalOf(body, [options.from, options.noticesFrom]);
    if (refusal) return refuse(res, refusal);
    const to = parsePhoneNumberFromString(body.To!)!.number;
    const text: Text = {
      id: newSid(), channel: 'sms', direction: 'outbound-api', status: 'queued', to, from: senderOf(body)!, text: body.Body!,
      sentAt: new Date().toISOString(), segments: segmentsOf(body.Body!), ...(undeliverable.includes(to) ? { errorCode: UNREACHABLE } : {}),
    };
    store.put(text);
    // Answered first, as the provider does: it is queued, and reports come later.
    if (mode === 'accept-500') refuse(res, 'server');
    else if (mode !== 'hang') res.status(201).json(messageResource(text, accountSid));
    setImmediate(() => void deliver(text, body.StatusCallback));
  };

  const list: RequestHandler = (req, res) => {
    const size = Math.min(Math.max(1, Number(req.query.PageSize) || PAGE_SIZE), MOST_PER_PAGE);
    const page = Math.max(0, Number(req.query.Page) || 0);
    const found = store.texts().filter(wantedBy(req.query));
    const shown = found.slice(page * size, (page + 1) * size);
    const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
    const uri = (number: number): string => {
      const parameters = new URLSearchParams(Object.entries(req.query).map(([name, value]): [string, string] => [name, String(value)]));
      parameters.set('PageSize', String(size));
      parameters.set('Page', String(number));
      return `${path}?${parameters.toString()}`;
    };
    res.json({
      messages: shown.map((text) => messageResource(text, accountSid)), page, page_size: size, start: page * size, end: page * size + Math.max(0, shown.length - 1),
      uri: uri(page), first_page_uri: uri(0), previous_page_uri: page > 0 ? uri(page - 1) : null, next_page_uri: found.length > (page + 1) * size ? uri(page + 1) : null,
    });
  };

  const one: RequestHandler = (req, res) => {
    const text = store.text(String(req.params.sid));
    if (text) res.json(messageResource(text, accountSid));
    else refuse(res, 'not-found');
  };

  const router = Router();
  const base = '/2010-04-01/Accounts/:account';
  const auth = authenticated(options);
  router.post(`${base}/Messages.json`, auth, urlencoded({ extended: false, limit: '64kb' }), send);
  router.get(`${base}/Messages.json`, auth, list);
  router.get(`${base}/Messages/:sid.json`, auth, one);
  return {
    router,
    async reply(from, to, body) {
      const text: Text = { id: newSid(), channel: 'sms', direction: 'inbound', status: 'received', from, to, text: body, sentAt: new Date().toISOString(), segments: segmentsOf(body) };
      store.put(text);
      return postWebhook(options.inboundUrl, inboundParameters(text, options), options, stopped);
    },
  };
}
