import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { notOffered } from '../../domain/onboarding/tasks';
import { whyNotOffered } from '../../domain/onboarding/texts';
import { ProblemAlert } from '../shell/problem-alert';
import { moment } from '../signed-in/moment';
import { factsInWords } from './facts';
import { statesOf, type TaskProps } from './page-props';
import { Entered } from './summary';
import { GoOn } from './task-foot';
import { useTaskStep } from './use-task-step';

/** A completed task: what was entered and found, and where to go from here. */
export function CompletedTask({ task, ...given }: TaskProps) {
  const reopen = useTaskStep(given);
  const why = notOffered('reopen', task.name, statesOf(given.onboarding));
  const facts = factsInWords(task.name, task.facts);
  return (
    <Stack>
      <ProblemAlert error={reopen.error} />
      {task.completedAt !== null && <Text>{`Completed ${moment(task.completedAt)}.`}</Text>}
      <Entered task={task} />
      {facts.length > 0 && (
        <div>
          <Title order={2} size="h5" mb={4}>What was found</Title>
          {facts.map((fact) => <Text key={fact}>{fact}</Text>)}
        </div>
      )}
      {why === null
        ? <Group><Button variant="default" size="sm" onClick={() => reopen.mutate({ task: task.name, step: 'reopen' })} loading={reopen.isPending}>Reopen</Button></Group>
        : <Text size="sm" c="dimmed">{whyNotOffered(why)}</Text>}
      <GoOn onboarding={given.onboarding} />
    </Stack>
  );
}
