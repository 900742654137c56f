import { Radio, Stack, TextInput } from '@mantine/core';
import { withValue } from '../drafts';
import { fieldName } from '../field-names';
import { bound, type FormProps } from '../form-kit';
import { SecretField } from './secret-field';

/** Where passwords are kept; Domain is tried out with one user. */
export function AuthenticationFields(form: FormProps) {
  const { value, error } = bound(form, 'method');
  return (
    <>
      <Radio.Group name="method" label={fieldName('authentication', 'method')} value={value} error={error} onChange={(method) => form.change(withValue(form.draft, 'method', method))}>
        <Stack gap="sm" mt="xs">
          <Radio value="cloud" label="Cloud" description="Your people have a password here." />
          <Radio value="domain" label="Domain" description="Your people sign in with the password of your directory." />
        </Stack>
      </Radio.Group>
      {value === 'domain' && (
        <>
          <TextInput label={fieldName('authentication', 'testUser')} description="The email address of one user, who is signed in once to try it out." type="email" inputMode="email" autoComplete="off" spellCheck={false} {...bound(form, 'testUser')} />
          <SecretField form={form} path="testPassword" description="Used once, and then forgotten." />
        </>
      )}
    </>
  );
}
