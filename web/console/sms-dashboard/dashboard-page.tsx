import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { getSmsSettings, getUsage } from '../../api/sms';
import { ProblemAlert } from '../../shell/problem-alert';
import styles from '../../shell/shell.module.css';
import { StepHeading } from '../../shell/step-heading';
import { Waiting } from '../../shell/waiting';
import { settingsKey } from './keys';
import { LimitsForm } from './limits-form';
import { UsageReport } from './usage-report';
import { VerifyNumbers } from './verify-numbers';

/** Services | SMS Dashboard: the attribute, what its numbers are worth, what was sent, and what may be. */
export function SmsDashboardPage({ account }: { account: string }) {
  const settings = useQuery({ queryKey: settingsKey(account), queryFn: () => getSmsSettings(account) });
  const usage = useQuery({ queryKey: ['sms-usage', account], queryFn: () => getUsage(account) });
  const { data } = settings;
  return (
    <Stack gap="xl">
      <StepHeading>SMS Dashboard</StepHeading>
      <ProblemAlert error={settings.error ?? usage.error} />
      {!data && !settings.error && <Waiting />}
      {data && (
        <>
          <Stack component="section" aria-label="SMS attribute" gap="sm">
            <Title order={2} size="h4">SMS Attribute</Title>
            <dl className={styles.facts}>
              <div><dt>Attribute that holds the SMS number</dt><dd>{data.attribute === null ? 'None is chosen' : `${data.attributeLabel ?? data.attribute} (${data.attribute})`}</dd></div>
              <div><dt>Continuity notices</dt><dd>{data.notices.available ? 'On, for users who subscribed' : `Off. ${data.notices.why ?? ''}`}</dd></div>
            </dl>
            <Group><Button component={Link} to="/console/sms-dashboard/attribute" variant="default" size="sm">Change Attribute</Button></Group>
          </Stack>
          {data.attribute !== null && <VerifyNumbers account={account} attribute={data.attribute} defaultCountry={data.defaultCountry} />}
          {usage.data && <UsageReport usage={usage.data} />}
          <LimitsForm key={JSON.stringify(data)} settings={data} />
        </>
      )}
      <Text size="sm" c="dimmed">Two-step authentication and password reset by SMS are available to all accounts, not just those with SMS Services.</Text>
    </Stack>
  );
}
