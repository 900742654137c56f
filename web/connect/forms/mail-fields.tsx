import { TextInput } from '@mantine/core';
import styles from '../connect.module.css';
import { fieldName } from '../field-names';
import { bound, ListField, type FormProps } from '../form-kit';

/** The hosts that send mail for the account's domains. */
export function OutboundFields(form: FormProps) {
  return <ListField form={form} path="hosts" legend={fieldName('outbound-mail', 'hosts')} item="host" description="The names or public addresses of the hosts that your mail leaves your network with." />;
}

/** The host that mail is delivered to. */
export function InboundFields(form: FormProps) {
  return (
    <div className={styles.pair}>
      <TextInput label={fieldName('inbound-mail', 'host')} description="Its name or public address." spellCheck={false} autoCapitalize="none" autoComplete="off" {...bound(form, 'host')} />
      <TextInput label={fieldName('inbound-mail', 'port')} description="Most often 25." inputMode="numeric" maxLength={5} autoComplete="off" {...bound(form, 'port')} />
    </div>
  );
}
