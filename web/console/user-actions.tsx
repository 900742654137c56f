import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { actOnUser, type User, type UserAction } from '../api/users';
import { ProblemAlert } from '../shell/problem-alert';
import { useUserChange } from './use-user-change';

type Asked = Exclude<UserAction, 'unlock-password' | 'unlock-reset'>;

interface Words {
  readonly label: string;
  /** What happens, before it does. */
  readonly warning: string;
  readonly done: string;
}

const words: Readonly<Record<Asked, Words>> = {
  disable: { label: 'Disable', warning: 'Every session is ended, and nobody can log on as this user until you enable them.', done: 'The user is disabled.' },
  enable: { label: 'Enable', warning: 'The user can log on again.', done: 'The user is enabled.' },
  'reset-second-step': {
    label: 'Reset two-step', warning: 'Saved number, authenticator app and recovery codes are removed, and every session is ended. The user enrols again at the next log-on.',
    done: 'The second step is reset: the user enrols again at the next log-on.',
  },
};

/** Disabling, enabling, and taking away a lost second step: each asked once more before it is done. */
export function UserActions({ user }: { user: User }) {
  const [asked, setAsked] = useState<Asked>();
  const act = useUserChange((action: Asked) => actOnUser(user.id, action));
  const offered: readonly Asked[] = [user.status === 'active' ? 'disable' : 'enable', 'reset-second-step'];
  const ask = (action: Asked): void => {
    act.reset();
    setAsked(action);
  };
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">Access</Title>
      <ProblemAlert error={act.error} />
      <Group gap="xs">
        {offered.map((action) => <Button key={action} variant="default" size="sm" aria-expanded={asked === action} onClick={() => ask(action)}>{words[action].label}</Button>)}
      </Group>
      {asked && (
        <Stack gap="xs" role="group" aria-label={`Confirm: ${words[asked].label}`}>
          <Text size="sm">{words[asked].warning}</Text>
          <Group gap="xs">
            <Button size="sm" autoFocus onClick={() => act.mutate(asked, { onSettled: () => setAsked(undefined) })} loading={act.isPending}>{`Yes, ${words[asked].label.toLowerCase()}`}</Button>
            <Button variant="default" size="sm" onClick={() => setAsked(undefined)}>No</Button>
          </Group>
        </Stack>
      )}
      <Text size="sm" role="status">{act.isSuccess ? words[act.variables].done : ''}</Text>
    </Stack>
  );
}
