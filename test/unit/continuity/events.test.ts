import { eventSteps, nextMoment, offeredEventActions, type EventStep, type PhaseState } from '../../../domain/continuity/events';

test('what is offered depends on the step, and on what is being sent or has failed', () => {
  const offered = (step: EventStep, ...phases: { state: PhaseState; failed?: number; superseded?: number }[]) => offeredEventActions({ step, phases });
  expect(offered('awaiting-approval')).toEqual(['approve', 'change', 'cancel']);
  expect(offered('planned')).toEqual(['start', 'change', 'cancel']);
  expect(offered('active', { state: 'sending', failed: 3 })).toEqual(['change', 'update', 'end', 'stop']);
  expect(offered('active', { state: 'done', failed: 3 }, { state: 'waiting' })).toEqual(['change', 'update', 'end', 'stop', 'retry-failed']);
  expect(offered('ended', { state: 'done' }, { state: 'superseded', failed: 2 })).toEqual([]);
  expect(offered('ended', { state: 'halted' })).toEqual(['retry-failed']);
  expect(offered('active', { state: 'stopped', superseded: 1 })).toEqual(['change', 'update', 'end', 'retry-failed']);
  expect(offered('ended', { state: 'stopped', superseded: 1 })).toEqual([]);
  expect(offered('cancelled', { state: 'stopped', failed: 1 })).toEqual([]);
});

test('an event waits for its start, then for its end, then for nothing', () => {
  const times = { startsAt: 1, endsAt: 2 };
  expect(eventSteps.map((step) => nextMoment({ step, ...times }))).toEqual([2, 1, 2, null, null]);
  expect(nextMoment({ step: 'active', startsAt: 1, endsAt: null })).toBeNull();
});
