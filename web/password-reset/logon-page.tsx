import { Alert, Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent, type MouseEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { startReset } from '../api/password-resets';
import { rememberApplication, type ApplicationWords } from '../applications';
import { PortalShell } from '../shell/portal-shell';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';

type Stage = 'address' | 'next' | 'forgot';

/** A portal's logon: the address, and from there the reset of the password. */
export function LogonPage({ application }: { application: ApplicationWords }) {
  const [email, setEmail] = useState('');
  const [stage, setStage] = useState<Stage>('address');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  useEffect(() => rememberApplication(application.id), [application.id]);
  const start = useMutation({
    mutationFn: () => startReset(email.trim(), application.id),
    onSuccess: async (flow) => {
      queryClient.setQueryData(['password-resets', flow.id], flow);
      await navigate(`/password-resets/${flow.id}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (stage === 'address') setStage('next');
    else start.mutate();
  };
  const resetAtOnce = (event: MouseEvent<HTMLButtonElement>) => {
    if (event.currentTarget.form?.reportValidity()) start.mutate();
  };
  return (
    <PortalShell application={application.title} home={application.path}>
      <form onSubmit={submit}>
        <Stack>
          <StepHeading>{stage === 'forgot' ? 'Reset your password' : `Log on to the ${application.title}`}</StepHeading>
          <ProblemAlert error={start.error} />
          {stage === 'address' && <Text>{application.lead}</Text>}
          {stage === 'next' && <Alert variant="light" title="Signing in is not available yet">Here you can reset your password. Signing in with it follows in a later version.</Alert>}
          {stage === 'forgot' && <Text>Enter your address. What you need to choose a new password is then sent to you.</Text>}
          <TextInput
            label={application.addressLabel} type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)}
            autoComplete="username" inputMode="email" autoCapitalize="none" spellCheck={false} maxLength={254} readOnly={stage === 'next'}
          />
          <Button type="submit" loading={start.isPending}>{stage === 'address' ? 'Next' : application.resetLabel}</Button>
          {stage === 'address' && application.forgotLabel === null && <Button variant="default" onClick={resetAtOnce} disabled={start.isPending}>{application.resetLabel}</Button>}
          <Group justify="space-between" gap="xs">
            {stage === 'address' && application.forgotLabel !== null && <Anchor component="button" type="button" underline="always" onClick={() => setStage('forgot')}>{application.forgotLabel}</Anchor>}
            {stage !== 'address' && <Anchor component="button" type="button" underline="always" onClick={() => setStage('address')}>Back</Anchor>}
            {application.id === 'secure-messaging' && <Anchor component={Link} to="/secure-messaging/log-in" underline="always">I have a temporary password</Anchor>}
          </Group>
        </Stack>
      </form>
    </PortalShell>
  );
}
