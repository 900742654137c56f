import { useEffect, type ReactNode } from 'react';
import type { Session } from '../api/session';
import { AdministrationMenu } from '../console/administration-menu';
import { rememberApplication, type ApplicationWords } from '../applications';
import { PortalShell } from '../shell/portal-shell';
import { ProblemAlert } from '../shell/problem-alert';
import { ApplicationSwitcher } from './application-switcher';
import { PersonMenu } from './person-menu';
import { useSignOut } from './use-sign-out';

/** The frame of every page of somebody who is signed in: the application, the switcher to others, and who it is. */
export function ApplicationShell({ application, session, wide = false, children }: { application: ApplicationWords; session: Session; wide?: boolean; children: ReactNode }) {
  const signOut = useSignOut();
  useEffect(() => rememberApplication(application.id), [application.id]);
  const tools = (
    <>
      {application.id === 'administration-console' && <AdministrationMenu />}
      <ApplicationSwitcher session={session} current={application.id} />
      <PersonMenu session={session} onSignOut={() => signOut.mutate()} />
    </>
  );
  return (
    <PortalShell application={application.title} home={application.path} tools={tools} wide={wide}>
      <ProblemAlert error={signOut.error} />
      {children}
    </PortalShell>
  );
}
