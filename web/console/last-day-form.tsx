import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { CalendarDate } from '../../domain/onboarding/calendar';
import styles from './console.module.css';

interface LastDayFormProps {
  readonly label: string;
  readonly current: CalendarDate | null;
  readonly onSave: (date: CalendarDate | null) => void;
  readonly busy: boolean;
  /** The button that takes the date away; none where there is none to take. */
  readonly none?: string | undefined;
}

/** A last day: another one, or none. */
export function LastDayForm({ label, current, onSave, busy, none }: LastDayFormProps) {
  const [date, setDate] = useState(current ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(date);
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <TextInput size="sm" type="date" label={label} required value={date} onChange={(event) => setDate(event.currentTarget.value)} />
      <Button type="submit" size="sm" variant="default" loading={busy}>Save</Button>
      {none !== undefined && <Button size="sm" variant="default" onClick={() => onSave(null)} disabled={busy}>{none}</Button>}
    </form>
  );
}
