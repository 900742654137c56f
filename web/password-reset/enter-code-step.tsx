import { Button, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { CodeField, digitsOf } from '../flow/code-field';
import { Resend } from '../flow/resend';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import type { ResetStepProps } from './step-props';

/** The code of the text message. */
export function EnterCodeStep({ flow, send, busy, error }: ResetStepProps) {
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send({ action: 'code', body: { code: digitsOf(code) } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <StepHeading>Enter the verification code</StepHeading>
        <ProblemAlert error={error} />
        <Text>If a mobile number is known for your address, a text message with six digits is on its way to it.</Text>
        <CodeField label="Verification Code" value={code} onChange={setCode} />
        <Button type="submit" loading={busy}>Continue</Button>
        <Resend flow={flow} onResend={() => send({ action: 'resend', body: {} })} busy={busy} />
      </Stack>
    </form>
  );
}
