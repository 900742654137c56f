import { Button, Stack, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { linkTokenOf, onLinkOpened } from './link-token';
import { Resend } from '../flow/resend';
import type { ResetStepProps } from './step-props';

/** The link was sent, or was opened. Opening does nothing: only the button sends the token. */
export function FollowLinkStep({ flow, send, busy, error }: ResetStepProps) {
  const token = useSyncExternalStore(onLinkOpened, () => linkTokenOf(flow.id));
  if (token !== undefined) {
    return (
      <Stack>
        <StepHeading>Reset your password</StepHeading>
        <ProblemAlert error={error} />
        <Text>Press the button to choose a new password. The link works once. If you did not ask for this, close the page: nothing has changed.</Text>
        <Button loading={busy} onClick={() => send({ action: 'link', body: { token } })}>Reset my password</Button>
      </Stack>
    );
  }
  return (
    <Stack>
      <StepHeading>Check your mailbox</StepHeading>
      <ProblemAlert error={error} />
      <Text>If the address is known here, a message with a one-time link is on its way to it. Open the link on this or any other device.</Text>
      <Text size="sm">Nothing there after a few minutes? Look into the folder for unwanted mail too, and check that the address was typed correctly.</Text>
      <Resend flow={flow} onResend={() => send({ action: 'resend', body: {} })} busy={busy} />
    </Stack>
  );
}
