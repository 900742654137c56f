import { Anchor, Button, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Onboarding } from '../api/onboardings';
import styles from './connect.module.css';
import { stateNames } from './task-state';

/** At the end of a task that is not completed. */
export function BackToAll({ onboarding }: { onboarding: Onboarding }) {
  return <div className={styles.foot}><Anchor component={Link} to={`/connect/${onboarding.id}/tasks`} underline="always">All tasks</Anchor></div>;
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
