import { Stack, Text } from '@mantine/core';
import { useNavigate } from 'react-router';
import type { SignInPurpose } from '../../domain/sign-in';
import { applicationOf, applications } from '../applications';
import { Ending } from '../flow/ending';
import { useSession } from '../signed-in/use-session';
import { Waiting } from '../shell/waiting';
import { RecoveryCodes } from './recovery-codes';
import type { SignInStepProps } from './step-props';
import { Verified } from './verified';

const changed: Record<Exclude<SignInPurpose, 'sign-in'>, { readonly title: string; readonly text: string }> = {
  'change-phone': { title: 'Your number is changed', text: 'Passcodes go to the new number from now on. You are told by e-mail too.' },
  'enrol-totp': { title: 'Your authenticator app is set up', text: 'It is asked for from now on when you log on. You are told by e-mail too.' },
  'change-password': { title: 'Your password is changed', text: 'Your other sessions have ended. You are told by e-mail too.' },
  'recovery-codes': { title: 'You have new recovery codes', text: 'Those you had before do not work any more.' },
};

/** Everything asked for was given: on to the application. */
export function DoneStep({ flow }: SignInStepProps) {
  const navigate = useNavigate();
  const session = useSession();
  const { purpose, recoveryCodes, open = true } = flow.details;
  const { path, title } = applicationOf(flow);
  const codes = recoveryCodes && <RecoveryCodes codes={recoveryCodes} />;
  if (purpose !== 'sign-in') return <Ending good {...changed[purpose]} to="/account/second-step" label="Go back">{codes}</Ending>;
  if (session.isPending) return <Waiting />;
  // Only the device that took the last step was given the session.
  if (!session.data) return <Ending good={false} title="Logged in elsewhere" text="This log-in was finished on another device or has been signed out since. To work here, log in here." to={path} label="Log in here" />;
  if (!open) {
    const there = applications[session.data.application];
    return <Ending good={false} title={`The ${title} is not open to you`} text={`You are signed in to the ${there.title}. Ask your administrator if you need the other.`} to={there.path} label={`Go to the ${there.title}`}>{codes}</Ending>;
  }
  return (
    <Verified title="You are verified" text={`You are signed in to the ${title}.`} onLogIn={() => void navigate(path, { replace: true })}>
      {codes && <Stack>{codes}<Text size="sm">Go on once you have kept what is shown here.</Text></Stack>}
    </Verified>
  );
}
