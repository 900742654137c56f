import { Text, VisuallyHidden } from '@mantine/core';
import { useEffect } from 'react';
import { inWords } from './duration';
import styles from './shell.module.css';
import { useNow } from './use-now';

/** Minutes at which a screen reader is told, instead of at every second. */
const ANNOUNCED_MINUTES = [5, 1];

function announcement(secondsLeft: number): string {
  const minutes = ANNOUNCED_MINUTES.findLast((limit) => secondsLeft <= limit * 60);
  if (minutes === undefined || secondsLeft <= 0) return '';
  return minutes === 1 ? 'Less than a minute is left.' : `Less than ${minutes} minutes are left.`;
}

/** How long this step is still open. `onOver` is told once when it is not. */
export function TimeLeft({ until, onOver }: { until: string; onOver: () => void }) {
  const secondsLeft = Math.max(0, Math.ceil((Date.parse(until) - useNow()) / 1_000));
  const over = secondsLeft === 0;
  useEffect(() => {
    if (over) onOver();
  }, [over, onOver]);
  return (
    <>
      <Text role="timer" aria-live="off" size="sm" className={styles.timer}>{`Time left: ${inWords(secondsLeft)}`}</Text>
      <VisuallyHidden role="status">{announcement(secondsLeft)}</VisuallyHidden>
    </>
  );
}
