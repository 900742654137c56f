import { TextInput } from '@mantine/core';
import { fieldName } from '../field-names';
import { bound, type FormProps } from '../form-kit';

/** The attribute of users that holds their mobile number. */
export function SmsFields(form: FormProps) {
  return <TextInput label={fieldName('sms', 'attribute')} description="Its name as your directory or your file has it." spellCheck={false} autoCapitalize="none" autoComplete="off" {...bound(form, 'attribute')} />;
}
