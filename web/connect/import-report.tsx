import { Alert, Text } from '@mantine/core';
import { conflictTexts } from '../../domain/imports';
import type { DirectoryTrial, UploadedUsers } from '../api/onboardings';
import styles from './connect.module.css';
import { factsInWords } from './facts';

const good = { color: 'green', styles: { title: { color: '#14602d' }, message: { color: '#1b2733' } } } as const;
const bad = { color: 'yellow', styles: { root: { backgroundColor: '#fdf3d7' }, title: { color: '#6b4500' }, message: { color: '#1b2733' } } } as const;

/** What was read of a file or a directory, before anybody becomes a user: counts, what is wrong line by line, and conflicts. */
export function ImportReport({ title, found: { result, reason, whatToDo, report } }: { title: string; found: Pick<UploadedUsers & DirectoryTrial, 'result' | 'reason' | 'whatToDo' | 'report'> }) {
  const lines = [...(report?.toldProblems ?? []), ...(report?.plan.conflicts ?? []).map(({ line, why }) => ({ line, reason: conflictTexts[why] }))].sort((one, other) => one.line - other.line);
  const problems = report?.problems ?? 0;
  return (
    <Alert role="status" variant="light" title={title} {...(result === 'ok' ? good : bad)}>
      {/* Its reason names the first lines, which are all listed below. */}
      {reason !== null && lines.length === 0 && <Text>{reason}</Text>}
      {result === 'ok' && report && factsInWords('users', { ...report }).map((fact) => <Text key={fact}>{fact}</Text>)}
      {problems > 0 && <Text>{`${problems.toLocaleString('en')} ${problems === 1 ? 'line' : 'lines'} cannot be taken${result === 'ok' ? '.' : ', so nothing is.'}`}</Text>}
      {whatToDo !== null && <Text>{whatToDo}</Text>}
      {lines.length > 0 && (
        <ul className={styles.problems} tabIndex={0} aria-label="Lines that cannot be taken">
          {lines.map(({ line, reason: why }) => <li key={`${line} ${why}`}>{`Line ${line}: ${why}`}</li>)}
        </ul>
      )}
    </Alert>
  );
}
