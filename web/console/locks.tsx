import { Button, Stack, Text, Title } from '@mantine/core';
import { actOnUser, type User, type UserAction } from '../api/users';
import { ProblemAlert } from '../shell/problem-alert';
import styles from '../shell/shell.module.css';
import { moment } from '../signed-in/moment';
import { useUserChange } from './use-user-change';

type Kind = User['locks'][number]['what'];

/** What is refused, and what ends the wait: of a second step only resetting it. */
const words: Readonly<Record<Kind, { readonly refused: string; readonly action?: UserAction; readonly label: string }>> = {
  password: { refused: 'Passwords are refused, after too many wrong ones,', action: 'unlock-password', label: 'Accept passwords again' },
  'second-step': { refused: 'The second step is refused, after too many wrong entries,', label: 'Reset the second step below if the user needs it sooner.' },
  'reset-code': { refused: 'Codes of a reset are refused, after too many wrong ones,', action: 'unlock-reset', label: 'Accept codes again' },
};

/** What too many wrong entries have locked, and how to lift it. Nothing where nothing is locked. */
export function Locks({ user }: { user: User }) {
  const unlock = useUserChange((action: UserAction) => actOnUser(user.id, action));
  if (user.locks.length === 0 && !unlock.isSuccess) return null;
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">Locked</Title>
      <ProblemAlert error={unlock.error} />
      {user.locks.length > 0 && (
        <ul className={styles.rows} aria-label="Locks">
          {user.locks.map(({ what, until }) => {
            const { refused, action, label } = words[what];
            return (
              <li key={what} className={styles.row}>
                <Text size="sm">{`${refused} ${until === null ? 'until you end it.' : `until ${moment(until)}.`}`}</Text>
                {action ? <Button variant="default" size="sm" onClick={() => unlock.mutate(action)} loading={unlock.isPending}>{label}</Button> : <Text size="sm">{label}</Text>}
              </li>
            );
          })}
        </ul>
      )}
      <Text size="sm" role="status">{unlock.isSuccess ? 'The wait is ended.' : ''}</Text>
    </Stack>
  );
}
