import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Link, Navigate, useNavigate } from 'react-router';
import { ACCOUNT_CODE } from '../../domain/accounts';
import type { Session } from '../api/session';
import { StepHeading } from '../shell/step-heading';

/** An operator keeps every account: which one is asked first. */
function ChooseAccount() {
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const navigate = useNavigate();
  const code = typed.trim().toUpperCase();
  const isCode = ACCOUNT_CODE.test(code);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isCode) await navigate(`/connect/${code}`);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <StepHeading>Open an account</StepHeading>
        <Text>Enter the code of the account whose onboarding you want to see, or pick it from the <Anchor component={Link} to="/console/onboardings" underline="always">overview of all onboardings</Anchor>.</Text>
        <TextInput
          label="Account Code" required value={typed} onChange={(event) => setTyped(event.currentTarget.value)} maxLength={12} autoCapitalize="characters" autoComplete="off" spellCheck={false}
          error={tried && !isCode ? 'A code has 4 to 12 capitals and digits.' : undefined}
        />
        <Button type="submit">Open</Button>
      </Stack>
    </form>
  );
}

/** The address in the welcome e-mail: leads an administrator to their account, and asks an operator for one. */
export function ConnectHome({ session: { user } }: { session: Session }) {
  return user.role === 'operator' ? <ChooseAccount /> : <Navigate to={`/connect/${user.account}`} replace />;
}
