import { Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { startReset, takeStep } from '../api/password-resets';
import { applications, rememberApplication } from '../applications';
import { PortalShell } from '../shell/portal-shell';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { TemporaryPasswordForm } from './temporary-password-form';

const application = applications['secure-messaging'];

/** The logon for a temporary password that came by another way than this tab: from an administrator, or asked for elsewhere. */
export function TemporaryPasswordPage() {
  const [email, setEmail] = useState('');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const logIn = useMutation({
    mutationFn: async (password: string) => {
      const { id } = await startReset(email.trim(), application.id);
      return takeStep(id, { action: 'temporary-password', body: { password } });
    },
    onSuccess: async (flow) => {
      rememberApplication(application.id);
      queryClient.setQueryData(['password-resets', flow.id], flow);
      await navigate(`/password-resets/${flow.id}`, { replace: true });
    },
  });
  return (
    <PortalShell application={application.title} home={application.path}>
      <Stack>
        <StepHeading>Log in with your temporary password</StepHeading>
        <ProblemAlert error={logIn.error} />
        <Text>It was sent to your email address and works once. You are then asked for a new password.</Text>
        <TemporaryPasswordForm busy={logIn.isPending} onSubmit={logIn.mutate}>
          <TextInput label={application.addressLabel} type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} autoComplete="username" />
        </TemporaryPasswordForm>
      </Stack>
    </PortalShell>
  );
}
