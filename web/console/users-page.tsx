import { Anchor, Badge, Button, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { getUsers, type User } from '../api/users';
import { ProblemAlert } from '../shell/problem-alert';
import styles from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';
import { Waiting } from '../shell/waiting';

const TYPING_MS = 250;

function inWords(shown: number, more: boolean): string {
  return `${shown} ${shown === 1 ? 'user' : 'users'}${more ? ' shown, and more' : ''}`;
}

function Marks({ user }: { user: User }) {
  return (
    <div className={styles.marks}>
      {user.role !== 'user' && <Badge variant="light" radius="sm" tt="none">{user.role}</Badge>}
      {user.authentication === 'domain' && <Badge variant="default" radius="sm" tt="none">Domain</Badge>}
      {user.locks.length > 0 && <Badge color="yellow" variant="light" radius="sm" tt="none" c="#6b4500">locked</Badge>}
      {user.status === 'disabled' && <Badge color="red" variant="light" radius="sm" tt="none" c="#8f1d1d">disabled</Badge>}
    </div>
  );
}

/** The people of the account: find one, and go on to what can be done for them. The server searches: there may be very many. */
export function UsersPage() {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['users', { search }], queryFn: ({ pageParam }) => getUsers(search, pageParam), initialPageParam: undefined as string | undefined, getNextPageParam: ({ next }) => next, placeholderData: keepPreviousData,
  });
  const users = data?.pages.flatMap((page) => page.users);
  return (
    <Stack>
      <StepHeading>Users</StepHeading>
      <ProblemAlert error={error} />
      <TextInput
        label="Search by name or address" description="How the first name, the last name or the address begins." type="search" value={typed} maxLength={100}
        onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false}
      />
      <Text size="sm" c="dimmed" role="status">{users ? inWords(users.length, hasNextPage) : ''}</Text>
      {!users && !error && <Waiting />}
      {users && users.length > 0 && (
        <ul className={styles.rows} aria-label="Users">
          {users.map((user) => (
            <li key={user.id} className={styles.row}>
              <div>
                <Anchor component={Link} to={`/console/users/${user.id}`} fw={650} underline="always">{user.name}</Anchor>
                <Text size="sm" c="dimmed">{user.email}</Text>
              </div>
              <Marks user={user} />
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>Show more</Button>}
    </Stack>
  );
}
