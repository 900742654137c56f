import type { TaskCheckers } from './checker';
import { detailsChecker } from './details';
import { reviewChecker } from './review';
import { smsChecker } from './sms';
import { unavailable } from './unavailable';

/** The checks of every task. */
export function createCheckers(): TaskCheckers {
  return {
    details: detailsChecker, domains: unavailable, users: unavailable, authentication: unavailable, 'outbound-mail': unavailable, 'inbound-mail': unavailable, sms: smsChecker, review: reviewChecker,
  };
}
