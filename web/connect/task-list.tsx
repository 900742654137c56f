import { Progress, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Onboarding } from '../api/onboardings';
import styles from './connect.module.css';
import { StateDot, stateNames } from './task-state';

/** How far the onboarding has come, and every task with its state. */
export function TaskList({ onboarding, current }: { onboarding: Onboarding; current: string | undefined }) {
  const { tasks } = onboarding.details;
  const completed = tasks.filter(({ state }) => state === 'completed').length;
  const said = `${completed} of ${tasks.length} tasks completed`;
  return (
    <nav className={styles.nav} aria-label="Tasks">
      <Text size="sm" fw={650}>{said}</Text>
      <Progress value={(completed / tasks.length) * 100} aria-label={said} mt={6} mb="md" radius="xl" size="md" />
      <ol className={styles.tasks}>
        {tasks.map(({ name, title, state }, index) => (
          <li key={name} data-state={state}>
            <Link to={`/connect/${onboarding.id}/tasks/${name}`} className={styles.task} aria-current={name === current ? 'page' : undefined}>
              <StateDot state={state} number={index + 1} />
              <span className={styles.words}>
                <span className={styles.title}>{title}</span>
                <span className={styles.state}>{stateNames[state]}</span>
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
