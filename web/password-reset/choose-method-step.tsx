import { Alert, Button, Radio, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { ResetMethod } from '../../domain/password-reset';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import type { StepProps } from './use-flow';

const words: Record<ResetMethod, { label: string; description: string }> = {
  sms: { label: 'SMS', description: 'A verification code is sent to your mobile phone. Message and data rates may apply.' },
  email: { label: 'E-mail', description: 'A message is sent to your e-mail address.' },
};

/** Which way the secret goes: only those that the organisation allows. */
export function ChooseMethodStep({ flow, send, busy, error }: StepProps) {
  const methods = flow.details.methods ?? [];
  const [method, setMethod] = useState<ResetMethod | undefined>(methods[0]);
  if (!method) {
    return (
      <Stack>
        <StepHeading>Ask for help</StepHeading>
        <Alert variant="light" title="Your organisation does not offer resets by yourself">{flow.details.help ?? 'Ask your administrator for a new password.'}</Alert>
      </Stack>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send({ action: 'method', body: { method } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <StepHeading>Choose the delivery</StepHeading>
        <ProblemAlert error={error} />
        <Radio.Group label="Reset Code Delivery Method" value={method} onChange={(value) => setMethod(methods.find((offered) => offered === value))}>
          <Stack mt="xs" gap="sm">
            {methods.map((offered) => <Radio key={offered} value={offered} label={words[offered].label} description={words[offered].description} />)}
          </Stack>
        </Radio.Group>
        <Button type="submit" loading={busy}>Next</Button>
      </Stack>
    </form>
  );
}
