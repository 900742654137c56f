import { endsOf, type TaskResult } from '../../activities/connect-onboarding/verdict';
import { findOnboarding } from '../../db/onboardings';
import type { TaskName } from '../../domain/onboarding/tasks';
import type { Aftermath } from './experiment';
import type { State } from './state';

/** What stands or falls together, by whether it is there. */
export function expectAllOrNothing(parts: Readonly<Record<string, boolean>>): void {
  const [first] = Object.values(parts);
  expect(parts).toEqual(Object.fromEntries(Object.keys(parts).map((part) => [part, first])));
}

/** Whether something is on record since there were `before` records. */
export const isAudited = ({ audit }: State, action: string, before = 0): boolean => audit.slice(before).some((record: { action: string }) => record.action === action);
export const isQueued = ({ messages }: State, purpose: string): boolean => messages.some((message) => message.purpose === purpose);
export const stateOfTask = ({ tasks }: State, name: TaskName): string => tasks.find(({ task }) => task === name)!.state;

/** These came to an address and nothing else did, however often the same mail came. */
export function expectMail({ received }: Aftermath, to: string, ...subjects: readonly string[]): void {
  expect([...new Set(received.map((message) => `${message.to}: ${message.subject}`))].sort()).toEqual(subjects.map((subject) => `${to}: Postern: ${subject}`).sort());
}

/** The answer is the same one; where the application's end did not move, a repeat may say where it is. */
export async function expectSameAnswer(aftermath: Aftermath, accountCode: string): Promise<void> {
  const { result, state, undisturbed, world } = aftermath;
  const [told, first] = [result as TaskResult, undisturbed.result as TaskResult];
  expect({ state, result: { ...told, ends: null } }).toEqual({ state: undisturbed.state, result: { ...first, ends: null } });
  const ends = await endsOf(world.db, (await findOnboarding(world.db, accountCode))!);
  expect(first.ends === null ? [null, ends] : [ends]).toContainEqual(told.ends);
}
