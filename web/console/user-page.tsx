import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { problemOf } from '../api/client';
import type { Session } from '../api/session';
import { getUser } from '../api/users';
import { ProblemAlert } from '../shell/problem-alert';
import styles from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';
import { Waiting } from '../shell/waiting';
import { ChangeRole } from './change-role';
import { InviteToNotices } from './invite-to-notices';
import { Locks } from './locks';
import { ResetPassword } from './reset-password';
import { UserActions } from './user-actions';

/** One user: what is known of them, and what an administrator does for them. */
export function UserPage({ session }: { session: Session }) {
  const { id = '' } = useParams();
  const { data: user, error } = useQuery({ queryKey: ['users', id], queryFn: () => getUser(id) });
  const back = <Anchor component={Link} to="/console" underline="always">All users</Anchor>;
  if (!user) return <Stack>{error ? <><StepHeading>{problemOf(error).title}</StepHeading><ProblemAlert error={error} /></> : <Waiting />}{back}</Stack>;
  const facts = [
    ['Email address', user.email], ['Account', user.account], ['Role', user.role], ['Status', user.status],
    ['Authentication', user.authentication === 'cloud' ? 'Cloud: the password is kept here' : 'Domain: the password is kept in the organisation\u2019s directory'],
  ] as const;
  return (
    <Stack>
      <StepHeading>{user.name}</StepHeading>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
      <Locks key={`locks of ${user.id}`} user={user} />
      <UserActions user={user} />
      <ChangeRole key={`role of ${user.id}`} user={user} session={session} />
      {user.authentication === 'cloud' ? <ResetPassword user={user} /> : <Text size="sm">A Domain password is reset in the organisation's directory.</Text>}
      <InviteToNotices user={user} />
      {back}
    </Stack>
  );
}
