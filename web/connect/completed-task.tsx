import { Button, Group, Stack, Text } from '@mantine/core';
import { notOffered } from '../../domain/onboarding/tasks';
import { whyNotOffered } from '../../domain/onboarding/texts';
import { ProblemAlert } from '../shell/problem-alert';
import { moment } from '../signed-in/moment';
import { statesOf, type TaskProps } from './page-props';
import { Entered, Found } from './summary';
import { GoOn } from './task-foot';
import { useTaskStep } from './use-task-step';

/** A completed task: what was entered and found, and where to go from here. */
export function CompletedTask({ task, ...given }: TaskProps) {
  const reopen = useTaskStep(given);
  const why = notOffered('reopen', task.name, statesOf(given.onboarding));
  return (
    <Stack>
      <ProblemAlert error={reopen.error} />
      {task.completedAt !== null && <Text>{`Completed ${moment(task.completedAt)}.`}</Text>}
      <Entered task={task} />
      <Found task={task} />
      {why === null
        ? <Group><Button variant="default" size="sm" onClick={() => reopen.mutate({ task: task.name, step: 'reopen' })} loading={reopen.isPending}>Reopen</Button></Group>
        : <Text size="sm" c="dimmed">{whyNotOffered(why)}</Text>}
      <GoOn onboarding={given.onboarding} />
    </Stack>
  );
}
