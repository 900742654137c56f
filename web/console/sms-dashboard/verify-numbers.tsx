import { Anchor, Button, Group, NativeSelect, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getCheckedValues, type NumberCheck } from '../../api/sms';
import { ProblemAlert } from '../../shell/problem-alert';
import styles from '../../shell/shell.module.css';
import { countriesOf } from '../../sign-in/countries';
import { Counts } from './counts';
import { useNumberCheck } from './use-number-check';

const NONE = '';
const countries = [{ value: NONE, label: 'None: only what has a country code' }, ...countriesOf(undefined).map(({ code, name }) => ({ value: code, label: name }))];

/** Verifying Numbers: how many values are usable, what is proposed for others, and which are of no use and why. */
export function VerifyNumbers({ account, attribute, defaultCountry }: { account: string; attribute: string; defaultCountry: string | null }) {
  const [country, setCountry] = useState(defaultCountry ?? NONE);
  const { check, works, begin, apply, error } = useNumberCheck(account, attribute);
  return (
    <Stack component="section" aria-label="Verifying Numbers" gap="sm">
      <Title order={2} size="h4">Verifying Numbers</Title>
      <ProblemAlert error={error} />
      <Group align="end">
        <NativeSelect label="Default country" data={countries} value={country} onChange={(event) => setCountry(event.currentTarget.value)} flex="1 1 12rem" />
        <Button variant="default" onClick={() => begin.mutate(country === NONE ? null : country)} loading={begin.isPending || works}>Verify Numbers</Button>
      </Group>
      {check && <Counts check={check} />}
      {check && !works && <Found check={check} onApply={() => apply.mutate()} applying={apply.isPending} />}
    </Stack>
  );
}

function Found({ check, onApply, applying }: { check: NumberCheck; onApply: () => void; applying: boolean }) {
  const [asked, setAsked] = useState(false);
  const path = `/api/sms-settings/number-checks/${check.id}/values?format=csv`;
  return (
    <Stack gap="sm">
      {check.state === 'applied' && <Text role="status">{`${check.applied} values were written in long format.`}</Text>}
      {check.proposed + check.unusable > 0 && <Anchor href={path} download underline="always">Download all that are not usable as they are (CSV)</Anchor>}
      {check.proposed > 0 && check.state === 'done' && (
        <>
          <Values check={check} outcome="proposed" title="Proposals" />
          {!asked && <Group><Button variant="default" size="sm" onClick={() => setAsked(true)}>Apply proposals</Button></Group>}
          {asked && (
            <Stack gap="xs" role="group" aria-label="Confirm: Apply proposals">
              <Text size="sm">{`${check.proposed} values of the attribute are replaced by what is proposed. They are not sent anything before their owners subscribe.`}</Text>
              <Group gap="xs">
                <Button size="sm" autoFocus onClick={onApply} loading={applying}>Yes, apply proposals</Button>
                <Button variant="default" size="sm" onClick={() => setAsked(false)}>No</Button>
              </Group>
            </Stack>
          )}
        </>
      )}
      {check.unusable > 0 && <Values check={check} outcome="unusable" title="Not usable" />}
    </Stack>
  );
}

/** The first of them; the file has all. */
function Values({ check, outcome, title }: { check: NumberCheck; outcome: 'proposed' | 'unusable'; title: string }) {
  const { data, error } = useQuery({ queryKey: ['number-check', check.id, outcome], queryFn: () => getCheckedValues(check.id, outcome) });
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">{title}</Title>
      <ProblemAlert error={error} />
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={title}>
        <Table>
          <Table.Thead><Table.Tr><Table.Th>User</Table.Th><Table.Th>Value</Table.Th><Table.Th>{outcome === 'proposed' ? 'Proposal' : 'Reason'}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {data?.items.map((row) => <Table.Tr key={row.user}><Table.Td>{row.email}</Table.Td><Table.Td>{row.value}</Table.Td><Table.Td>{row.proposal ?? row.text}</Table.Td></Table.Tr>)}
          </Table.Tbody>
        </Table>
      </div>
      {data?.next && <Text size="sm" c="dimmed">{`The first ${data.items.length} are shown; the file has all.`}</Text>}
    </Stack>
  );
}
