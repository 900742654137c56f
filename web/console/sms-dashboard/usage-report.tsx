import { NativeSelect, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Usage, UsageDay } from '../../api/sms';
import { countryName } from '../../sign-in/countries';
import styles from '../../shell/shell.module.css';
import { UsageChart } from './usage-chart';

const programNames: Record<UsageDay['program'], string> = { 'password-reset': 'Password reset', 'two-step': 'Two-step authentication', 'opt-in': 'Subscribing', continuity: 'Continuity notices' };
const ALL = 'all';
const count = new Intl.NumberFormat('en');

/** What was sent and what became of it, by day and program, with segments and what they are estimated to cost. */
export function UsageReport({ usage }: { usage: Usage }) {
  const [program, setProgram] = useState<string>(ALL);
  const days = usage.days.filter((day) => program === ALL || day.program === program);
  const { totals, currency, pricePerSegment, prices } = usage;
  const byCountry = Object.entries(prices).map(([country, price]) => `${countryName(country)}: ${price}`).join(', ');
  const money = new Intl.NumberFormat('en', { style: 'currency', currency });
  const facts = [
    ['Sent', count.format(totals.sent)], ['Delivered', count.format(totals.delivered)], ['Failed', count.format(totals.failed)], ['Refused by the provider', count.format(totals.refused)],
    ['Blocked', count.format(totals.blocked)], ['Segments', count.format(totals.segments)], ['Estimated cost', money.format(totals.cost)],
  ] as const;
  return (
    <Stack component="section" aria-label="Messages" gap="sm">
      <Title order={2} size="h4">Messages</Title>
      <Text size="sm" c="dimmed">{`${usage.from} to ${usage.to} (UTC). A segment holds 160 characters of GSM-7, or 70 of UCS-2 where a text has any other character; one is estimated to cost ${pricePerSegment} ${currency}${byCountry && ` (${byCountry})`}.`}</Text>
      <dl className={`${styles.facts} ${styles.figures}`}>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      <NativeSelect label="Program" value={program} onChange={(event) => setProgram(event.currentTarget.value)} data={[{ value: ALL, label: 'All programs' }, ...Object.entries(programNames).map(([value, label]) => ({ value, label }))]} />
      {days.length === 0 ? <Text>Nothing was sent in this time.</Text> : (
        <>
          <UsageChart days={days} />
          <div className={styles.scroll} tabIndex={0} role="region" aria-label="Messages by day and program">
            <Table>
              <Table.Thead><Table.Tr>{['Day', 'Program', 'Sent', 'Delivered', 'Failed', 'Refused', 'Blocked', 'Segments', 'Cost'].map((name) => <Table.Th key={name}>{name}</Table.Th>)}</Table.Tr></Table.Thead>
              <Table.Tbody>
                {days.map((day) => (
                  <Table.Tr key={`${day.day}/${day.program}`}>
                    <Table.Td>{day.day}</Table.Td><Table.Td>{programNames[day.program]}</Table.Td>
                    {[day.sent, day.delivered, day.failed, day.refused, day.blocked, day.segments].map((value, index) => <Table.Td key={index}>{count.format(value)}</Table.Td>)}
                    <Table.Td>{money.format(day.cost)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        </>
      )}
    </Stack>
  );
}
