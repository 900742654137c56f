import type { Knex } from 'knex';
import { verifiedDomains, type AccountRow } from '../db/accounts';
import type { ImportSource } from '../domain/imports';
import type { ImportRequest } from './staging';

/** The attribute that a mobile number is kept in until the account names another one. */
const MOBILE = 'mobile';

/** An import by an account's rules as they are now. Who comes from its directory signs in there, once it has chosen so. */
export async function importRequestFor(db: Knex, account: AccountRow, { importId, source }: { importId: string; source: ImportSource }): Promise<ImportRequest> {
  return {
    importId, accountCode: account.code, authentication: source === 'directory' && account.domain_authentication ? 'domain' : 'cloud',
    rules: { domains: await verifiedDomains(db, account.code), mobileAttribute: account.sms_attribute ?? MOBILE },
  };
}
