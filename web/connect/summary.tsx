import type { TaskName } from '../../domain/onboarding/tasks';
import type { Draft } from '../../domain/onboarding/forms';
import type { OnboardingTask } from '../api/onboardings';
import styles from './connect.module.css';
import { inLines } from './field-names';

/** What was entered, to read. */
export function Summary({ task, draft }: { task: TaskName; draft: Draft }) {
  const shown = inLines(task, draft);
  if (shown.length === 0) return null;
  return (
    <dl className={styles.summary}>
      {shown.map(({ path, name, lines }) => (
        <div key={path}>
          <dt>{name}</dt>
          {lines.map((line, index) => <dd key={index}>{line}</dd>)}
        </div>
      ))}
    </dl>
  );
}

/** What was entered for a task, as it lies with the server. */
export function Entered({ task }: { task: OnboardingTask }) {
  return <Summary task={task.name} draft={task.draft} />;
}
