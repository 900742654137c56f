import type { SenderRate } from '../../db/sms-senders';
import type { ActivityDependencies } from '../dependencies';

/** Of a sender that codes go out through as well, so much is left to them. */
const CODES_SHARE = 0.2;

/** What notices may send: all of a sender of their own, or what codes leave. */
export function noticeRate({ sms, noticeSms, smsSegmentsPerSecond }: Pick<ActivityDependencies, 'sms' | 'noticeSms' | 'smsSegmentsPerSecond'>): SenderRate {
  const share = noticeSms.from === sms.from ? 1 - CODES_SHARE : 1;
  return { sender: noticeSms.from, perSecond: smsSegmentsPerSecond * share };
}

/** What notices by e-mail may send: a sender of their own, whatever server takes them. */
export function emailRate({ noticeEmailsPerSecond }: Pick<ActivityDependencies, 'noticeEmailsPerSecond'>): SenderRate {
  return { sender: 'email', perSecond: noticeEmailsPerSecond };
}

const BATCH_SECONDS = 20;
const LEAST = 25;
const MOST = 2_000;

/** How many notices a batch has: what goes out in 20 seconds, within bounds. */
export function batchSize({ perSecond }: SenderRate): number {
  return Math.min(Math.max(Math.round(perSecond * BATCH_SECONDS), LEAST), MOST);
}

const TURN_SECONDS = 0.25;
const MOST_AT_ONCE = 400;

/**
 * How many notices are claimed and sent at a time: a quarter of a second's, so that whoever opts out or stops it is
 * heard at once, and others' turns come soon. An account that tells several phases has no more turns than one that tells one.
 */
export function turnSize({ perSecond }: SenderRate, segments: number, phasesOfAccount: number): number {
  return Math.min(Math.max(Math.floor((perSecond * TURN_SECONDS) / segments / Math.max(phasesOfAccount, 1)), 1), MOST_AT_ONCE);
}
