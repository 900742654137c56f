import { Anchor, List, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Session } from '../api/session';
import type { ApplicationWords } from '../applications';
import { StepHeading } from '../shell/step-heading';

/** An application's first page: who is signed in, and what there is to do. */
export function HomePage({ application, session }: { application: ApplicationWords; session: Session }) {
  return (
    <Stack>
      <StepHeading>{`Welcome to the ${application.title}`}</StepHeading>
      <Text>{`You are signed in as ${session.user.name}, ${session.user.email}.`}</Text>
      <List spacing="xs">
        <List.Item><Anchor component={Link} to="/account/sessions" underline="always">Where you are signed in</Anchor></List.Item>
        <List.Item><Anchor component={Link} to="/account/second-step" underline="always">Your Two Step Authentication</Anchor></List.Item>
        <List.Item><Anchor component={Link} to="/account/text-messages" underline="always">Your Text Messages</Anchor></List.Item>
      </List>
    </Stack>
  );
}
