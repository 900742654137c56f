import { lazy, Suspense, type ReactNode } from 'react';
import { Route, Routes } from 'react-router';
import type { Session } from './api/session';
import { applications, type ApplicationWords } from './applications';
import { ConnectHome } from './connect/connect-home';
import { AccountSettingsPage } from './console/account-settings-page';
import { ConsoleNav } from './console/console-nav';
import { EventPage } from './console/continuity-events/event-page';
import { EventsPage } from './console/continuity-events/events-page';
import { NewEventPage } from './console/continuity-events/new-event-page';
import { OnboardingsPage } from './console/onboardings-page';
import { AttributePage } from './console/sms-dashboard/attribute-page';
import { SmsDashboardPage } from './console/sms-dashboard/dashboard-page';
import { UserPage } from './console/user-page';
import { UsersPage } from './console/users-page';
import { ResetPage } from './password-reset/reset-page';
import { TemporaryPasswordPage } from './password-reset/temporary-password-page';
import { LoginIssuesPage } from './problems/login-issues-page';
import { ProblemPage } from './problems/problem-page';
import { NotFoundPage } from './shell/not-found-page';
import { Waiting } from './shell/waiting';
import { SignInPage } from './sign-in/sign-in-page';
import { TextMessagesPage } from './sms-subscription/text-messages-page';
import { HomePage } from './signed-in/home-page';
import { OwnAccount, Portal } from './signed-in/portal';
import { SecondStepPage } from './signed-in/second-step-page';
import { SessionsPage } from './signed-in/sessions-page';

// The forms and their rules are large: they are loaded with the application that has them.
const ConnectPages = lazy(() => import('./connect/connect-pages'));

/** The first page of an application, for who is signed in. */
function homeOf(application: ApplicationWords, session: Session): ReactNode {
  if (application.id === 'connect') return <ConnectHome session={session} />;
  return application.id === 'administration-console' ? <><ConsoleNav session={session} /><UsersPage /></> : <HomePage application={application} session={session} />;
}

const { 'administration-console': administration, connect } = applications;

/** Every page and its address. */
export function App() {
  return (
    <Routes>
      {Object.values(applications).map((application) => (
        <Route key={application.id} path={application.path} element={<Portal key={application.id} application={application}>{(session) => homeOf(application, session)}</Portal>} />
      ))}
      <Route path="/connect/:account/*" element={<Portal application={connect} wide>{(session) => <Suspense fallback={<Waiting />}><ConnectPages session={session} /></Suspense>}</Portal>} />
      <Route path="/console/users/:id" element={<Portal application={administration}>{(session) => <><ConsoleNav session={session} /><UserPage session={session} /></>}</Portal>} />
      <Route path="/console/onboardings" element={<Portal application={administration} wide>{(session) => <><ConsoleNav session={session} /><OnboardingsPage /></>}</Portal>} />
      <Route path="/console/sms-dashboard" element={<Portal application={administration} wide>{({ user }) => <SmsDashboardPage account={user.account} />}</Portal>} />
      <Route path="/console/sms-dashboard/attribute" element={<Portal application={administration} wide>{({ user }) => <AttributePage account={user.account} />}</Portal>} />
      <Route path="/console/continuity-events" element={<Portal application={administration} wide>{({ user }) => <EventsPage account={user.account} />}</Portal>} />
      <Route path="/console/continuity-events/new" element={<Portal application={administration} wide>{({ user }) => <NewEventPage account={user.account} />}</Portal>} />
      <Route path="/console/continuity-events/:id" element={<Portal application={administration} wide>{() => <EventPage />}</Portal>} />
      <Route path="/console/account-settings" element={<Portal application={administration}>{({ user }) => <AccountSettingsPage account={user.account} />}</Portal>} />
      <Route path="/account/text-messages" element={<OwnAccount><TextMessagesPage /></OwnAccount>} />
      <Route path="/account/sessions" element={<OwnAccount><SessionsPage /></OwnAccount>} />
      <Route path="/account/second-step" element={<OwnAccount><SecondStepPage /></OwnAccount>} />
      <Route path="/secure-messaging/log-in" element={<TemporaryPasswordPage />} />
      <Route path="/password-resets/:id" element={<ResetPage />} />
      <Route path="/sign-ins/:id" element={<SignInPage />} />
      <Route path="/login-issues" element={<LoginIssuesPage />} />
      <Route path="/problems/:slug" element={<ProblemPage />} />
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
