import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Navigate, Route, Routes, useParams } from 'react-router';
import { config } from 'zod';
import { isOnboardingOver } from '../../domain/onboarding/page';
import type { Onboarding } from '../api/onboardings';
import { slugOf } from '../api/client';
import type { Session } from '../api/session';
import { ProblemAlert } from '../shell/problem-alert';
import { adviceOn } from '../shell/problem-words';
import { StepHeading } from '../shell/step-heading';
import { Waiting } from '../shell/waiting';
import styles from './connect.module.css';
import { DiscontinuationBanner } from './discontinuation';
import { EndingPage } from './ending-page';
import { OverviewPage } from './overview-page';
import type { ConnectPageProps } from './page-props';
import { TaskList } from './task-list';
import { TaskPage } from './task-page';
import { useOnboarding } from './use-onboarding';
import { WelcomePage } from './welcome-page';

// The policy of content lets no form be compiled at run time.
config({ jitless: true });

/** The page of who enters, as the server says it: from there on nothing leads away but oneself. */
function Entry({ onboarding }: { onboarding: Onboarding }) {
  const { id, step } = onboarding;
  return <Navigate to={`/connect/${id}/${step === 'welcome' ? 'welcome' : `tasks/${step}`}`} replace />;
}

function OneTask({ onLost, ...given }: ConnectPageProps & { readonly onLost: (error: unknown) => void }) {
  const { task: name } = useParams();
  const task = given.onboarding.details.tasks.find((one) => one.name === name);
  return task ? <TaskPage key={task.name} task={task} onLost={onLost} {...given} /> : <Navigate to={`/connect/${given.onboarding.id}/tasks`} replace />;
}

/** An onboarding that is under way: every task at the side, and the page that was chosen. */
function OpenOnboarding(given: ConnectPageProps) {
  const { onboarding } = given;
  const { '*': rest = '' } = useParams();
  const [lost, setLost] = useState<unknown>();
  return (
    <div className={styles.layout}>
      <TaskList onboarding={onboarding} current={/^tasks\/(.+)$/.exec(rest)?.[1]} />
      <div>
        <DiscontinuationBanner discontinuation={onboarding.details.discontinuation} />
        {lost !== undefined && <Alert role="alert" color="red" mb="lg" title="Your last changes were not saved" withCloseButton closeButtonLabel="Close" onClose={() => setLost(undefined)} styles={{ title: { color: '#8f1d1d' }, message: { color: '#1b2733' } }}>{adviceOn(lost)}</Alert>}
        <Routes>
          <Route index element={<Entry onboarding={onboarding} />} />
          <Route path="welcome" element={onboarding.step === 'welcome' ? <WelcomePage {...given} /> : <Entry onboarding={onboarding} />} />
          <Route path="tasks" element={<OverviewPage onboarding={onboarding} />} />
          <Route path="tasks/:task" element={<OneTask {...given} onLost={setLost} />} />
          <Route path="*" element={<Navigate to={`/connect/${onboarding.id}`} replace />} />
        </Routes>
      </div>
    </div>
  );
}

/** An account that never came on board with this application, or is not there for who asks. */
function NoOnboarding({ session, account }: { session: Session; account: string }) {
  const own = session.user.account === account;
  return (
    <Stack>
      <StepHeading>There is no onboarding here</StepHeading>
      <Text>{own ? 'Your account was set up without the Connect Application: there is nothing for you to do here.' : `There is no onboarding of an account "${account}" that you could see.`}</Text>
    </Stack>
  );
}

/** The Connect Application of an account. */
export default function ConnectPages({ session }: { session: Session }) {
  const { account = '' } = useParams();
  const { query, update, refetch } = useOnboarding(account);
  if (query.data) return isOnboardingOver(query.data.step) ? <EndingPage onboarding={query.data} /> : <OpenOnboarding onboarding={query.data} update={update} refetch={refetch} />;
  if (!query.error) return <Waiting />;
  if (slugOf(query.error) === 'not-found') return <NoOnboarding session={session} account={account} />;
  return (
    <Stack>
      <StepHeading>Connect Application</StepHeading>
      <ProblemAlert error={query.error} />
      <Group><Button onClick={() => void refetch()} loading={query.isFetching}>Try again</Button></Group>
    </Stack>
  );
}
