import { VisuallyHidden } from '@mantine/core';
import type { Criterion } from '../../domain/password-policy';
import { IconCheck, IconCross } from '../shell/icons';
import styles from '../shell/shell.module.css';

/** A criterion of the policy, or one that the page adds. */
type Line = Pick<Criterion, 'label' | 'met'> & { readonly id: string };

/** The policy's lines, each with a green tick or a red cross, and the same in words for a screen reader. */
export function Criteria({ criteria }: { criteria: readonly Line[] }) {
  const met = criteria.filter((criterion) => criterion.met).length;
  return (
    <div>
      <ul className={styles.criteria} aria-label="What your new password must be like">
        {criteria.map((criterion) => (
          <li key={criterion.id} className={styles.criterion} data-met={criterion.met}>
            {criterion.met ? <IconCheck label="Met:" color="#1b7a3a" /> : <IconCross label="Not met:" color="#b3261e" />}
            <span>{criterion.label}</span>
          </li>
        ))}
      </ul>
      <VisuallyHidden role="status">{`${met} of ${criteria.length} criteria are met.`}</VisuallyHidden>
    </div>
  );
}
