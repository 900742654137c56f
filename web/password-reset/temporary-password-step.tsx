import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { Resend } from '../flow/resend';
import { TemporaryPasswordForm } from './temporary-password-form';
import type { ResetStepProps } from './step-props';

/** The temporary password was sent; "Go To Log In" leads to where it is entered. */
export function TemporaryPasswordStep({ flow, send, busy, error }: ResetStepProps) {
  const [atLogon, setAtLogon] = useState(false);
  if (!atLogon) {
    return (
      <Stack>
        <StepHeading>Check your mailbox</StepHeading>
        <ProblemAlert error={error} />
        <Text>If the address is known here, a message with a temporary password is on its way to it. Your old password works until you have saved a new one.</Text>
        <Button onClick={() => setAtLogon(true)}>Go To Log In</Button>
        <Resend flow={flow} onResend={() => send({ action: 'resend', body: {} })} busy={busy} />
      </Stack>
    );
  }
  return (
    <Stack>
      <StepHeading>Log in with your temporary password</StepHeading>
      <ProblemAlert error={error} />
      <TemporaryPasswordForm busy={busy} onSubmit={(password) => send({ action: 'temporary-password', body: { password } })} />
      <Resend flow={flow} onResend={() => send({ action: 'resend', body: {} })} busy={busy} />
    </Stack>
  );
}
