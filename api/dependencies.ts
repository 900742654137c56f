import type { Client } from '@temporalio/client';
import type { Router } from 'express';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Settings } from '../config';
import type { KeyRing } from '../security/keys';
import type { ContinuityService } from './continuity/service';
import type { OnboardingService } from './connect-onboarding/service';
import type { PasswordResetService } from './password-reset/service';
import type { SignInService } from './sign-in/service';
import type { SmsSettingsService } from './sms-settings/service';
import type { SubscriptionService } from './sms-subscription/service';

/** What the API is assembled from; a test passes its own. */
export interface ApiDependencies {
  readonly settings: Settings;
  readonly db: Knex;
  readonly keys: KeyRing;
  readonly temporal: Client;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly passwordResets: PasswordResetService;
  readonly signIns: SignInService;
  readonly onboardings: OnboardingService;
  readonly continuity: ContinuityService;
  readonly smsSubscriptions: SubscriptionService;
  readonly smsSettings: SmsSettingsService;
  /** The embedded mode's inbox, phone and captchas. */
  readonly dev?: Router;
}
