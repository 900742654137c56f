import { Menu, UnstyledButton } from '@mantine/core';
import { Link } from 'react-router';
import { IconGear } from '../shell/icons';
import styles from '../shell/shell.module.css';

/** What the Administration Console's menu leads to, by section. */
const sections = [
  ['Directory', [['Users', '/console']]],
  ['Services', [['SMS Dashboard', '/console/sms-dashboard'], ['Continuity Events', '/console/continuity-events']]],
  ['Account', [['Account Settings', '/console/account-settings']]],
] as const;

/** The Administration toolbar button, and its menu. */
export function AdministrationMenu() {
  return (
    <Menu position="bottom-end" width={240} menuItemTabIndex={0} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={styles.onHeader}><IconGear />Administration</UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {sections.map(([section, entries]) => (
          <div key={section} role="group" aria-label={section}>
            <Menu.Label c="#4a5a69">{section}</Menu.Label>
            {entries.map(([label, path]) => <Menu.Item key={path} component={Link} to={path}>{label}</Menu.Item>)}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
