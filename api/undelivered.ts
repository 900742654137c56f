import type { MessageRow } from '../db/messages';
import type { ApiDependencies } from './dependencies';
import { reportUndelivered as codeUndelivered } from './password-reset/engine';
import { reportUndelivered as passcodeUndelivered } from './sign-in/engine';
import { honourReport } from './sms-subscription/receive';

/** Tells whoever waits for a text that it reached nobody. Who asked for a code is told so; an opt-out at the provider counts as STOP. */
export async function reachedNobody(deps: Pick<ApiDependencies, 'db' | 'keys' | 'temporal' | 'clock'>, message: MessageRow, code: string | undefined): Promise<void> {
  if (message.purpose === 'sms-confirmation' || message.purpose === 'sms-answer') return code === undefined ? undefined : honourReport(deps, message.recipient, code);
  return (message.purpose === 'sign-in-passcode' ? passcodeUndelivered : codeUndelivered)(deps.temporal, message);
}
