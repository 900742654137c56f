import { Anchor, List, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { applications, rememberedApplication } from '../applications';
import { PortalShell } from '../shell/portal-shell';
import { StepHeading } from '../shell/step-heading';

/** What to try when the logon does not work, for every portal. */
export function LoginIssuesPage() {
  const application = rememberedApplication();
  return (
    <PortalShell application={application.title} home={application.path}>
      <Stack>
        <StepHeading>Login issues</StepHeading>
        <List spacing="sm">
          <List.Item>Check that you are at the right address: best follow the link in the message that you received.</List.Item>
          <List.Item>Check that your primary e-mail address is typed correctly.</List.Item>
          <List.Item>Do you sign in with your organisation's own password (Domain)? It is changed there, not here.</List.Item>
          <List.Item>A reset link works once. If it did not work, ask for a new one: only the newest message is valid.</List.Item>
          <List.Item>No message after a few minutes? Look into the folder for unwanted mail, then ask your administrator.</List.Item>
        </List>
        <Text component="h2" fw={650}>Reset your password for</Text>
        <List>
          {Object.values(applications).map(({ id, path, title }) => (
            <List.Item key={id}><Anchor component={Link} to={path} underline="always">{title}</Anchor></List.Item>
          ))}
        </List>
      </Stack>
    </PortalShell>
  );
}
