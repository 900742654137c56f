import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { inviteToProgram, type Invited } from '../api/sms';
import type { User } from '../api/users';
import { ProblemAlert } from '../shell/problem-alert';

const whySkipped: Record<Invited['skipped'][number]['why'], string> = {
  'not-found': 'There is no such user.', disabled: 'The user is disabled.', 'no-number': 'The user has no mobile number in long format.', 'number-refused': 'No text can be delivered to this number.',
  subscribed: 'The user is subscribed already.', stopped: 'The user has unsubscribed, and subscribes again on their own account page.',
};

/** Invites a user to continuity notices by e-mail: nothing is sent to the number before the user asks for it. */
export function InviteToNotices({ user }: { user: User }) {
  const invite = useMutation({ mutationFn: () => inviteToProgram(user.account, user.id) });
  const skipped = invite.data?.skipped[0];
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">Continuity Notices by SMS</Title>
      <ProblemAlert error={invite.error} />
      <Group><Button variant="default" size="sm" onClick={() => invite.mutate()} loading={invite.isPending}>Invite by e-mail</Button></Group>
      <Text size="sm" role="status">{invite.data ? (skipped ? whySkipped[skipped.why] : 'The user is invited. The invitation lapses after 14 days.') : ''}</Text>
    </Stack>
  );
}
