import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SignInPurpose } from '../../domain/sign-in';
import { getFactors } from '../api/session';
import { ProblemAlert } from '../shell/problem-alert';
import styles from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';
import { Waiting } from '../shell/waiting';
import { ConfirmChange } from './confirm-change';
import { moment } from './moment';

type Purpose = Exclude<SignInPurpose, 'sign-in'>;
type Factors = Awaited<ReturnType<typeof getFactors>>;

interface Line {
  readonly purpose: Purpose;
  readonly name: string;
  readonly state: string;
  readonly label: string;
}

function linesOf({ phone, totp, recoveryCodes }: Factors): Line[] {
  const passwordLine: Line = { purpose: 'change-password', name: 'Password', label: 'Change the password', state: 'It is asked for first whenever you log on.' };
  const phoneLine: Line = {
    purpose: 'change-phone', name: 'Mobile phone', label: phone ? 'Change the number' : 'Enrol a number',
    state: phone ? `Passcodes go to the number ending in ${phone.lastDigits}, saved ${moment(phone.enrolledAt)}.` : 'No number is saved.',
  };
  const appLine: Line = {
    purpose: 'enrol-totp', name: 'Authenticator app', label: totp ? 'Set up another app' : 'Set up an app',
    state: totp ? `Set up ${moment(totp.enrolledAt)}. It is asked for when you log on.` : 'The safer choice: text messages can be intercepted.',
  };
  const codesLine: Line = {
    purpose: 'recovery-codes', name: 'Recovery codes', label: 'Make new codes',
    state: recoveryCodes === 0 ? 'You have none. They help where phone and app are lost.' : `${recoveryCodes} left. New ones end those.`,
  };
  return phone || totp ? [passwordLine, phoneLine, appLine, codesLine] : [passwordLine, phoneLine, appLine];
}

/** One's own password and second step, and how to change it. Every change asks for the password and the second step there is. */
export function SecondStepPage() {
  const [purpose, setPurpose] = useState<Purpose>();
  const { data, error } = useQuery({ queryKey: ['factors'], queryFn: getFactors });
  const lines = data && linesOf(data);
  const chosen = lines?.find((line) => line.purpose === purpose);
  if (chosen) return <ConfirmChange purpose={chosen.purpose} title={chosen.label} onBack={() => setPurpose(undefined)} />;
  return (
    <Stack>
      <StepHeading>Your Password and Two Step Authentication</StepHeading>
      <ProblemAlert error={error} />
      {!lines && !error && <Waiting />}
      {lines && (
        <ul className={styles.rows} aria-label="Password and second steps">
          {lines.map((line) => (
            <li key={line.purpose} className={styles.row}>
              <div>
                <Text fw={650}>{line.name}</Text>
                <Text size="sm" c="dimmed">{line.state}</Text>
              </div>
              <Button variant="default" size="sm" onClick={() => setPurpose(line.purpose)}>{line.label}</Button>
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}
