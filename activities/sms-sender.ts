import twilio from 'twilio';
import RequestClient from 'twilio/lib/base/RequestClient';

export interface Sms {
  readonly to: string;
  readonly body: string;
  /** Where the provider reports what became of it. */
  readonly statusCallback?: string;
}

/** What the provider's answer means, by delivery.md's table. */
export type SmsOutcome =
  | { readonly kind: 'accepted'; readonly providerId: string }
  /** Certainly not taken: try again later. `account`: an operator has to mend our account at the provider first. */
  | { readonly kind: 'retry'; readonly why: string; readonly account?: true }
  /** Never to this number. `code`: the provider's, such as 21610 where its person opted out there. */
  | { readonly kind: 'failed'; readonly why: string; readonly code?: number }
  /** Perhaps taken: look it up before anything else. */
  | { readonly kind: 'unknown'; readonly why: string };

export interface SmsSender {
  readonly timeoutMs: number;
  /** The number or messaging service that texts come from. */
  readonly from: string;
  send(sms: Sms): Promise<SmsOutcome>;
  /** Looks for a message that may have been accepted: the provider's ids of those that say this, to this number, since then. */
  lookUp(sms: Sms, since: Date): Promise<string[]>;
}

const TRY_LATER_CODES = [20429, 21611];
const OUR_ACCOUNT_CODES = [20003, 30002];
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EHOSTUNREACH'];
/** The newest texts to a number: far more than it is sent between an attempt and its look-up. */
const LOOKED_THROUGH = 100;
/** As many as a broadcast has requests on their way: one that waits for a socket is already timed. */
const MOST_SOCKETS = 64;
const HTTP_TOO_MANY = 429;
const HTTP_SERVER_ERROR = 500;

function classify(error: unknown): SmsOutcome {
  const { status, code } = error as { status?: number; code?: number | string };
  const why = `provider ${code ?? status ?? 'error'}`;
  if (typeof code === 'string' && NEVER_SENT.includes(code)) return { kind: 'retry', why };
  if (status === undefined || status >= HTTP_SERVER_ERROR) return { kind: 'unknown', why };
  if (status === HTTP_TOO_MANY || TRY_LATER_CODES.includes(Number(code))) return { kind: 'retry', why };
  // Our account's trouble is mended by an operator, not by the person: what waits goes out when it is.
  if (status === 401 || status === 403 || OUR_ACCOUNT_CODES.includes(Number(code))) return { kind: 'retry', why, account: true };
  return { kind: 'failed', why, ...(typeof code === 'number' ? { code } : {}) };
}

/** The client has no option for another base URL: requests to the provider are sent to the given one instead. */
class RedirectedClient extends RequestClient {
  constructor(private readonly base: string, timeoutMs: number) {
    super({ autoRetry: false, timeout: timeoutMs, maxSockets: MOST_SOCKETS });
  }

  override request<T>(options: Parameters<RequestClient['request']>[0]): ReturnType<RequestClient['request']> & Promise<T> {
    const { pathname, search } = new URL(options.uri);
    return super.request({ ...options, uri: `${this.base}${pathname}${search}` }) as ReturnType<RequestClient['request']> & Promise<T>;
  }
}

/** Sends through the real provider client, one attempt a call with an explicit timeout. */
export function createSmsSender(options: { accountSid: string; authToken: string; from: string; apiUrl?: string | undefined; timeoutMs: number }): SmsSender {
  const { timeoutMs } = options;
  const httpClient = options.apiUrl
    ? new RedirectedClient(options.apiUrl.replace(/\/+$/, ''), timeoutMs)
    : new RequestClient({ autoRetry: false, timeout: timeoutMs, maxSockets: MOST_SOCKETS });
  const client = twilio(options.accountSid, options.authToken, { autoRetry: false, httpClient });
  const sender = options.from.startsWith('MG') ? { messagingServiceSid: options.from } : { from: options.from };
  return {
    timeoutMs,
    from: options.from,
    async send(sms) {
      try {
        const message = await client.messages.create({ to: sms.to, body: sms.body, ...sender, ...(sms.statusCallback ? { statusCallback: sms.statusCallback } : {}) });
        return { kind: 'accepted', providerId: message.sid };
      } catch (error) {
        return classify(error);
      }
    },
    async lookUp(sms, since) {
      // Not by the date of sending: a text that waits in the provider's queue has none.
      const listed = await client.messages.list({ to: sms.to, limit: LOOKED_THROUGH, pageSize: LOOKED_THROUGH });
      return listed.filter(({ body, dateCreated }) => body === sms.body && dateCreated >= since).map(({ sid }) => sid);
    },
  };
}
