import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import styles from '../shell/shell.module.css';
import { Resend } from './resend';
import type { StepProps } from './use-flow';

/** The code of the text message. */
export function EnterCodeStep({ flow, send, busy, error }: StepProps) {
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send({ action: 'code', body: { code: code.replace(/\s/g, '') } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <StepHeading>Enter the verification code</StepHeading>
        <ProblemAlert error={error} />
        <Text>If a mobile number is known for your address, a text message with six digits is on its way to it.</Text>
        <TextInput
          className={styles.code} label="Verification Code" required value={code} onChange={(event) => setCode(event.currentTarget.value)}
          inputMode="numeric" autoComplete="one-time-code" pattern="\s*([0-9]\s*){6}" title="Six digits" maxLength={16}
        />
        <Button type="submit" loading={busy}>Continue</Button>
        <Resend flow={flow} send={send} busy={busy} />
      </Stack>
    </form>
  );
}
