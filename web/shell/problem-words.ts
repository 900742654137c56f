import { problemOf, slugOf } from '../api/client';

/** What the problem documents say to frontend developers, said to people. */
const forPeople: Readonly<Record<string, string>> = {
  'wrong-step': 'This page was out of date. It is up to date now: go on with what it shows.',
  'request-in-progress': 'Wait a moment, then do the same again.',
  'resend-too-soon': 'Wait until the time beside the button is over.',
  'engine-unavailable': 'Nothing is lost: wait a moment, then try again.',
};

/** What to do about an error, in words for people. */
export function adviceOn(error: unknown): string | undefined {
  return forPeople[slugOf(error)] ?? problemOf(error).detail;
}
