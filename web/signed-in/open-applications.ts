import type { Session } from '../api/session';
import { applications, type ApplicationWords } from '../applications';

/** The applications that are open to who is signed in, as the server says, in the order they are listed. */
export function openIn(session: Session): ApplicationWords[] {
  return Object.values(applications).filter(({ id }) => session.applications.some(({ application }) => application === id));
}
