import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { PortalShell } from './portal-shell';
import { StepHeading } from './step-heading';

/** An address that leads nowhere. */
export function NotFoundPage() {
  return (
    <PortalShell application="Personal Portal" home="/">
      <Stack>
        <StepHeading>Page not found</StepHeading>
        <Text>There is no page at this address. Check that it was copied completely.</Text>
        <Anchor component={Link} to="/" underline="always">Go to the Personal Portal</Anchor>
      </Stack>
    </PortalShell>
  );
}
