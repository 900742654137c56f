import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { evaluatePassword, meetsPolicy } from '../../domain/password-policy';
import { problemOf } from '../api/client';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { Criteria } from './criteria';
import type { StepProps } from './use-flow';

/** The new password and its confirmation, judged while it is typed by the rules that the server judges with. */
export default function NewPasswordStep({ flow, send, busy, error }: StepProps) {
  const [password, setPassword] = useState('');
  const [confirmation, setConfirmation] = useState('');
  const [tried, setTried] = useState(false);
  const { policyContext } = flow.details;
  if (!policyContext) return null;
  const criteria = evaluatePassword(password, policyContext);
  const matches = { id: 'match', label: 'Both fields are the same', met: password !== '' && password === confirmation };
  const complete = meetsPolicy(criteria) && matches.met;
  // What only the server knows, such as that this was the temporary password, is said in its words.
  const refused = (error ? problemOf(error).failures ?? [] : []).filter(({ id }) => !criteria.some((criterion) => criterion.id === id));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (complete) send({ action: 'password', body: { password, confirmation } });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <StepHeading>Choose a new password</StepHeading>
        <ProblemAlert error={error} />
        {refused.map(({ id, label }) => <Text key={id} c="#8f1d1d">{label}</Text>)}
        <PasswordInput
          label="New Password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoComplete="new-password" description="It must meet all criteria below."
          error={tried && !meetsPolicy(criteria) ? 'Not all criteria below are met.' : undefined} visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the new password', tabIndex: 0 }}
        />
        <PasswordInput
          label="Confirm New Password" required value={confirmation} onChange={(event) => setConfirmation(event.currentTarget.value)} autoComplete="new-password"
          error={tried && !matches.met ? 'Both fields must be the same.' : undefined} visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the confirmation', tabIndex: 0 }}
        />
        <Criteria criteria={[...criteria, matches]} />
        <Button type="submit" loading={busy}>Confirm</Button>
      </Stack>
    </form>
  );
}
