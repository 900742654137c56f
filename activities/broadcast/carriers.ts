import { factsOf, type PhaseRow } from '../../db/continuity-events';
import type { Claimed, Outcome } from '../../db/continuity-deliveries';
import type { SenderRate } from '../../db/sms-senders';
import { channelOf, type Channel } from '../../domain/continuity/events';
import { isEmailAddress } from '../../domain/imports';
import { renderMessage, type RenderedMessage } from '../../templates';
import type { ActivityDependencies } from '../dependencies';
import { sendEmail } from '../send-email';
import { emailRate, noticeRate } from './rate';
import { refused } from './refusals';
import { textsOf } from './texts';

/** What became of one attempt, and whether it says something about our account at the provider. */
export interface Attempt extends Outcome {
  readonly account?: true;
}

/** How the notices of a phase go out. */
export interface Carrier {
  readonly channel: Channel;
  readonly rate: SenderRate;
  /** How many segments a notice most likely has; an e-mail counts as one. */
  readonly segments: number;
  /** Requests at a time of one turn. */
  readonly atOnce: number;
  /** After so many milliseconds an attempt is over. */
  readonly timeoutMs: number;
  send(claimed: Claimed): Promise<Attempt>;
}

/** What became of an attempt, as it is written down. */
export const outcomeOf = ({ id }: Claimed, segments: number, state: Outcome['state'], why: string | null, providerId: string | null = null): Attempt => ({ id, state, why, providerId, segments });

function byText(deps: ActivityDependencies, phase: PhaseRow): Carrier {
  const texts = textsOf(deps, phase);
  return {
    channel: 'sms', rate: noticeRate(deps), segments: texts.segments, atOnce: 24, timeoutMs: deps.noticeSms.timeoutMs,
    async send(claimed) {
      const { body, segments } = texts.of(claimed);
      const sent = await deps.noticeSms.send({ to: claimed.e164, body, statusCallback: `${deps.publicUrl}/api/webhooks/sms/status?message=${claimed.id}` });
      switch (sent.kind) {
        case 'accepted': return outcomeOf(claimed, segments, 'accepted', null, sent.providerId);
        case 'unknown': return outcomeOf(claimed, segments, 'unknown', sent.why);
        case 'retry': return { ...outcomeOf(claimed, segments, 'queued', sent.why), ...(sent.account ? { account: true } : {}) };
        case 'failed': return outcomeOf(claimed, segments, await refused(deps, claimed, sent), sent.why);
      }
    },
  };
}

/** A repeat after a lost answer is recognised by its Message-ID, so an e-mail is never in doubt. */
function byEmail(deps: ActivityDependencies, phase: PhaseRow): Carrier {
  const { brand, publicUrl, email } = deps;
  const [texts, { eventName }] = [textsOf(deps, phase), factsOf(phase)];
  let last: { readonly text: string; readonly written: Promise<RenderedMessage> } | undefined;
  // Most alerts say the same to everybody: those are written once.
  const written = (text: string): Promise<RenderedMessage> => {
    if (last?.text !== text) last = { text, written: renderMessage({ purpose: 'continuity-notice', eventName, text }, { brand, publicUrl }) };
    return last.written;
  };
  return {
    channel: 'email', rate: emailRate(deps), segments: 1, atOnce: 5, timeoutMs: email.timeoutMs,
    async send(claimed) {
      const to = claimed.address ?? '';
      if (!isEmailAddress(to)) return outcomeOf(claimed, 1, 'failed', 'no address');
      const sent = await sendEmail(deps, { id: claimed.id, to }, await written(texts.of(claimed).body));
      if (sent.kind === 'accepted') return outcomeOf(claimed, 1, 'accepted', null, sent.providerId);
      return outcomeOf(claimed, 1, sent.kind === 'failed' ? 'failed' : 'queued', sent.why);
    },
  };
}

export function carrierOf(deps: ActivityDependencies, phase: PhaseRow): Carrier {
  return channelOf(phase.phase) === 'email' ? byEmail(deps, phase) : byText(deps, phase);
}
