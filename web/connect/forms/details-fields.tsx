import { NativeSelect, TextInput } from '@mantine/core';
import { fieldName } from '../field-names';
import { bound, ListField, type FormProps } from '../form-kit';

const zones = Intl.supportedValuesOf('timeZone');

/** Company, contacts, time zone, and where notices go. */
export function DetailsFields(form: FormProps) {
  const zone = bound(form, 'timeZone');
  return (
    <>
      <TextInput label={fieldName('details', 'company')} autoComplete="organization" {...bound(form, 'company')} />
      <ListField form={form} path="contacts" legend={fieldName('details', 'contacts')} item="contact" empty={{ name: '', email: '' }} description="Whom we can reach about your account.">
        {(path, name) => (
          <>
            <TextInput aria-label={`${name}: name`} placeholder="Name" autoComplete="off" {...bound(form, `${path}.name`)} />
            <TextInput aria-label={`${name}: email address`} placeholder="Email address" type="email" inputMode="email" autoComplete="off" spellCheck={false} {...bound(form, `${path}.email`)} />
          </>
        )}
      </ListField>
      <NativeSelect label={fieldName('details', 'timeZone')} description="By whose clock notices and the last day go." data={zones.includes(zone.value) ? zones : [zone.value, ...zones]} {...zone} />
      <ListField form={form} path="notices" legend={fieldName('details', 'notices')} item="address" description="Email addresses that are told when a task is done or needs somebody." />
    </>
  );
}
