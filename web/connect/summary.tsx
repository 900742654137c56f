import { Text, Title } from '@mantine/core';
import type { TaskName } from '../../domain/onboarding/tasks';
import type { Draft } from '../../domain/onboarding/forms';
import type { OnboardingTask } from '../api/onboardings';
import styles from './connect.module.css';
import { factsInWords, importProblems } from './facts';
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

/** What a validation found so far, or in the end, with the lines that could not be taken. */
export function Found({ task }: { task: OnboardingTask }) {
  const facts = factsInWords(task.name, task.facts);
  const problems = importProblems(task.facts);
  if (facts.length === 0 && problems.length === 0) return null;
  return (
    <section aria-label="What was found">
      <Title order={2} size="h5" mb={4}>What was found</Title>
      {facts.map((fact) => <Text key={fact}>{fact}</Text>)}
      {problems.length > 0 && (
        <ul className={styles.problems} tabIndex={0} aria-label="Lines that cannot be taken">
          {problems.map(({ line, reason }) => <li key={line}>{`Line ${line}: ${reason}`}</li>)}
        </ul>
      )}
    </section>
  );
}
