import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { offers } from '../flow/journey';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { AuthenticatorSetup } from './authenticator-setup';
import { CodeForm } from './code-form';
import { OtherWay } from './other-way';
import { RecoveryCodeForm } from './recovery-code-form';
import type { SignInStepProps } from './step-props';

/** The code of an authenticator app: one that is known, or the first of one that is being set up. */
export function EnterTotpStep({ flow, send, busy, error }: SignInStepProps) {
  const [recovering, setRecovering] = useState(false);
  const { enrolment } = flow.details;
  const recovers = recovering && offers(flow, 'recovery-code');
  const enterCode = (code: string): void => send({ action: 'totp', body: { code } });
  if (recovers) {
    return (
      <Stack>
        <StepHeading>Use a recovery code</StepHeading>
        <ProblemAlert error={error} />
        <RecoveryCodeForm onSubmit={(code) => send({ action: 'recovery-code', body: { code } })} busy={busy} />
        <OtherWay label="Back to the authenticator app" onClick={() => setRecovering(false)} />
      </Stack>
    );
  }
  return (
    <Stack>
      <StepHeading>{enrolment ? 'Set up an authenticator app' : 'Enter the code from your app'}</StepHeading>
      <ProblemAlert error={error} />
      <CodeForm key={enrolment?.secret} label="Code from the app" onSubmit={enterCode} busy={busy}>
        {enrolment ? <AuthenticatorSetup {...enrolment} /> : <Text>Open your authenticator app and enter the six digits that it shows now.</Text>}
      </CodeForm>
      {offers(flow, 'recovery-code') && <OtherWay label="Use a recovery code" onClick={() => setRecovering(true)} />}
    </Stack>
  );
}
