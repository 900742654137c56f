import { Anchor, Button, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { TaskName } from '../../domain/onboarding/tasks';
import type { Onboarding } from '../api/onboardings';
import styles from './connect.module.css';
import { stateNames } from './task-state';

/** At the end of a task that is not completed: back to all of them, or to another one that can be gone on with. */
export function BackToAll({ onboarding, current }: { onboarding: Onboarding; current: TaskName }) {
  const { next, tasks } = onboarding.details;
  const other = tasks.find(({ name }) => name === next && name !== current);
  return (
    <div className={styles.foot}>
      <Anchor component={Link} to={`/connect/${onboarding.id}/tasks`} underline="always">All tasks</Anchor>
      {other && <Text size="sm">Next step: <Anchor component={Link} to={`/connect/${onboarding.id}/tasks/${other.name}`} underline="always" size="sm">{other.title}</Anchor></Text>}
    </div>
  );
}

/** At the end of a completed task: on to the next step, into the application without one, or to what was begun. */
export function GoOn({ onboarding }: { onboarding: Onboarding }) {
  const { next, inProgress, tasks } = onboarding.details;
  const begun = tasks.filter(({ name }) => inProgress.includes(name));
  return (
    <>
      <div className={styles.foot}>
        {next && <Button component={Link} to={`/connect/${onboarding.id}/tasks/${next}`}>Continue</Button>}
        <Button variant="default" component={Link} to={`/connect/${onboarding.id}/tasks`}>Cancel</Button>
      </div>
      {begun.length > 0 && (
        <div>
          <Text size="sm" c="dimmed">Tasks in progress</Text>
          <ul className={styles.overview} aria-label="Tasks in progress">
            {begun.map(({ name, title, state }) => (
              <li key={name}>
                <Anchor component={Link} to={`/connect/${onboarding.id}/tasks/${name}`} underline="always">{title}</Anchor>
                <Text size="sm" c="dimmed">{stateNames[state]}</Text>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
