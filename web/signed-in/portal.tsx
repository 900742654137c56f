import type { ReactNode } from 'react';
import type { Session } from '../api/session';
import { rememberedApplication, type ApplicationWords } from '../applications';
import { PortalShell } from '../shell/portal-shell';
import { Waiting } from '../shell/waiting';
import { LogonPage } from '../sign-in/logon-page';
import { ApplicationShell } from './application-shell';
import { Entrance } from './entrance';
import { useSession } from './use-session';

interface SignedInProps {
  readonly application: ApplicationWords;
  /** Its pages have more than one column. */
  readonly wide?: boolean;
  readonly children: (session: Session) => ReactNode;
}

/** What `children` draws for who is signed in; for anybody else the logon, at the same address. */
function SignedIn({ application, wide = false, children }: SignedInProps) {
  const { data: session, isPending } = useSession();
  if (isPending) return <PortalShell application={application.title} home={application.path} wide={wide}><Waiting /></PortalShell>;
  if (!session) return <LogonPage application={application} />;
  return <ApplicationShell application={application} session={session} wide={wide}>{children(session)}</ApplicationShell>;
}

/** A page of an application, for those to whom it is open: the server is asked whenever one comes from another. */
export function Portal({ application, wide = false, children }: SignedInProps) {
  return (
    <SignedIn application={application} wide={wide}>
      {(session) => <Entrance application={application} session={session}>{children(session)}</Entrance>}
    </SignedIn>
  );
}

/** A page about one's own account: it belongs to no application and everybody has it. */
export function OwnAccount({ children }: { children: ReactNode }) {
  return <SignedIn application={rememberedApplication()}>{() => children}</SignedIn>;
}
