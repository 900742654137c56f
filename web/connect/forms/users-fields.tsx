import { Button, Checkbox, FileInput, Group, NativeSelect, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { tryDirectory, uploadUsers } from '../../api/onboardings';
import { ProblemAlert } from '../../shell/problem-alert';
import styles from '../connect.module.css';
import { textAt, withValue } from '../drafts';
import { fieldName } from '../field-names';
import { bound, isTicked, type FormProps } from '../form-kit';
import { ImportReport } from '../import-report';
import { SecretField } from './secret-field';

const plain = { spellCheck: false, autoCapitalize: 'none', autoComplete: 'off' } as const;
const signIns = [{ value: 'search', label: 'By address: the person is looked up, then signed in' }, { value: 'user-principal-name', label: 'As user principal name (Active Directory)' }];

/** The directory that people are read from. */
function DirectoryFields(form: FormProps) {
  const { draft, change, judge, save, onboarding } = form;
  const trial = useMutation({ mutationFn: async () => tryDirectory(onboarding.id, await save()) });
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
      <Group>
        <Button variant="default" size="sm" onClick={() => judge() && trial.mutate()} loading={trial.isPending}>Try the directory</Button>
        <Text size="sm" c="dimmed">Reads it and shows what synchronising would do. Nobody becomes a user by it.</Text>
      </Group>
      <ProblemAlert error={trial.error} />
      {trial.data && <ImportReport title={trial.data.result === 'ok' ? 'The directory was read' : 'The directory could not be used'} found={trial.data} />}
    </>
  );
}

/** The file that people are read from: uploaded at once, and judged line by line. */
function FileFields(form: FormProps) {
  const { draft, change, errorAt, onboarding } = form;
  const upload = useMutation({
    mutationFn: (file: File) => uploadUsers(onboarding.id, file),
    onSuccess: (uploaded) => change(withValue(draft, 'upload', uploaded.upload)),
  });
  const { data } = upload;
  const kept = textAt(draft, 'upload') !== '' && !data;
  return (
    <>
      <FileInput
        name="upload" label={fieldName('users', 'upload')} description="It begins with a line of headings such as: email,name,mobile. Other columns become attributes." placeholder={kept ? 'A file was uploaded. Choose another one to replace it.' : 'Choose a file'}
        accept=".csv,text/csv" size="md" error={errorAt('upload')} disabled={upload.isPending} onChange={(file) => file && upload.mutate(file)}
      />
      <Text size="sm" role="status">{upload.isPending ? 'It is being uploaded and read ...' : ''}</Text>
      <ProblemAlert error={upload.error} />
      {data && <ImportReport title={data.result === 'ok' ? `${data.fileName} can be taken over` : `${data.fileName} cannot be taken over`} found={data} />}
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
      {value === 'csv' && <FileFields {...form} />}
    </>
  );
}
