import { wrong, type CheckProblem } from '../domain/checks';
import { resultCode } from './trouble';

/**
 * Result codes (RFC 4511, appendix A) by which directories refuse a person's bind: invalid credentials; no such entry;
 * an entry without a password; a locked or disabled one (389 Directory Server: 19 and 53).
 */
const REFUSALS = [49, 32, 48, 19, 53];

/** Whether an error is the directory's answer that name and password do not fit: it was asked. */
export function notTheirs(error: unknown): boolean {
  return REFUSALS.includes(resultCode(error) ?? -1);
}

/** What Active Directory adds to "invalid credentials", as a system error code in hexadecimal. */
const WINDOWS_CODE = /\bdata ([0-9a-f]{3,4})\b/i;

type Words = readonly [code: string, reason: string, whatToDo: string];

const reasons = {
  unknown: ['unknown-person', 'The directory has nobody with this address.', 'Check the address, where people are, and the filter.'],
  several: ['several-people', 'More than one entry of the directory has this address.', 'Give each person an address of their own there, or use a filter that finds one of them.'],
  empty: ['no-password', 'The password is missing.', 'Enter it.'],
  password: ['wrong-password', 'The directory refuses this password.', 'Check the password, and that this person may sign in.'],
  '525': ['unknown-person', 'The directory has nobody with this address.', 'Check that people\'s addresses are their user principal names.'],
  '530': ['not-now', 'The directory does not let this person in at this time of day.', 'Try it with somebody who may sign in at any time.'],
  '531': ['not-from-here', 'The directory lets this person in from certain computers only.', 'Try it with somebody who may sign in anywhere.'],
  '532': ['password-expired', 'The password of this person has expired.', 'Have it changed, or try it with somebody else.'],
  '533': ['disabled', 'This person is disabled in the directory.', 'Try it with somebody who is not.'],
  '701': ['account-expired', 'The account of this person has expired in the directory.', 'Try it with somebody else.'],
  '773': ['must-change', 'This person has to change the password first.', 'Have it changed, or try it with somebody else.'],
  '775': ['locked', 'This person is locked in the directory, after too many wrong passwords.', 'Have the lock lifted, or try it with somebody else.'],
} as const satisfies Readonly<Record<string, Words>>;

function problem([code, reason, whatToDo]: Words): CheckProblem {
  return wrong(code, reason, whatToDo);
}

/** Why a person could not even be tried, in words for whoever tries it out; never for the person at the log-in page. */
export function signInProblem(why: 'unknown' | 'several' | 'empty'): CheckProblem {
  return problem(reasons[why]);
}

/** The same of what the directory answered. */
export function refusalProblem(error: unknown): CheckProblem {
  const code = WINDOWS_CODE.exec((error as Error).message)?.[1]?.toLowerCase() ?? '';
  return problem((reasons as Readonly<Record<string, Words>>)[code] ?? reasons.password);
}
