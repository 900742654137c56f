import { Anchor, Stack, VisuallyHidden } from '@mantine/core';
import { taskTexts } from '../../domain/onboarding/texts';
import type { TaskName } from '../../domain/onboarding/tasks';
import type { OnboardingCounts } from '../api/onboarding-list';
import styles from './console.module.css';
import { waits } from './waits-for';

interface ChartProps {
  readonly counts: OnboardingCounts;
  /** Shows in the list only those whose next task this is. */
  readonly onChoose: (task: TaskName) => void;
}

/** How many open onboardings wait at each task, and for what: bars for who sees them, the same as a table for everybody. */
export function OnboardingChart({ counts, onChoose }: ChartProps) {
  const most = Math.max(1, ...counts.tasks.map(({ administrator, validation, attention }) => administrator + validation + attention));
  return (
    <Stack gap="xs">
      <ul className={styles.legend} aria-hidden>
        {waits.map(({ id, words }) => <li key={id}><span className={`${styles.swatch} ${styles[id]}`} />{words}</li>)}
      </ul>
      <table className={styles.chart}>
        <caption>Open onboardings by their next task</caption>
        <thead>
          <tr>
            <th scope="col"><VisuallyHidden>Task</VisuallyHidden></th>
            {waits.map(({ id, words }) => <th key={id} scope="col"><span className={`${styles.swatch} ${styles[id]}`} /><VisuallyHidden>{words}</VisuallyHidden></th>)}
          </tr>
        </thead>
        <tbody>
          {counts.tasks.map((row) => (
            <tr key={row.task}>
              <th scope="row">
                <Anchor component="button" type="button" size="sm" ta="left" underline="always" onClick={() => onChoose(row.task)}>{taskTexts[row.task].title}</Anchor>
                <div className={styles.bar} aria-hidden>
                  {waits.map(({ id }) => row[id] > 0 && <span key={id} className={styles[id]} style={{ width: `${(row[id] / most) * 96}%` }} />)}
                </div>
              </th>
              {waits.map(({ id }) => <td key={id}>{row[id]}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </Stack>
  );
}
