import { Button, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { roles, type Role } from '../../domain/sign-in';
import type { Session } from '../api/session';
import { changeRole, type User } from '../api/users';
import { ProblemAlert } from '../shell/problem-alert';
import { useUserChange } from './use-user-change';

const names: Readonly<Record<Role, string>> = {
  user: 'User', administrator: 'Administrator of the account', partner: 'Partner', recipient: 'Recipient of secure messages', operator: 'Operator of the service, for every account',
};

/** The roles that somebody may give, where they may take the one that is there. */
function offered(session: Session, current: Role): readonly Role[] {
  if (session.user.role === 'operator') return roles;
  return current === 'user' || current === 'administrator' ? ['user', 'administrator'] : [];
}

/** What a user may do: another role ends their sessions. */
export function ChangeRole({ user, session }: { user: User; session: Session }) {
  const [chosen, setChosen] = useState<Role>(user.role);
  const change = useUserChange((role: Role) => changeRole(user.id, role));
  const choices = offered(session, user.role);
  if (choices.length === 0) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(chosen);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Title order={2} size="h4">Role</Title>
        <ProblemAlert error={change.error} />
        <NativeSelect
          label="Role of the user" description={user.id === session.user.id ? 'Another one ends your own session.' : 'Another one ends every session of the user.'} value={chosen}
          data={choices.map((value) => ({ value, label: names[value] }))} onChange={(event) => setChosen(choices.find((role) => role === event.currentTarget.value) ?? user.role)}
        />
        <Button type="submit" variant="default" size="sm" loading={change.isPending} disabled={chosen === user.role}>Change the role</Button>
        <Text size="sm" role="status">{change.isSuccess ? 'The role is changed.' : ''}</Text>
      </Stack>
    </form>
  );
}
