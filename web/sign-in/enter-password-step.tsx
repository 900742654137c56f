import { Button, NativeSelect, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { authenticationTypes, type AuthenticationType } from '../../domain/sign-in';
import { applicationOf } from '../applications';
import { useBeginReset } from '../password-reset/use-begin-reset';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { useEnteredAddress } from './entered-address';
import type { SignInStepProps } from './step-props';

const names: Record<AuthenticationType, string> = { cloud: 'Cloud', domain: 'Domain' };
const meanings: Record<AuthenticationType, string> = {
  cloud: 'The password that you keep here.',
  domain: 'Your organisation\u2019s own password: the one that you log on to its computers with.',
};

/** Where the password is kept, and the password. */
export function EnterPasswordStep({ flow, send, busy, error }: SignInStepProps) {
  const offered = flow.details.authenticationTypes ?? authenticationTypes.slice(0, 1);
  const [authenticationType, setAuthenticationType] = useState<AuthenticationType>(offered[0] ?? 'cloud');
  const [password, setPassword] = useState('');
  const email = useEnteredAddress(flow.id);
  const application = applicationOf(flow);
  const reset = useBeginReset(application.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send({ action: 'password', body: { authenticationType, password } });
  };
  const resetLabel = application.forgotLabel ?? application.resetLabel;
  return (
    <form onSubmit={submit}>
      <Stack>
        <StepHeading>Enter your password</StepHeading>
        <ProblemAlert error={error ?? reset.error} />
        {email !== undefined && <TextInput label={authenticationType === 'domain' ? 'Domain Logon' : application.addressLabel} type="email" value={email} readOnly autoComplete="username" />}
        <NativeSelect
          label="Authentication Type" description={meanings[authenticationType]} value={authenticationType} data={offered.map((value) => ({ value, label: names[value] }))}
          onChange={(event) => setAuthenticationType(offered.find((type) => type === event.currentTarget.value) ?? 'cloud')}
        />
        <PasswordInput
          label="Password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoComplete="current-password" spellCheck={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
        />
        <Button type="submit" loading={busy}>Log In</Button>
        {authenticationType === 'domain' ? <Text size="sm">A Domain password is changed at your organisation, not here.</Text> : email === undefined ? (
          <Button variant="default" component={Link} to={application.path}>{resetLabel}</Button>
        ) : (
          <Button variant="default" onClick={() => reset.mutate(email)} loading={reset.isPending}>{resetLabel}</Button>
        )}
      </Stack>
    </form>
  );
}
