import type { TaskName } from '../../domain/onboarding/tasks';
import type { Draft } from '../../domain/onboarding/forms';
import { asChosen, valueAt } from './drafts';

/** What the fields of the forms are called, in the order they are shown. */
const names: Readonly<Record<TaskName, readonly (readonly [path: string, name: string])[]>> = {
  details: [['company', 'Organisation'], ['contacts', 'Contacts'], ['timeZone', 'Time zone'], ['notices', 'Notices go to']],
  domains: [['domains', 'Domains']],
  users: [
    ['source', 'Users come from'], ['url', 'Address of the directory'], ['startTls', 'StartTLS'], ['certificateAuthority', 'Certificates'], ['bindDn', 'Read with the name'], ['bindPassword', 'Password of that name'],
    ['baseDn', 'Place in the directory'], ['filter', 'Filter'], ['attributes', 'Attributes'], ['signIn', 'Sign-in'], ['upload', 'File'],
  ],
  authentication: [['method', 'Authentication'], ['testUser', 'Tried out with'], ['testPassword', 'Password of that user']],
  'outbound-mail': [['hosts', 'Sending hosts']],
  'inbound-mail': [['host', 'Host'], ['port', 'Port']],
  sms: [['attribute', 'Attribute with the mobile number']],
  review: [['confirmed', 'Confirmed']],
};

const words: Readonly<Record<string, string>> = {
  directory: 'Directory', csv: 'File (CSV)', cloud: 'Cloud', domain: 'Domain', search: 'Found by address', 'user-principal-name': 'User principal name', true: 'Yes', false: 'No',
};

/** What a field is called. */
export function fieldName(task: TaskName, path: string): string {
  return names[task].find(([known]) => known === path)?.[1] ?? path;
}

/** A value as a line of text each; nothing where there is none. */
export function linesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(linesOf);
  if (typeof value === 'object' && value !== null) {
    const parts = Object.values(value).flatMap(linesOf);
    return parts.length > 0 ? [parts.join(', ')] : [];
  }
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value).trim() : '';
  return text === '' ? [] : [words[text] ?? text];
}

/** What a draft says, field by field. */
export function inLines(task: TaskName, draft: Draft): { readonly path: string; readonly name: string; readonly lines: readonly string[] }[] {
  const chosen = asChosen(task, draft);
  return names[task].flatMap(([path, name]) => {
    const lines = linesOf(valueAt(chosen, path));
    return lines.length > 0 ? [{ path, name, lines }] : [];
  });
}
