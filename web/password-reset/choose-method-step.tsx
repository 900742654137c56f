import { Alert, Button, Radio, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { ResetMethod } from '../../domain/password-reset';
import { applicationOf } from '../applications';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import type { ResetStepProps } from './step-props';

const labels: Record<ResetMethod, string> = { sms: 'SMS', email: 'Email' };

/** Which way the secret goes: only those that the organisation allows. */
export function ChooseMethodStep({ flow, send, busy, error }: ResetStepProps) {
  const methods = flow.details.methods ?? [];
  const { methods: words, usualMethod } = applicationOf(flow);
  const [method, setMethod] = useState<ResetMethod | undefined>(methods.includes(usualMethod) ? usualMethod : methods[0]);
  if (!method) {
    return (
      <Stack>
        <StepHeading>Ask for help</StepHeading>
        <Alert variant="light" title="Your organisation does not offer self-service resets">{flow.details.help ?? 'Ask your administrator for a new password.'}</Alert>
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
        <StepHeading>Choose a delivery method</StepHeading>
        <ProblemAlert error={error} />
        <Radio.Group label="Reset Code Delivery Method" value={method} onChange={(value) => setMethod(methods.find((offered) => offered === value))}>
          <Stack mt="xs" gap="sm">
            {methods.map((offered) => <Radio key={offered} size="md" value={offered} label={labels[offered]} description={words[offered]} />)}
          </Stack>
        </Radio.Group>
        <Button type="submit" loading={busy}>Next</Button>
      </Stack>
    </form>
  );
}
