import { Alert } from '@mantine/core';
import { problemOf } from '../api/client';

/** Says what went wrong, in the words of the problem document. Nothing where nothing did. */
export function ProblemAlert({ error }: { error: unknown }) {
  if (!error) return null;
  const { title, detail, attemptsLeft, errors } = problemOf(error);
  return (
    <Alert role="alert" color="red" variant="light" title={title} styles={{ title: { color: '#8f1d1d' }, message: { color: '#1b2733' } }}>
      {detail}
      {errors?.map(({ path, message }) => <div key={path}>{`${path}: ${message}`}</div>)}
      {attemptsLeft !== undefined && <div>{attemptsLeft === 1 ? 'One more try is left.' : `${attemptsLeft} more tries are left.`}</div>}
    </Alert>
  );
}
