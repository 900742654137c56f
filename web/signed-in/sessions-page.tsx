import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { endSession, getSessions } from '../api/session';
import { applications } from '../applications';
import { ProblemAlert } from '../shell/problem-alert';
import styles from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';
import { Waiting } from '../shell/waiting';
import { moment } from './moment';
import { useSignOut } from './use-sign-out';

const KEY = ['sessions'];

/** Where one is signed in. Each session can be ended, this one too. */
export function SessionsPage() {
  const queryClient = useQueryClient();
  const { data, error } = useQuery({ queryKey: KEY, queryFn: getSessions });
  const end = useMutation({ mutationFn: endSession, onSettled: () => queryClient.invalidateQueries({ queryKey: KEY }) });
  const signOut = useSignOut();
  return (
    <Stack>
      <StepHeading>Where you are signed in</StepHeading>
      <ProblemAlert error={error ?? end.error ?? signOut.error} />
      <Text>End a session that you do not know or do not need any more, then reset your password if it was not yours.</Text>
      {!data && !error && <Waiting />}
      {data && (
        <ul className={styles.rows} aria-label="Sessions">
          {data.map((session) => (
            <li key={session.id} className={styles.row}>
              <div>
                <Group gap="xs">
                  <Text fw={650}>{applications[session.application].title}</Text>
                  {session.current && <Badge variant="light" radius="sm">This session</Badge>}
                </Group>
                <Text size="sm" c="dimmed">{`Signed in ${moment(session.createdAt)}, last used ${moment(session.lastSeenAt)}`}</Text>
                <Text size="sm" c="dimmed">{session.assurance === 'two-step' ? 'With two steps' : 'With a password'}{`, ends ${moment(session.expiresAt)} at the latest`}</Text>
              </div>
              {session.current
                ? <Button variant="default" size="sm" onClick={() => signOut.mutate()} loading={signOut.isPending}>Sign out</Button>
                : <Button variant="default" size="sm" aria-label={`End the session of ${moment(session.createdAt)}`} onClick={() => end.mutate(session.id)} loading={end.isPending && end.variables === session.id}>End</Button>}
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}
