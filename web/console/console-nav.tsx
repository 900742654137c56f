import { NavLink } from 'react-router';
import type { Session } from '../api/session';
import styles from './console.module.css';

/** The pages of the console: for operators there is more than users. */
export function ConsoleNav({ session }: { session: Session }) {
  if (session.user.role !== 'operator') return null;
  return (
    <nav className={styles.nav} aria-label="Administration Console">
      <NavLink to="/console" end>Users</NavLink>
      <NavLink to="/console/onboardings">Onboardings</NavLink>
    </nav>
  );
}
