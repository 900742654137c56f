import { Anchor, Button, Group, List, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { ProblemAlert } from '../shell/problem-alert';
import type { TaskProps } from './page-props';
import { BackToAll } from './task-foot';
import { useTaskStep } from './use-task-step';

/** A task that nobody began: it is started here, or says what comes before it. */
export function NotStartedTask({ task, ...given }: TaskProps) {
  const { onboarding } = given;
  const start = useTaskStep(given);
  const before = onboarding.details.tasks.filter(({ name }) => task.needs.includes(name));
  return (
    <Stack>
      <ProblemAlert error={start.error} />
      {before.length === 0 ? <Group><Button onClick={() => start.mutate({ task: task.name, step: 'start' })} loading={start.isPending}>Start this task</Button></Group> : (
        <>
          <Text>Complete first:</Text>
          <List spacing="xs">
            {before.map(({ name, title }) => <List.Item key={name}><Anchor component={Link} to={`/connect/${onboarding.id}/tasks/${name}`} underline="always">{title}</Anchor></List.Item>)}
          </List>
        </>
      )}
      <BackToAll onboarding={onboarding} current={task.name} />
    </Stack>
  );
}
