import { Button, Text } from '@mantine/core';
import { inWords } from '../shell/duration';
import styles from '../shell/shell.module.css';
import { useNow } from '../shell/use-now';
import { offers, type AnyFlow } from './journey';

/** Reads on from the button beside it. */
function whenAndHowOften(seconds: number, left: number): string {
  const often = left === 1 ? 'once more' : `up to ${left} times`;
  return seconds > 0 ? `in ${inWords(seconds)}, ${often}` : `${often}; only the newest message is valid`;
}

/** Sends the secret again, once that is allowed, as often as that is allowed. */
export function Resend({ flow, onResend, busy }: { flow: AnyFlow; onResend: () => void; busy: boolean }) {
  const now = useNow();
  const { resend } = flow.details;
  if (!resend) return null;
  if (!offers(flow, 'resend')) return <Text size="sm" c="dimmed">It cannot be sent again for this request.</Text>;
  const seconds = resend.availableAt === null ? 0 : Math.max(0, Math.ceil((Date.parse(resend.availableAt) - now) / 1_000));
  return (
    <div className={styles.resend}>
      <Button variant="default" size="sm" disabled={seconds > 0 || busy} onClick={onResend}>Send again</Button>
      <Text size="sm" c="dimmed" className={styles.timer}>{whenAndHowOften(seconds, resend.left)}</Text>
    </div>
  );
}
