import { Anchor, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import type { SignInPurpose } from '../../domain/sign-in';
import { startChange } from '../api/sign-ins';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';

/** The password again, before one's second step is changed: a device left open must not be enough. */
export function ConfirmChange({ purpose, title, onBack }: { purpose: Exclude<SignInPurpose, 'sign-in'>; title: string; onBack: () => void }) {
  const [password, setPassword] = useState('');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const change = useMutation({
    mutationFn: () => startChange(purpose, password),
    onSuccess: async (flow) => {
      // Whatever becomes of it, what is known here of the second step is out of date then.
      queryClient.removeQueries({ queryKey: ['factors'] });
      queryClient.setQueryData(['sign-ins', flow.id], flow);
      await navigate(`/sign-ins/${flow.id}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <StepHeading>{title}</StepHeading>
        <ProblemAlert error={change.error} />
        <Text>Enter your password first. Then the second step that you have is asked for.</Text>
        <PasswordInput
          label="Password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoComplete="current-password" spellCheck={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
        />
        <Button type="submit" loading={change.isPending}>Continue</Button>
        <Anchor component="button" type="button" ta="left" underline="always" onClick={onBack}>Back</Anchor>
      </Stack>
    </form>
  );
}
