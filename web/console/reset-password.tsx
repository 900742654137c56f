import { Button, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Application, ResetMethod } from '../../domain/password-reset';
import { applications } from '../applications';
import { resetPasswordOf, type User } from '../api/users';
import { ProblemAlert } from '../shell/problem-alert';

const methods = [{ value: 'email', label: 'Email' }, { value: 'sms', label: 'SMS' }] as const satisfies readonly { value: ResetMethod; label: string }[];
const portals = Object.values(applications).map(({ id, title }) => ({ value: id, label: title }));

/** Has a user sent what a new password is chosen with. Their old one works until then. */
export function ResetPassword({ user }: { user: User }) {
  const [method, setMethod] = useState<ResetMethod>('email');
  const [application, setApplication] = useState<Application>('personal-portal');
  const reset = useMutation({ mutationFn: () => resetPasswordOf(user.id, method, application) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reset.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Title order={2} size="h4">Reset password</Title>
        <ProblemAlert error={reset.error} />
        <NativeSelect label="Delivery method" value={method} data={[...methods]} onChange={(event) => setMethod(methods.find(({ value }) => value === event.currentTarget.value)?.value ?? 'email')} />
        <NativeSelect label="For" value={application} data={portals} onChange={(event) => setApplication(portals.find(({ value }) => value === event.currentTarget.value)?.value ?? 'personal-portal')} />
        <Button type="submit" variant="default" size="sm" loading={reset.isPending} disabled={user.status === 'disabled'}>Send</Button>
        <Text size="sm" role="status">{reset.isSuccess ? 'It is being sent to the user. You do not see it.' : ''}</Text>
      </Stack>
    </form>
  );
}
