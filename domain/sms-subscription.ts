/** Recurring programs: texts that people get only after they opted in. */
export const smsPrograms = ['continuity'] as const;
export type SmsProgram = (typeof smsPrograms)[number];

export const subscriptionStates = ['pending', 'active', 'lapsed', 'ended'] as const;
export type SubscriptionState = (typeof subscriptionStates)[number];

/** Whether a subscription can be stopped. */
export function isLive(state: SubscriptionState): boolean {
  return state === 'pending' || state === 'active';
}

/** How an opt-in ends: subscribed, unanswered, or stopped before it was answered. */
export const optInEndings = ['active', 'lapsed', 'ended'] as const;
export type OptInEnding = (typeof optInEndings)[number];

export const optInSteps = ['invited', 'enter-code', ...optInEndings] as const;
export type OptInStep = (typeof optInSteps)[number];

export function isOptInEnding(step: OptInStep): step is OptInEnding {
  return optInEndings.some((ending) => ending === step);
}

/** Why a subscription is no longer active, or never was. `limited`: nothing may be sent to the number now. */
export const endedWhys = ['stopped', 'provider-opt-out', 'number-changed', 'number-refused', 'limited', 'cancelled'] as const;
export type EndedWhy = (typeof endedWhys)[number];

export const consentActions = ['invited', 'asked', 'confirmation-sent', 'reminded', 'confirmed', 'lapsed', 'cancelled', 'refused', 'stopped', 'restarted', 'provider-opt-out', 'number-changed', 'help'] as const;
export type ConsentAction = (typeof consentActions)[number];

export const consentSources = ['page', 'sms', 'administrator', 'provider', 'clock', 'demo'] as const;
export type ConsentSource = (typeof consentSources)[number];

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Times of an opt-in. Of reminders there is one, whether of the invitation or of the confirmation. */
export const optInLimits = {
  invitationMs: 14 * DAY_MS, invitationReminderMs: 3 * DAY_MS,
  confirmationMs: DAY_MS, confirmationReminderMs: DAY_MS / 2,
  reminders: 1, wrongCodes: 5, resendAfterMs: 60 * 1000,
} as const;

/** After how long silence is reminded of. */
export function reminderAfterMs(step: OptInStep): number {
  return step === 'invited' ? optInLimits.invitationReminderMs : optInLimits.confirmationReminderMs;
}
