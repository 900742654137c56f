import { Checkbox, NativeSelect, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import styles from '../connect.module.css';
import { textAt, withValue } from '../drafts';
import { fieldName } from '../field-names';
import { bound, isTicked, type FormProps } from '../form-kit';
import { SecretField } from './secret-field';

const plain = { spellCheck: false, autoCapitalize: 'none', autoComplete: 'off' } as const;
const signIns = [{ value: 'search', label: 'By address: the person is looked up, then signed in' }, { value: 'user-principal-name', label: 'As user principal name (Active Directory)' }];

/** The directory that people are read from. */
function DirectoryFields(form: FormProps) {
  const { draft, change } = form;
  return (
    <>
      <TextInput label={fieldName('users', 'url')} description="Such as ldaps://directory.lighthouse.example." {...plain} {...bound(form, 'url')} />
      {textAt(draft, 'url').toLowerCase().startsWith('ldap:') && <Checkbox name="startTls" label="Switch to TLS before anything is sent (StartTLS)" checked={isTicked(form, 'startTls')} onChange={(event) => change(withValue(draft, 'startTls', event.currentTarget.checked))} />}
      <Textarea label={fieldName('users', 'certificateAuthority')} description="Where the directory's certificate is none of a public authority: those it is checked against, in PEM." autosize minRows={2} maxRows={8} {...plain} {...bound(form, 'certificateAuthority')} />
      <div className={styles.pair}>
        <TextInput label={fieldName('users', 'bindDn')} description="Such as cn=reader,dc=lighthouse,dc=example." {...plain} {...bound(form, 'bindDn')} />
        <SecretField form={form} path="bindPassword" description="Kept sealed and never shown again." />
        <TextInput label={fieldName('users', 'baseDn')} description="Such as ou=people,dc=lighthouse,dc=example." {...plain} {...bound(form, 'baseDn')} />
        <TextInput label={fieldName('users', 'filter')} description="Who of those is a person." {...plain} {...bound(form, 'filter')} />
        <TextInput label="Attribute with the email address" {...plain} {...bound(form, 'attributes.email')} />
        <TextInput label="Attribute with the name" {...plain} {...bound(form, 'attributes.name')} />
        {/* Left empty it is not there at all: not every directory has one. */}
        <TextInput label="Attribute with the mobile number" description="Leave it empty where there is none." {...plain} {...bound(form, 'attributes.mobile')} onChange={(event) => change(withValue(draft, 'attributes.mobile', event.currentTarget.value || undefined))} />
      </div>
      <NativeSelect label="How people are found when they sign in" data={signIns} {...bound(form, 'signIn')} />
    </>
  );
}

/** Where the people of the account come from. */
export function UsersFields(form: FormProps) {
  const { draft, change } = form;
  const { value, error } = bound(form, 'source');
  return (
    <>
      <Radio.Group name="source" label={fieldName('users', 'source')} value={value} error={error} onChange={(source) => change(withValue(draft, 'source', source))}>
        <Stack gap="sm" mt="xs">
          <Radio value="directory" label="Your directory" description="LDAP or Active Directory: people are read from it." />
          <Radio value="csv" label="A file (CSV)" description="One person a line, up to 50,000." />
        </Stack>
      </Radio.Group>
      {value === 'directory' && <DirectoryFields {...form} />}
    </>
  );
}
