import { Button, Stack, Text, Textarea } from '@mantine/core';
import { useRef } from 'react';
import { alertProblem, LONGEST_ALERT, mergeFields } from '../../../domain/continuity/alerts';
import { smsLength } from '../../../domain/sms-segments';
import styles from './continuity.module.css';

interface AlertFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** How long a text is as it travels. Fields are counted as they are written: the preview counts what they become. */
function lengthInWords(text: string): string {
  const { segments, characters, encoding, notGsm } = smsLength(text);
  const because = notGsm.length === 0 ? '' : `, because of ${notGsm.slice(0, 5).join(' ')}`;
  return `${characters} ${characters === 1 ? 'character' : 'characters'}, ${segments} ${segments === 1 ? 'segment' : 'segments'} (${encoding}${because})${text.includes('{{') ? ', before fields are filled in' : ''}`;
}

/** The text of a notice: its length as one types, and the fields that it may have. */
export function AlertField({ label, value, onChange }: AlertFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const problem = value === '' ? null : alertProblem(value);
  const insert = (name: string): void => {
    const { selectionStart = value.length, selectionEnd = value.length } = field.current ?? {};
    onChange(`${value.slice(0, selectionStart)}{{ ${name} }}${value.slice(selectionEnd)}`);
    field.current?.focus();
  };
  return (
    <Stack gap={4}>
      <Textarea ref={field} label={label} required autosize minRows={3} maxRows={10} maxLength={LONGEST_ALERT} value={value} error={problem === null ? undefined : `It ${problem}.`} onChange={(event) => onChange(event.currentTarget.value)} />
      <Text size="sm" c="dimmed">{lengthInWords(value)}</Text>
      <details className={styles.fields}>
        <summary>{`Fields for ${label.toLowerCase()}`}</summary>
        <div className={styles.chips}>
          {mergeFields.map(({ field: name, meaning }) => <Button key={name} variant="default" size="compact-sm" title={meaning} aria-label={`Insert ${name} into ${label.toLowerCase()}`} onClick={() => insert(name)}>{name}</Button>)}
        </div>
      </details>
    </Stack>
  );
}
