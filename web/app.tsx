import { Route, Routes } from 'react-router';
import { applications } from './applications';
import { ResetPage } from './password-reset/reset-page';
import { LogonPage } from './password-reset/logon-page';
import { TemporaryPasswordPage } from './password-reset/temporary-password-page';
import { LoginIssuesPage } from './problems/login-issues-page';
import { ProblemPage } from './problems/problem-page';
import { NotFoundPage } from './shell/not-found-page';

/** Every page and its address. */
export function App() {
  return (
    <Routes>
      {Object.values(applications).map((application) => (
        <Route key={application.id} path={application.path} element={<LogonPage key={application.id} application={application} />} />
      ))}
      <Route path="/secure-messaging/log-in" element={<TemporaryPasswordPage />} />
      <Route path="/password-resets/:id" element={<ResetPage />} />
      <Route path="/login-issues" element={<LoginIssuesPage />} />
      <Route path="/problems/:slug" element={<ProblemPage />} />
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
