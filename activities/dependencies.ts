import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { KeyRing } from '../security/keys';
import type { EmailSender } from './email-sender';
import type { SmsSender } from './sms-sender';

/** What the activities of every journey need; a test passes its own. */
export interface ActivityDependencies {
  readonly db: Knex;
  readonly keys: KeyRing;
  readonly email: EmailSender;
  /** What codes go out through. */
  readonly sms: SmsSender;
  /** What notices go out through: a sender of their own, so that who opts out of notices still gets codes. */
  readonly noticeSms: SmsSender;
  /** What a sender may send, in segments. */
  readonly smsSegmentsPerSecond: number;
  /** What notices may send by e-mail. */
  readonly noticeEmailsPerSecond: number;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly brand: string;
  readonly publicUrl: string;
  readonly smsCountries: readonly string[];
  readonly smsPerNumberDaily: number;
  readonly smsPerAccountDaily: number;
}
