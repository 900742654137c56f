import { Button, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMemo, useState, type FormEvent } from 'react';
import { countriesOf, countryName, likelyCountry, understood } from './countries';

interface PhoneFormProps {
  /** The countries that are allowed; undefined: all. */
  readonly countries: readonly string[] | undefined;
  readonly onSubmit: (number: string) => void;
  readonly busy: boolean;
}

/** A mobile number and its country, shown back as it was understood before anything is sent to it. */
export default function PhoneForm({ countries: allowed, onSubmit, busy }: PhoneFormProps) {
  const countries = useMemo(() => countriesOf(allowed), [allowed]);
  const [code, setCode] = useState(() => likelyCountry(countries));
  const [typed, setTyped] = useState('');
  const [judged, setJudged] = useState(false);
  const parsed = understood(typed, countries.find((country) => country.code === code));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setJudged(true);
    if (parsed.ok) onSubmit(parsed.e164);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <NativeSelect
          label="Country" value={code} autoComplete="country" onChange={(event) => setCode(countries.find((country) => country.code === event.currentTarget.value)?.code)}
          data={countries.map((country) => ({ value: country.code, label: `${country.name} (+${country.callingCode})` }))}
        />
        <TextInput
          label="Mobile Phone Number" description="With no leading zeroes." required value={typed} onChange={(event) => setTyped(event.currentTarget.value)}
          type="tel" inputMode="tel" autoComplete="tel-national" maxLength={30}
          onBlur={() => setJudged(typed !== '')} error={judged && !parsed.ok ? parsed.message : undefined}
        />
        <Text size="sm" role="status">{parsed.ok ? `Understood as ${parsed.display} (${countryName(parsed.country)})` : ''}</Text>
        <Button type="submit" loading={busy}>Next</Button>
      </Stack>
    </form>
  );
}
