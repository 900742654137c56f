import { Anchor, Checkbox, Text } from '@mantine/core';
import { Link } from 'react-router';
import styles from '../connect.module.css';
import { withValue } from '../drafts';
import { isTicked, type FormProps } from '../form-kit';
import { Entered } from '../summary';
import { StateBadge } from '../task-state';

/** Everything that was set up, to look over, and the word that starts it. */
export function ReviewFields(form: FormProps) {
  const { onboarding, draft, change, errorAt } = form;
  return (
    <>
      <ul className={styles.overview} aria-label="What was set up">
        {onboarding.details.tasks.filter(({ name }) => name !== 'review').map((task) => (
          <li key={task.name}>
            <Anchor component={Link} to={`/connect/${onboarding.id}/tasks/${task.name}`} underline="always" fw={650}>{task.title}</Anchor>
            <StateBadge state={task.state} />
            <div className={styles.whole}>{Object.keys(task.draft).length > 0 ? <Entered task={task} /> : <Text size="sm" c="dimmed">Nothing was entered.</Text>}</div>
          </li>
        ))}
      </ul>
      <Checkbox name="confirmed" label="Everything is as it should be: go live." checked={isTicked(form, 'confirmed')} error={errorAt('confirmed')} onChange={(event) => change(withValue(draft, 'confirmed', event.currentTarget.checked))} />
    </>
  );
}
