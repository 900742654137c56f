import { Progress, Stack, Text } from '@mantine/core';
import type { NumberCheck } from '../../api/sms';
import styles from '../../shell/shell.module.css';

const FULL = 100;
const formatted = new Intl.NumberFormat('en');

/** How far a check is, and what it has found so far. */
export function Counts({ check }: { check: NumberCheck }) {
  const done = check.total === 0 ? FULL : Math.round((check.lookedAt / check.total) * FULL);
  const facts = [
    ['Usable as they are', check.usable], ['Understood with a proposal', check.proposed], ['Not usable', check.unusable],
  ] as const;
  return (
    <Stack gap="xs">
      <Progress.Root size="lg" radius="sm">
        <Progress.Section value={done} aria-label="Progress of the verification" aria-valuetext={`${done} percent`} />
      </Progress.Root>
      <Text size="sm" c="dimmed" role="status">{`${formatted.format(check.lookedAt)} of ${formatted.format(check.total)} values looked at`}</Text>
      <dl className={`${styles.facts} ${styles.figures}`}>
        {facts.map(([name, count]) => <div key={name}><dt>{name}</dt><dd>{formatted.format(count)}</dd></div>)}
      </dl>
    </Stack>
  );
}
