import { Alert } from '@mantine/core';
import { isWorthRetrying, problemOf } from '../api/client';
import { adviceOn } from './problem-words';

const tones = {
  wrong: { color: 'red', styles: { title: { color: '#8f1d1d' }, message: { color: '#1b2733' } } },
  // Nobody did anything wrong: no red for what passes by itself.
  passing: { color: 'yellow', styles: { root: { backgroundColor: '#fdf3d7' }, title: { color: '#6b4500' }, message: { color: '#1b2733' } } },
} as const;

/** Says what went wrong and what to do. Nothing where nothing did. */
export function ProblemAlert({ error }: { error: unknown }) {
  if (!error) return null;
  const { title, attemptsLeft, errors } = problemOf(error);
  const { color, styles } = isWorthRetrying(error) ? tones.passing : tones.wrong;
  return (
    <Alert role="alert" color={color} variant="light" title={title} styles={styles}>
      {adviceOn(error)}
      {errors?.map(({ path, message }) => <div key={path}>{`${path}: ${message}`}</div>)}
      {attemptsLeft !== undefined && <div>{attemptsLeft === 1 ? 'One more try is left.' : `${attemptsLeft} more tries are left.`}</div>}
    </Alert>
  );
}
