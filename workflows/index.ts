export { passwordReset } from './password-reset/workflow';
