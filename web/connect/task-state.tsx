import type { TaskState } from '../../domain/onboarding/tasks';
import { IconCheck, IconNotice } from '../shell/icons';
import styles from './connect.module.css';

/** What the states of a task are called on a page. */
export const stateNames: Readonly<Record<TaskState, string>> = {
  'not-started': 'Not started', 'in-progress': 'In progress', validating: 'Being validated', 'needs-attention': 'Needs attention', completed: 'Completed',
};

/** A state as a word on a ground of its colour. */
export function StateBadge({ state }: { state: TaskState }) {
  return <span className={styles.badge} data-state={state}>{stateNames[state]}</span>;
}

/** The number of a task, and what has become of it. */
export function StateDot({ state, number }: { state: TaskState; number: number }) {
  return (
    <span className={styles.dot} data-state={state}>
      {state === 'completed' ? <IconCheck size={16} /> : state === 'needs-attention' ? <IconNotice size={16} /> : number}
    </span>
  );
}
