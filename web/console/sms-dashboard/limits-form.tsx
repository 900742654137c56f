import { Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { chosenOf, getAttributes, saveSmsSettings, type SmsSettings } from '../../api/sms';
import { ProblemAlert } from '../../shell/problem-alert';
import { countriesOf } from '../../sign-in/countries';
import { settingsKey } from './keys';

const NONE = '';
const countries = [{ value: NONE, label: 'None' }, ...countriesOf(undefined).map(({ code, name }) => ({ value: code, label: name }))];

const numberOrNull = (typed: string): number | null => (typed.trim() === '' ? null : Number(typed));
const codesIn = (typed: string): string[] => typed.toUpperCase().split(/[\s,;]+/).filter(Boolean);

/** How much may be sent, where to, when, and who has to agree. */
export function LimitsForm({ settings }: { settings: SmsSettings }) {
  const [form, setForm] = useState({
    emailAttribute: settings.emailAttribute ?? NONE, defaultCountry: settings.defaultCountry ?? NONE, countries: settings.countries.join(', '), dailyCap: String(settings.dailyCap ?? ''), codesDailyCap: String(settings.codesDailyCap ?? ''),
    approvalRequired: settings.approvalRequired, from: settings.quietHours?.from ?? '', to: settings.quietHours?.to ?? '',
  });
  const queryClient = useQueryClient();
  const { data: attributes } = useQuery({ queryKey: ['user-attributes', settings.account], queryFn: () => getAttributes(settings.account) });
  const save = useMutation({
    mutationFn: () => saveSmsSettings({
      ...chosenOf(settings), emailAttribute: form.emailAttribute === NONE ? null : form.emailAttribute, defaultCountry: form.defaultCountry === NONE ? null : form.defaultCountry, countries: codesIn(form.countries), dailyCap: numberOrNull(form.dailyCap),
      codesDailyCap: numberOrNull(form.codesDailyCap), approvalRequired: form.approvalRequired, quietHours: form.from === '' || form.to === '' ? null : { from: form.from, to: form.to },
    }),
    onSuccess: (saved) => queryClient.setQueryData(settingsKey(settings.account), saved),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const field = (name: 'emailAttribute' | 'defaultCountry' | 'countries' | 'dailyCap' | 'codesDailyCap' | 'from' | 'to') => ({
    value: form[name], required: false, onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setForm((shown) => ({ ...shown, [name]: value }));
    },
  });
  return (
    <form onSubmit={submit}>
      <Stack component="section" aria-label="Limits" gap="sm">
        <Title order={2} size="h4">Limits</Title>
        <ProblemAlert error={save.error} />
        <NativeSelect label="Default country" description="What a number without a country code is proposed to be of" data={countries} {...field('defaultCountry')} />
        <NativeSelect
          label="Second e-mail address" description="The attribute that holds it. Alerts of continuity events can go there as well"
          data={[{ value: NONE, label: 'None' }, ...(attributes ?? []).map(({ name, label }) => ({ value: name, label: `${label} (${name})` }))]} {...field('emailAttribute')}
        />
        <TextInput label="Countries that texts go to" description="Codes such as US, GB. None: all that this service sends to" {...field('countries')} />
        <Group grow align="end">
          <TextInput label="Notices in 24 hours at most" inputMode="numeric" pattern="[0-9]*" {...field('dailyCap')} />
          <TextInput label="Codes in 24 hours at most" inputMode="numeric" pattern="[0-9]*" {...field('codesDailyCap')} />
        </Group>
        <Group grow align="end">
          <TextInput label="Quiet hours from" type="time" {...field('from')} />
          <TextInput label="Quiet hours to" type="time" {...field('to')} />
        </Group>
        <Checkbox label="A second administrator approves a continuity event" checked={form.approvalRequired} onChange={(event) => {
          const { checked } = event.currentTarget;
          setForm((shown) => ({ ...shown, approvalRequired: checked }));
        }} />
        <Group><Button type="submit" loading={save.isPending}>Save limits</Button></Group>
        <Text size="sm" role="status">{save.isSuccess ? 'Saved.' : ''}</Text>
      </Stack>
    </form>
  );
}
