import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { evaluatePassword, meetsPolicy, type PasswordPolicy } from '../../domain/password-policy';
import { problemOf } from '../api/client';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { Criteria } from './criteria';

interface NewPasswordFormProps {
  readonly policy: PasswordPolicy;
  readonly lead?: string;
  readonly onSubmit: (chosen: { readonly password: string; readonly confirmation: string }) => void;
  readonly busy: boolean;
  readonly error: unknown;
}

/** The new password and its confirmation, judged while it is typed by the rules that the server judges with. */
export function NewPasswordForm({ policy, lead, onSubmit, busy, error }: NewPasswordFormProps) {
  const [password, setPassword] = useState('');
  const [confirmation, setConfirmation] = useState('');
  const [tried, setTried] = useState(false);
  const criteria = evaluatePassword(password, policy);
  const matches = { id: 'match', label: 'Both fields are the same', met: password !== '' && password === confirmation };
  const complete = meetsPolicy(criteria) && matches.met;
  // What only the server knows, such as that this was the temporary password, is said in its words.
  const refused = (error ? problemOf(error).failures ?? [] : []).filter(({ id }) => !criteria.some((criterion) => criterion.id === id));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (complete) onSubmit({ password, confirmation });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <StepHeading>Choose a new password</StepHeading>
        <ProblemAlert error={error} />
        {refused.map(({ id, label }) => <Text key={id} c="#8f1d1d">{label}</Text>)}
        {lead && <Text>{lead}</Text>}
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
