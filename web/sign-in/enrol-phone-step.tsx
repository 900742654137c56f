import { Stack, Text } from '@mantine/core';
import { lazy, useState } from 'react';
import { offers } from '../flow/journey';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { AuthenticatorSetup } from './authenticator-setup';
import { CodeForm } from './code-form';
import { OtherWay } from './other-way';
import type { SignInStepProps } from './step-props';

// What is known about the numbers of every country is large: it is loaded with the step that needs it.
const PhoneForm = lazy(() => import('./phone-form'));

/** The second step is enrolled: a mobile number, or the stronger alternative. */
export function EnrolPhoneStep({ flow, send, busy, error }: SignInStepProps) {
  const [byApp, setByApp] = useState(false);
  const { enrolment, risk, countries, purpose } = flow.details;
  const offersApp = enrolment !== undefined && offers(flow, 'totp');
  if (byApp && offersApp) {
    return (
      <Stack>
        <StepHeading>Set up an authenticator app</StepHeading>
        <ProblemAlert error={error} />
        <CodeForm label="Code from the app" onSubmit={(code) => send({ action: 'totp', body: { code } })} busy={busy}>
          <AuthenticatorSetup {...enrolment} />
        </CodeForm>
        <OtherWay label="Use a mobile phone instead" onClick={() => setByApp(false)} />
      </Stack>
    );
  }
  return (
    <Stack>
      <StepHeading>{purpose === 'change-phone' ? 'Enter your new number' : 'Enrol in Two Step Authentication'}</StepHeading>
      <ProblemAlert error={error} />
      <Text>A one-time passcode is sent to your mobile phone by SMS. The number is saved for the next time you log on.</Text>
      <PhoneForm countries={countries} onSubmit={(number) => send({ action: 'phone', body: { number } })} busy={busy} />
      {risk !== undefined && <Text size="sm">{risk}</Text>}
      {offersApp && <OtherWay label="Use an authenticator app instead" onClick={() => setByApp(true)} />}
    </Stack>
  );
}
