import { useMutation } from '@tanstack/react-query';
import type { TaskName } from '../../domain/onboarding/tasks';
import { takeTaskStep, type TaskStep } from '../api/onboardings';
import type { ConnectPageProps } from './page-props';

/** A step of a task with a button. A refusal often means that somebody else was faster: what is there now is read. */
export function useTaskStep({ onboarding, update, refetch }: ConnectPageProps) {
  return useMutation({
    mutationFn: ({ task, step }: { task: TaskName; step: TaskStep }) => takeTaskStep(onboarding.id, task, step),
    onSuccess: update,
    onError: () => void refetch(),
  });
}
