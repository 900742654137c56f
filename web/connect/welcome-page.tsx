import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import styles from './connect.module.css';
import type { ConnectPageProps } from './page-props';
import { useTaskStep } from './use-task-step';

/** What the application is for and what there is to read. Shown until any task has started, and never again. */
export function WelcomePage({ onboarding, update, refetch }: ConnectPageProps) {
  const navigate = useNavigate();
  const start = useTaskStep({ onboarding, update, refetch });
  const { welcome, next } = onboarding.details;
  const begin = async () => {
    if (!next) return;
    await start.mutateAsync({ task: next, step: 'start' });
    await navigate(`/connect/${onboarding.id}/tasks/${next}`);
  };
  return (
    <Stack>
      <StepHeading>{welcome?.title ?? 'Welcome'}</StepHeading>
      <ProblemAlert error={start.error} />
      {welcome?.introduction.map((paragraph) => <Text key={paragraph}>{paragraph}</Text>)}
      <Title order={2} size="h4" mt="xs">Resources</Title>
      <ul className={styles.resources}>
        {welcome?.resources.map(({ title, text }) => (
          <li key={title}>
            <Title order={3} size="h5" mb={4}>{title}</Title>
            <Text size="sm">{text}</Text>
          </li>
        ))}
      </ul>
      <Group mt="xs">
        <Button onClick={() => void begin().catch(() => undefined)} loading={start.isPending}>Get started</Button>
        <Anchor component={Link} to={`/connect/${onboarding.id}/tasks`} underline="always">Look at the tasks first</Anchor>
      </Group>
    </Stack>
  );
}
