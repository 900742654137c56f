import { Button, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { SESSION_KEY } from '../api/client';
import { enterApplication, type Session } from '../api/session';
import type { ApplicationWords } from '../applications';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { Waiting } from '../shell/waiting';
import type { EnteredAddress } from '../sign-in/entered-address';
import { NotOpenPage } from './not-open-page';

interface EntranceProps {
  readonly application: ApplicationWords;
  readonly session: Session;
  readonly children: ReactNode;
}

/** Goes to an application: the session is there then, or a sign-in leads there by what it still asks for. */
function useEnter({ id }: ApplicationWords, session: Session) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => enterApplication(id),
    onSuccess: async (answer) => {
      if (!('kind' in answer)) return queryClient.setQueryData(SESSION_KEY, answer);
      queryClient.setQueryData(['sign-ins', answer.id], answer);
      const state: EnteredAddress = { email: session.user.email };
      return navigate(`/sign-ins/${answer.id}`, { state });
    },
  });
}

/** Before a second step is asked for: loading a page sends no passcode. */
function StepUp({ application, session }: Omit<EntranceProps, 'children'>) {
  const enter = useEnter(application, session);
  return (
    <Stack>
      <StepHeading>One more step</StepHeading>
      <ProblemAlert error={enter.error} />
      <Text>{`The ${application.title} asks for Two Step Authentication. You signed in with your password; what is missing is asked for now.`}</Text>
      <Button onClick={() => enter.mutate()} loading={enter.isPending}>Continue</Button>
    </Stack>
  );
}

/** What of an application `children` draws, once the server has let this session in. It stays, wherever another tab goes. */
function Inside({ application, session, children }: EntranceProps) {
  const [entered, setEntered] = useState(false);
  const enter = useEnter(application, session);
  const { mutate } = enter;
  const isHere = session.application === application.id;
  if (isHere && !entered) setEntered(true);
  useEffect(() => {
    if (!entered && !isHere) mutate();
  }, [entered, isHere, mutate]);
  if (entered || isHere) return children;
  return enter.error ? (
    <Stack>
      <StepHeading>{application.title}</StepHeading>
      <ProblemAlert error={enter.error} />
      <Button onClick={() => mutate()} loading={enter.isPending}>Try again</Button>
    </Stack>
  ) : <Waiting />;
}

/** The door of an application: open, not for this person, or open after one more step. */
export function Entrance(props: EntranceProps) {
  const { application, session } = props;
  const mine = session.applications.find(({ application: id }) => id === application.id);
  if (!mine) return <NotOpenPage application={application} session={session} />;
  return mine.stepUp ? <StepUp application={application} session={session} /> : <Inside {...props} />;
}
