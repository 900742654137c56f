import { Checkbox, Group, MultiSelect, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getGroupNames } from '../../api/continuity';
import { getSmsSettings } from '../../api/sms';
import { settingsKey } from '../sms-dashboard/keys';
import { AlertField } from './alert-field';
import type { EventDraft } from './draft';

const MOST_SHOWN = 50;
const zones = Intl.supportedValuesOf('timeZone');

interface EventFieldsProps {
  readonly account: string;
  readonly draft: EventDraft;
  readonly change: (change: Partial<EventDraft>) => void;
  /** An event that is active: its end is all that can still be different. */
  readonly endOnly?: boolean;
}

/** When an event is, for whom, and what they are told. */
export function EventFields({ account, draft, change, endOnly = false }: EventFieldsProps) {
  const { data: groups } = useQuery({ queryKey: ['continuity-groups', account], queryFn: () => getGroupNames(account) });
  const { kind, name, timeZone, tellsEnd } = draft;
  return (
    <Stack>
      {!endOnly && <TextInput label="Name" description="For the list of events, and the field event.name. It can be left out." required={false} maxLength={200} value={name} onChange={(event) => change({ name: event.currentTarget.value })} />}
      <Group grow align="end" preventGrowOverflow={false}>
        {!endOnly && kind === 'planned' && <TextInput label="Start" type="datetime-local" required value={draft.startsAt} onChange={(event) => change({ startsAt: event.currentTarget.value })} />}
        <TextInput label="End" type="datetime-local" required={kind === 'planned'} description={kind === 'planned' ? undefined : 'Left out: until you end it.'} value={draft.endsAt} onChange={(event) => change({ endsAt: event.currentTarget.value })} />
        {!endOnly && <NativeSelect label="Time zone" description="Times are those of its clock." data={zones.includes(timeZone) ? zones : [timeZone, ...zones]} value={timeZone} onChange={(event) => change({ timeZone: event.currentTarget.value })} />}
      </Group>
      {!endOnly && (
        <MultiSelect
          label="Groups" size="md" withAsterisk={false} description="People of several groups, or of groups in them, are told once." data={groups ?? []} value={[...draft.groups]} onChange={(chosen) => change({ groups: chosen })}
          searchable hidePickedOptions limit={MOST_SHOWN} nothingFoundMessage="No group has this name" comboboxProps={{ transitionProps: { duration: 0 } }}
        />
      )}
      {!endOnly && <AlertField label="Alert at the start" value={draft.start} onChange={(start) => change({ start })} />}
      <Checkbox label="Tell those who got the start when it is over" checked={tellsEnd} onChange={(event) => change({ tellsEnd: event.currentTarget.checked })} />
      {tellsEnd && <AlertField label="Alert at the end" value={draft.end} onChange={(end) => change({ end })} />}
      {!endOnly && <ByEmail account={account} checked={draft.byEmail} onChange={(byEmail) => change({ byEmail })} />}
    </Stack>
  );
}

/** Only where the account says which attribute holds second addresses: nobody would get an e-mail otherwise. */
function ByEmail({ account, checked, onChange }: { account: string; checked: boolean; onChange: (checked: boolean) => void }) {
  const { data: settings } = useQuery({ queryKey: settingsKey(account), queryFn: () => getSmsSettings(account) });
  const offered = settings !== undefined && settings.emailAttribute !== null;
  if (!offered && !checked) return null;
  return (
    <Checkbox
      label="Send the alerts by e-mail as well" description={`To the second address of those who subscribed and have one${offered ? ` (${settings.emailAttribute})` : ''}.`} checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
