export { broadcast } from './broadcast/workflow';
export { connectOnboarding } from './connect-onboarding/workflow';
export { continuityEvent } from './continuity-event/workflow';
export { notice } from './notice/workflow';
export { numberCheck } from './number-check/workflow';
export { passwordReset } from './password-reset/workflow';
export { signIn } from './sign-in/workflow';
export { smsSubscription } from './sms-subscription/workflow';
