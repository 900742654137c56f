import { fieldName } from '../field-names';
import { ListField, type FormProps } from '../form-kit';

/** The domains that are shown to be the account's own. */
export function DomainsFields(form: FormProps) {
  return <ListField form={form} path="domains" legend={fieldName('domains', 'domains')} item="domain" description="Every domain that your people have email addresses in, such as lighthouse.example." />;
}
