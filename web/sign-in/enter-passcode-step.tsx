import { Stack, Text } from '@mantine/core';
import { lazy, useState } from 'react';
import type { SignInDetails } from '../api/sign-ins';
import { offers } from '../flow/journey';
import { Resend } from '../flow/resend';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { CodeForm } from './code-form';
import { OtherWay } from './other-way';
import { RecoveryCodeForm } from './recovery-code-form';
import type { SignInStepProps } from './step-props';

const PhoneForm = lazy(() => import('./phone-form'));

/** Where the passcode goes. Of a saved number only the last two digits are told. */
function destination({ number, delivery }: SignInDetails): string {
  const to = number?.display ?? (number?.lastDigits === undefined ? 'your phone' : `the number ending in ${number.lastDigits}`);
  if (delivery === 'failed') return `The passcode could not be sent to ${to}. Check the number, or ask for another passcode.`;
  return delivery === 'sent' ? `A one-time passcode was sent by SMS to ${to}.` : `A one-time passcode is being sent by SMS to ${to}.`;
}

type Way = 'passcode' | 'recovery-code' | 'phone';

const titles: Record<Way, string> = { passcode: 'Enter the passcode', 'recovery-code': 'Use a recovery code', phone: 'Correct your number' };

/** The passcode of the text message; or what to do for who does not get it. */
export function EnterPasscodeStep({ flow, send, busy, error }: SignInStepProps) {
  const [chosen, setWay] = useState<Way>('passcode');
  const way = offers(flow, chosen) ? chosen : 'passcode';
  const { countries } = flow.details;
  const sendNumber = (number: string): void => {
    send({ action: 'phone', body: { number } });
    setWay('passcode');
  };
  return (
    <Stack>
      <StepHeading>{titles[way]}</StepHeading>
      <ProblemAlert error={error} />
      {way === 'passcode' && (
        <>
          <Text role="status">{destination(flow.details)}</Text>
          <CodeForm key={flow.details.number?.display} label="Passcode" onSubmit={(code) => send({ action: 'passcode', body: { code } })} busy={busy} />
          <Resend flow={flow} onResend={() => send({ action: 'resend', body: {} })} busy={busy} />
          {offers(flow, 'phone') && <OtherWay label="This is not my number" onClick={() => setWay('phone')} />}
          {offers(flow, 'recovery-code') && <OtherWay label="Use a recovery code" onClick={() => setWay('recovery-code')} />}
        </>
      )}
      {way === 'recovery-code' && <RecoveryCodeForm onSubmit={(code) => send({ action: 'recovery-code', body: { code } })} busy={busy} />}
      {way === 'phone' && <PhoneForm countries={countries} onSubmit={sendNumber} busy={busy} />}
      {way !== 'passcode' && <OtherWay label="Back to the passcode" onClick={() => setWay('passcode')} />}
    </Stack>
  );
}
