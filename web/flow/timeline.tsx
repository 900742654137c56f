import { IconCheck } from '../shell/icons';
import styles from '../shell/shell.module.css';

/** Where in a journey one is: past the stages before `current`. Nothing for an ending that is no arrival. */
export function Timeline({ label, stages, current }: { label: string; stages: readonly string[]; current: number | undefined }) {
  if (current === undefined) return null;
  return (
    <ol className={styles.timeline} aria-label={label}>
      {stages.map((stage, index) => {
        const state = index < current ? 'past' : index === current ? 'now' : 'ahead';
        return (
          <li key={stage} className={styles.stage} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <span className={styles.dot}>{state === 'past' ? <IconCheck label="completed" size={16} /> : index + 1}</span>
            {stage}
          </li>
        );
      })}
    </ol>
  );
}
