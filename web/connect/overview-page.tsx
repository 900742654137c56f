import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Onboarding } from '../api/onboardings';
import { StepHeading } from '../shell/step-heading';
import styles from './connect.module.css';
import { StateBadge, StateDot } from './task-state';

/** Every task with its state: as links, or once nothing can be done any more as what was done. */
export function TaskOverview({ onboarding, linked }: { onboarding: Onboarding; linked: boolean }) {
  const { tasks } = onboarding.details;
  const titleOf = (name: string) => tasks.find((task) => task.name === name)?.title ?? name;
  return (
    <ul className={styles.overview} aria-label="All tasks">
      {tasks.map(({ name, title, state, needs }, index) => (
        <li key={name}>
          <StateDot state={state} number={index + 1} />
          <div>
            {linked ? <Anchor component={Link} to={`/connect/${onboarding.id}/tasks/${name}`} underline="always" fw={650}>{title}</Anchor> : <Text fw={650}>{title}</Text>}
            {linked && state === 'not-started' && needs.length > 0 && <Text size="sm" c="dimmed">{`After: ${needs.map(titleOf).join(', ')}`}</Text>}
          </div>
          <StateBadge state={state} />
        </li>
      ))}
    </ul>
  );
}

/** The application with no task: how far everything is, and where to go on. */
export function OverviewPage({ onboarding }: { onboarding: Onboarding }) {
  const { next, account } = onboarding.details;
  return (
    <Stack>
      <StepHeading>Your onboarding</StepHeading>
      <Text>{`${account.name}, account ${account.code}. What you enter is kept: go on whenever you like, on any device.`}</Text>
      <TaskOverview onboarding={onboarding} linked />
      {next && <Group><Button component={Link} to={`/connect/${onboarding.id}/tasks/${next}`}>Continue</Button></Group>}
    </Stack>
  );
}
