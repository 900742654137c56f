import { Button, Stack } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { CodeField, digitsOf } from '../flow/code-field';

/** Six digits, and the button that verifies them. */
export function CodeForm({ label, onSubmit, busy, children }: { label: string; onSubmit: (code: string) => void; busy: boolean; children?: ReactNode }) {
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(digitsOf(code));
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        <CodeField label={label} value={code} onChange={setCode} />
        <Button type="submit" loading={busy}>Verify</Button>
      </Stack>
    </form>
  );
}
