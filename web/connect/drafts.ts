import { secretFields, type Draft } from '../../domain/onboarding/forms';
import type { TaskName } from '../../domain/onboarding/tasks';

type Container = Readonly<Record<string, unknown>>;

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

/** What stands in a draft at a path such as `contacts.0.email`. */
export function valueAt(draft: Draft, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isContainer(value) ? value[name] : undefined), draft);
}

/** The same as a field shows it. */
export function textAt(draft: Draft, path: string): string {
  const value = valueAt(draft, path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A value with something else at a path within it. What is missing on the way is added: lists where a number says so. */
function withInner(value: unknown, path: readonly string[], inner: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return inner;
  if (!/^\d+$/.test(name)) return { ...(isContainer(value) ? value : {}), [name]: withInner(isContainer(value) ? value[name] : undefined, rest, inner) };
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const changed = withInner(items[Number(name)], rest, inner);
  return Number(name) < items.length ? items.map((item, index) => (index === Number(name) ? changed : item)) : [...items, changed];
}

/** A draft with something else at a path. */
export function withValue(draft: Draft, path: string, value: unknown): Draft {
  const [name = '', ...rest] = path.split('.');
  return { ...draft, [name]: withInner(draft[name], rest, value) };
}

/** The items of a list; a new list has an empty one to fill in. */
export function itemsAt(draft: Draft, path: string, empty: unknown): readonly unknown[] {
  const items = valueAt(draft, path);
  return Array.isArray(items) && items.length > 0 ? (items as unknown[]) : [empty];
}

const isBlank = (item: unknown): boolean => (isContainer(item) ? Object.values(item).every(isBlank) : item === undefined || (typeof item === 'string' && item.trim() === ''));

/** A draft without what was added to its lists and left empty. */
export function withoutBlanks(draft: Draft): Draft {
  return Object.fromEntries(Object.entries(draft).map(([name, value]) => [name, Array.isArray(value) ? value.filter((item) => !isBlank(item)) : value]));
}

/** Of the forms that have several ways: the field that says which one, and the fields of each beside it. */
const ways: { readonly [Name in TaskName]?: { readonly field: string; readonly fields: Readonly<Record<string, readonly string[]>> } } = {
  users: { field: 'source', fields: { directory: ['url', 'baseDn', 'bindDn', 'bindPassword', 'filter', 'attributes', 'signIn', 'startTls', 'certificateAuthority'], csv: ['upload'] } },
  authentication: { field: 'method', fields: { cloud: [], domain: ['testUser', 'testPassword'] } },
};

/** A draft with the fields of the way that was chosen only: of the others nothing is sent. */
export function asChosen(task: TaskName, draft: Draft): Draft {
  const way = ways[task];
  if (!way) return draft;
  const names = [way.field, ...(way.fields[textAt(draft, way.field)] ?? [])];
  return Object.fromEntries(Object.entries(draft).filter(([name]) => names.includes(name)));
}

/** The same text for drafts that hold the same, whatever is secret in them. */
export function comparable(task: TaskName, draft: Draft): string {
  const shown = Object.entries(asChosen(task, draft)).filter(([name]) => !secretFields[task].includes(name));
  return JSON.stringify(shown.sort(([one], [other]) => one.localeCompare(other)));
}

/** What a form begins with where nothing was entered yet. */
export function filledIn(account: { readonly name: string; readonly timeZone: string }, task: TaskName, draft: Draft): Draft {
  switch (task) {
    case 'details': return { company: account.name, timeZone: account.timeZone, ...draft };
    case 'users': return { signIn: 'search', filter: '(mail=*)', attributes: { email: 'mail', name: 'cn', mobile: 'mobile' }, ...draft };
    case 'inbound-mail': return { port: '25', ...draft };
    case 'sms': return { attribute: 'mobile', ...draft };
    case 'domains':
    case 'authentication':
    case 'outbound-mail':
    case 'review': return draft;
  }
}
