import { Anchor, Badge, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { getUsers, type User } from '../api/users';
import { ProblemAlert } from '../shell/problem-alert';
import styles from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';
import { Waiting } from '../shell/waiting';

/** User 2 before User 10. */
const byName = new Intl.Collator('en', { numeric: true });

function matches({ name, email }: User, wanted: string): boolean {
  return `${name}\n${email}`.toLowerCase().includes(wanted.trim().toLowerCase());
}

/** The people of the account: find one, and go on to what can be done for them. */
export function UsersPage() {
  const [wanted, setWanted] = useState('');
  const { data, error } = useQuery({ queryKey: ['users'], queryFn: getUsers });
  const found = data?.filter((user) => matches(user, wanted)).sort((a, b) => byName.compare(a.name, b.name));
  return (
    <Stack>
      <StepHeading>Users</StepHeading>
      <ProblemAlert error={error} />
      <TextInput label="Search by name or address" type="search" value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} autoComplete="off" spellCheck={false} />
      <Text size="sm" c="dimmed" role="status">{found && data ? `${found.length} of ${data.length} users` : ''}</Text>
      {!found && !error && <Waiting />}
      {found && found.length > 0 && (
        <ul className={styles.rows} aria-label="Users">
          {found.map((user) => (
            <li key={user.id} className={styles.row}>
              <div>
                <Anchor component={Link} to={`/console/users/${user.id}`} fw={650} underline="always">{user.name}</Anchor>
                <Text size="sm" c="dimmed">{user.email}</Text>
              </div>
              <div className={styles.marks}>
                {user.role !== 'user' && <Badge variant="light" radius="sm" tt="none">{user.role}</Badge>}
                {user.authentication === 'domain' && <Badge variant="default" radius="sm" tt="none">Domain</Badge>}
                {user.status === 'disabled' && <Badge color="red" variant="light" radius="sm" tt="none" c="#8f1d1d">disabled</Badge>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}
