import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { chosenOf, getAttributes, getSmsSettings, saveSmsSettings, type Attribute } from '../../api/sms';
import { ProblemAlert } from '../../shell/problem-alert';
import { StepHeading } from '../../shell/step-heading';
import { Waiting } from '../../shell/waiting';
import { AttributeLookup } from './attribute-lookup';
import { settingsKey } from './keys';
import { NumberCounts } from './number-counts';

const DASHBOARD = '/console/sms-dashboard';

/** Change Attribute: look one up, see what its numbers are worth beside those of today, save and exit. */
export function AttributePage({ account }: { account: string }) {
  const [chosen, setChosen] = useState<Attribute>();
  const [looking, setLooking] = useState(false);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { data: settings, error } = useQuery({ queryKey: settingsKey(account), queryFn: () => getSmsSettings(account) });
  const { data: attributes } = useQuery({ queryKey: ['user-attributes', account], queryFn: () => getAttributes(account) });
  const save = useMutation({
    mutationFn: async () => saveSmsSettings({ ...chosenOf(settings!), attribute: chosen!.name }),
    onSuccess: async (saved) => {
      queryClient.setQueryData(settingsKey(account), saved);
      await navigate(DASHBOARD);
    },
  });
  if (!settings) return <Stack><StepHeading>Change Attribute</StepHeading>{error ? <ProblemAlert error={error} /> : <Waiting />}</Stack>;
  const before = attributes?.find(({ name }) => name === settings.attribute);
  return (
    <Stack>
      <StepHeading>Change Attribute</StepHeading>
      <ProblemAlert error={save.error} />
      <Text>Numbers have to be in long format: plus, country code, and no zeroes at the beginning, such as +12025550101.</Text>
      <Group align="end">
        <TextInput label="SMS attribute" readOnly required={false} value={label(chosen ?? before)} flex="1 1 12rem" />
        <Button variant="default" onClick={() => setLooking(true)} aria-haspopup="dialog">Lookup</Button>
      </Group>
      {looking && <AttributeLookup account={account} attributes={attributes ?? []} onChoose={setChosen} onClose={() => setLooking(false)} />}
      {before && <NumberCounts key={before.name} title={`Today: ${before.label}`} account={account} attribute={before.name} defaultCountry={settings.defaultCountry} />}
      {chosen && chosen.name !== settings.attribute && <NumberCounts key={chosen.name} title={`After the change: ${chosen.label}`} account={account} attribute={chosen.name} defaultCountry={settings.defaultCountry} />}
      {chosen && chosen.name !== settings.attribute && <Text size="sm">Whoever has another number there has to subscribe to notices again.</Text>}
      <Group>
        <Button onClick={() => save.mutate()} loading={save.isPending} disabled={!chosen}>Save and Exit</Button>
        <Button component={Link} to={DASHBOARD} variant="default">Go Back</Button>
      </Group>
    </Stack>
  );
}

function label(attribute: Attribute | undefined): string {
  return attribute ? `${attribute.label} (${attribute.name})` : 'None is chosen';
}
