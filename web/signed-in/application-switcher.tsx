import { Menu, UnstyledButton } from '@mantine/core';
import { Link } from 'react-router';
import type { Application } from '../../domain/password-reset';
import type { Session } from '../api/session';
import { IconGrid } from '../shell/icons';
import styles from '../shell/shell.module.css';
import { openIn } from './open-applications';

/** Moves between the applications that are open to somebody, without another sign-in. */
export function ApplicationSwitcher({ session, current }: { session: Session; current: Application }) {
  return (
    <Menu position="bottom-end" width={260} menuItemTabIndex={0} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={styles.onHeader} title="Application Switcher"><IconGrid />Applications</UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {openIn(session).map(({ id, path, title }) => (
          <Menu.Item key={id} component={Link} to={path} aria-current={id === current ? 'page' : undefined} fw={id === current ? 700 : undefined}>{title}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
