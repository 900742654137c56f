export { connectOnboarding } from './connect-onboarding/workflow';
export { notice } from './notice/workflow';
export { passwordReset } from './password-reset/workflow';
export { signIn } from './sign-in/workflow';
