import { TextInput } from '@mantine/core';
import styles from '../shell/shell.module.css';

/** Six digits, with or without blanks between them. */
export function CodeField({ label, value, onChange }: { label: string; value: string; onChange: (code: string) => void }) {
  return (
    <TextInput
      className={styles.code} label={label} required value={value} onChange={(event) => onChange(event.currentTarget.value)}
      inputMode="numeric" autoComplete="one-time-code" pattern="\s*([0-9]\s*){6}" title="Six digits" maxLength={16}
    />
  );
}

/** The digits of a code as it was typed. */
export function digitsOf(typed: string): string {
  return typed.replace(/\s/g, '');
}
