import { Button, PasswordInput, Stack } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';

/** A temporary password. Blanks that copy and paste add are taken away. */
export function TemporaryPasswordForm({ busy, onSubmit, children }: { busy: boolean; onSubmit: (password: string) => void; children?: ReactNode }) {
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(password.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        <PasswordInput
          label="Temporary Password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoComplete="current-password" spellCheck={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the temporary password', tabIndex: 0 }}
        />
        <Button type="submit" loading={busy}>Log In</Button>
      </Stack>
    </form>
  );
}
