import { Anchor, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { getSmsSettings } from '../api/sms';
import { ProblemAlert } from '../shell/problem-alert';
import styles from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';
import { Waiting } from '../shell/waiting';
import { settingsKey } from './sms-dashboard/keys';

/** What holds for the whole account. */
export function AccountSettingsPage({ account }: { account: string }) {
  const { data, error } = useQuery({ queryKey: settingsKey(account), queryFn: () => getSmsSettings(account) });
  return (
    <Stack>
      <StepHeading>Account Settings</StepHeading>
      <ProblemAlert error={error} />
      {!data && !error && <Waiting />}
      {data && (
        <>
          <Title order={2} size="h4">System Notification Options</Title>
          <dl className={styles.facts}>
            <div><dt>Account</dt><dd>{data.account}</dd></div>
            <div><dt>SMS attribute</dt><dd>{data.attribute === null ? 'None is chosen' : `${data.attributeLabel ?? data.attribute} (${data.attribute})`}</dd></div>
            <div><dt>Continuity notices by SMS</dt><dd>{data.notices.available ? 'On' : `Off. ${data.notices.why ?? ''}`}</dd></div>
          </dl>
          <Text size="sm"><Anchor component={Link} to="/console/sms-dashboard" underline="always">Change it on the SMS Dashboard</Anchor></Text>
        </>
      )}
    </Stack>
  );
}
