import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent, type MouseEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { startSignIn } from '../api/sign-ins';
import { rememberApplication, type ApplicationWords } from '../applications';
import { useBeginReset } from '../password-reset/use-begin-reset';
import { PortalShell } from '../shell/portal-shell';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import type { EnteredAddress } from './entered-address';

/** A portal's logon: the address, and from there to its password, or to the reset of it. */
export function LogonPage({ application }: { application: ApplicationWords }) {
  const [email, setEmail] = useState('');
  const [forgot, setForgot] = useState(false);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  useEffect(() => rememberApplication(application.id), [application.id]);
  const reset = useBeginReset(application.id);
  const signIn = useMutation({
    mutationFn: () => startSignIn(email.trim(), application.id),
    onSuccess: async (flow) => {
      queryClient.setQueryData(['sign-ins', flow.id], flow);
      const state: EnteredAddress = { email: email.trim() };
      await navigate(`/sign-ins/${flow.id}`, { state });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (forgot) reset.mutate(email.trim());
    else signIn.mutate();
  };
  const resetAtOnce = (event: MouseEvent<HTMLButtonElement>) => {
    if (event.currentTarget.form?.reportValidity()) reset.mutate(email.trim());
  };
  return (
    <PortalShell application={application.title} home={application.path}>
      <form onSubmit={submit}>
        <Stack>
          <StepHeading>{forgot ? 'Reset your password' : `Log on to the ${application.title}`}</StepHeading>
          <ProblemAlert error={signIn.error ?? reset.error} />
          <Text>{forgot ? 'Enter your address. What you need to choose a new password is then sent to you.' : application.lead}</Text>
          <TextInput
            label={application.addressLabel} type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)}
            autoComplete="username" inputMode="email" autoCapitalize="none" spellCheck={false} maxLength={254}
          />
          <Button type="submit" loading={signIn.isPending || (forgot && reset.isPending)}>{forgot ? application.resetLabel : 'Next'}</Button>
          {application.forgotLabel === null && <Button variant="default" onClick={resetAtOnce} disabled={signIn.isPending} loading={reset.isPending}>{application.resetLabel}</Button>}
          <Group justify="space-between" gap="xs">
            {application.forgotLabel !== null && <Anchor component="button" type="button" underline="always" onClick={() => setForgot(!forgot)}>{forgot ? 'Back' : application.forgotLabel}</Anchor>}
            {application.id === 'secure-messaging' && <Anchor component={Link} to="/secure-messaging/log-in" underline="always">I have a temporary password</Anchor>}
          </Group>
        </Stack>
      </form>
    </PortalShell>
  );
}
