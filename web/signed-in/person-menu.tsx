import { Menu, UnstyledButton } from '@mantine/core';
import { Link } from 'react-router';
import type { Session } from '../api/session';
import { IconPerson } from '../shell/icons';
import styles from '../shell/shell.module.css';

/** Who is signed in, and what is theirs. */
export function PersonMenu({ session, onSignOut }: { session: Session; onSignOut: () => void }) {
  return (
    <Menu position="bottom-end" width={240} menuItemTabIndex={0} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={styles.onHeader}><IconPerson />{session.user.name}</UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={styles.address}>{session.user.email}</Menu.Label>
        <Menu.Item component={Link} to="/account/sessions">Sessions</Menu.Item>
        <Menu.Item component={Link} to="/account/second-step">Two Step Authentication</Menu.Item>
        <Menu.Item component={Link} to="/account/text-messages">Text Messages</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={onSignOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
