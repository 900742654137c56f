import { PasswordInput } from '@mantine/core';
import { fieldName } from '../field-names';
import { bound, type FormProps } from '../form-kit';

/** A password that the validation needs. What was given is kept sealed and never shown. */
export function SecretField({ form, path, description }: { form: FormProps; path: string; description?: string }) {
  const { task, draft } = form;
  const kept = task.secretsGiven.includes(path) && !(path in draft);
  return (
    <PasswordInput
      label={fieldName(task.name, path)} autoComplete="off" spellCheck={false} description={kept ? 'A password is kept for the validation. Enter another one to replace it.' : description}
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }} {...bound(form, path)}
    />
  );
}
