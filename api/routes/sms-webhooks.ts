import { Router, urlencoded } from 'express';
import { validateRequest } from 'twilio';
import { takeReport } from '../continuity/reports';
import type { ApiDependencies } from '../dependencies';
import type { ReceivedText } from '../sms-subscription/receive';
import { findMessage, moveMessage, type MessageRow, type MessageState } from '../../db/messages';
import { Problem } from '../problems';

const STATES: Record<string, MessageState> = { accepted: 'accepted', queued: 'accepted', sending: 'accepted', sent: 'sent', delivered: 'delivered', undelivered: 'undelivered', failed: 'failed' };

interface WebhookDependencies extends Pick<ApiDependencies, 'settings' | 'db' | 'keys' | 'clock'> {
  /** Is told of a text that the provider took and could not deliver, each time it says so, with the provider's code. */
  reachedNobody(message: MessageRow, code: string | undefined): Promise<void>;
  /** Takes a text that somebody sent. */
  received(text: ReceivedText): Promise<void>;
}

/** Where the SMS provider reports. Believed only with its signature over the full address and every parameter. */
export function smsWebhookRoutes(deps: WebhookDependencies): Router {
  const { settings, db } = deps;
  const router = Router();
  router.use(urlencoded({ extended: false, limit: '16kb' }), (req, _res, next) => {
    const signature = req.get('X-Twilio-Signature') ?? '';
    const genuine = validateRequest(settings.TWILIO_AUTH_TOKEN, signature, `${settings.PUBLIC_URL}${req.originalUrl}`, (req.body ?? {}) as Record<string, string>);
    next(genuine ? undefined : new Problem('forbidden', { detail: 'The signature does not fit.' }));
  });
  // A callback names our own message in its signed address: it proves acceptance also where the answer was lost.
  router.post('/status', async (req, res) => {
    const { MessageSid, MessageStatus, ErrorCode } = req.body as Record<string, string | undefined>;
    const id = String(req.query.message ?? '');
    const to = MessageStatus === undefined ? undefined : STATES[MessageStatus];
    const message = await findMessage(db, id);
    if (to && MessageSid && message) {
      await moveMessage(db, id, to, { providerId: MessageSid, ...(ErrorCode ? { why: `provider ${ErrorCode}` } : {}) });
      if (to === 'undelivered' || to === 'failed') await deps.reachedNobody(message, ErrorCode);
    } else if (to && MessageSid) await takeReport(deps, id, { to, providerId: MessageSid, code: ErrorCode });
    res.sendStatus(204);
  });
  // Answered with nothing to say: answers go out as messages of ours, so that each is sent once.
  router.post('/inbound', async (req, res) => {
    const { MessageSid, From, To, Body, OptOutType } = req.body as Record<string, string | undefined>;
    if (MessageSid && From) await deps.received({ providerId: MessageSid, from: From, to: To ?? '', body: Body ?? '', optOutType: OptOutType });
    res.type('text/xml').send('<Response/>');
  });
  return router;
}
