import { Button, CopyButton, Text, Title } from '@mantine/core';
import type { OnboardingTask } from '../api/onboardings';
import styles from './connect.module.css';

function Copied({ value, what }: { value: string; what: string }) {
  return (
    <div className={styles.copied}>
      <code>{value}</code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <>
            <Button variant="default" size="compact-sm" onClick={copy} aria-label={`Copy the ${what}`}>{copied ? 'Copied' : 'Copy'}</Button>
            <span role="status" className={styles.unseen}>{copied ? `The ${what} is copied.` : ''}</span>
          </>
        )}
      </CopyButton>
    </div>
  );
}

/** What is to be published in the DNS for a task, to copy. Nothing where nothing is. */
export function DnsRecords({ task: { records } }: { task: OnboardingTask }) {
  if (records.length === 0) return null;
  return (
    <section aria-label="Records to publish">
      <Title order={2} size="h5" mb={4}>Records to publish in the DNS</Title>
      <ul className={styles.recordList}>
        {records.map(({ name, type, value, note }) => (
          <li key={`${name} ${value}`} className={styles.record}>
            <Text fw={650}>{`${type} record of ${name}`}</Text>
            <Copied value={value} what={`${type} record of ${name}`} />
            <Text size="sm" c="dimmed">{note}</Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
