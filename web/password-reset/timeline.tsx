import { IconCheck } from '../shell/icons';
import styles from '../shell/shell.module.css';
import type { ResetStep } from '../../domain/password-reset';

const stages = ['Address', 'Check', 'Delivery', 'Verify', 'Password'] as const;

const stageOf: Partial<Record<ResetStep, number>> = {
  captcha: 1, 'choose-method': 2, 'enter-code': 3, 'follow-link': 3, 'enter-temporary-password': 3, 'new-password': 4, done: stages.length,
};

/** Where in the journey one is. Nothing for an ending that is no arrival. */
export function Timeline({ step }: { step: ResetStep }) {
  const current = stageOf[step];
  if (current === undefined) return null;
  return (
    <ol className={styles.timeline} aria-label="Steps of the password reset">
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
