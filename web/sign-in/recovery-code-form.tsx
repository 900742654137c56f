import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';

/** One of the codes that were shown once, for who has neither phone nor authenticator app at hand. */
export function RecoveryCodeForm({ onSubmit, busy }: { onSubmit: (code: string) => void; busy: boolean }) {
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(code.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>Enter one of the recovery codes that you kept. Each works once; another one takes its place.</Text>
        <TextInput label="Recovery Code" required value={code} onChange={(event) => setCode(event.currentTarget.value)} autoComplete="off" autoCapitalize="none" autoCorrect="off" spellCheck={false} maxLength={60} />
        <Button type="submit" loading={busy}>Verify</Button>
      </Stack>
    </form>
  );
}
