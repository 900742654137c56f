import { Anchor, List, Stack, Title } from '@mantine/core';
import { Link } from 'react-router';
import { applications, rememberedApplication } from '../applications';
import { PortalShell } from '../shell/portal-shell';
import { StepHeading } from '../shell/step-heading';
import { SupportFacts } from './support-facts';

const attempts = [
  'Check that you are at the right address: best follow the link in the message that you received.',
  'Check that your primary email address is typed correctly.',
  'Use a supported browser: a recent Chrome, Edge, Firefox or Safari.',
  'Do you sign in with your organisation\u2019s own password (Domain)? It is changed there, not here.',
  'Copied a temporary password? Check that no blank came along at its end.',
  'A reset link works once. If it did not work, ask for a new one: only the newest message is valid.',
  'No message after a few minutes? Look into the folder for unwanted mail.',
];

const secondSteps = [
  'No passcode by SMS? Check the last two digits of the number that the page shows, wait a minute, then choose Send again: only the newest passcode is valid.',
  'Is your phone lost, or the app gone? Use one of your recovery codes where the page offers it.',
  'You have no recovery codes? An administrator resets your second step, and you enrol again. Nobody asks you for a password or a code to do that.',
  'Does your app\u2019s code not fit? Let the clock of that device be set automatically.',
  'Too many wrong entries? Wait as long as the page says; an administrator can end the wait.',
];

/** What to try when the logon does not work, for every portal, and what the support desk will ask. */
export function LoginIssuesPage() {
  const application = rememberedApplication();
  return (
    <PortalShell application={application.title} home={application.path}>
      <Stack>
        <StepHeading>Login issues?</StepHeading>
        <Title order={2} size="h4">Try this first</Title>
        <List spacing="xs">{attempts.map((attempt) => <List.Item key={attempt}>{attempt}</List.Item>)}</List>
        <Title order={2} size="h4" mt="sm">Two Step Authentication</Title>
        <List spacing="xs">{secondSteps.map((advice) => <List.Item key={advice}>{advice}</List.Item>)}</List>
        <Title order={2} size="h4" mt="sm">Reset your password for</Title>
        <List spacing="xs">
          {Object.values(applications).map(({ id, path, title }) => (
            <List.Item key={id}><Anchor component={Link} to={path} underline="always">{title}</Anchor></List.Item>
          ))}
        </List>
        <Title order={2} size="h4" mt="sm">Ask for help</Title>
        <List spacing="xs">
          <List.Item>You work for the organisation whose mail this is: ask your administrator.</List.Item>
          <List.Item>Somebody outside sent you a secure message: ask its sender.</List.Item>
          <List.Item>You are a partner: ask your administrator, or your account manager.</List.Item>
        </List>
        <SupportFacts application={application} />
      </Stack>
    </PortalShell>
  );
}
