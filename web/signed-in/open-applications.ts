import type { Role } from '../../domain/sign-in';
import type { Application } from '../../domain/password-reset';
import { applications, type ApplicationWords } from '../applications';

const everybody: readonly Application[] = ['personal-portal', 'secure-messaging'];

/** What each role finds in the Application Switcher. Whether a request is allowed is the server's affair alone. */
const opens: Readonly<Record<Role, readonly Application[]>> = {
  user: everybody,
  administrator: [...everybody, 'connect', 'administration-console'],
  partner: [...everybody, 'partner-portal'],
  recipient: ['secure-messaging'],
  operator: [...everybody, 'connect', 'administration-console', 'partner-portal'],
};

/** The applications that somebody may open, in the order they are listed. */
export function openTo(role: Role): ApplicationWords[] {
  return Object.values(applications).filter(({ id }) => opens[role].includes(id));
}
