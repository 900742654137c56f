import { Anchor, List, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Session } from '../api/session';
import type { ApplicationWords } from '../applications';
import { StepHeading } from '../shell/step-heading';
import { openIn } from './open-applications';

/** An application that is not for this person's role, and those that are. */
export function NotOpenPage({ application, session }: { application: ApplicationWords; session: Session }) {
  return (
    <Stack>
      <StepHeading>{`The ${application.title} is not open to you`}</StepHeading>
      <Text>Ask your administrator if you need it. These are open to you:</Text>
      <List spacing="xs">
        {openIn(session).map(({ id, path, title }) => <List.Item key={id}><Anchor component={Link} to={path} underline="always">{title}</Anchor></List.Item>)}
      </List>
    </Stack>
  );
}
