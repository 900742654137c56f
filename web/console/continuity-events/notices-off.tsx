import { Alert, Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

/** Why no notices can be sent, and where that is changed. */
export function NoticesOff({ why }: { why: string | null }) {
  return (
    <Alert role="note" color="yellow" variant="light" title="Continuity notices are off" styles={{ root: { backgroundColor: '#fdf3d7' }, title: { color: '#6b4500' }, message: { color: '#1b2733' } }}>
      {why !== null && <Text>{why}</Text>}
      <Anchor component={Link} to="/console/sms-dashboard" underline="always">Go to the SMS Dashboard</Anchor>
    </Alert>
  );
}
