import { asChosen, comparable, itemsAt, textAt, valueAt, withoutBlanks, withValue } from '../../../web/connect/drafts';

const draft = { company: 'Beacon', contacts: [{ name: 'Ada', email: 'ada@beacon.example' }, { name: '', email: ' ' }], port: 25 };

test('fields read and write a draft by their paths, and leave the rest as it is', () => {
  expect([valueAt(draft, 'contacts.0.name'), textAt(draft, 'port'), textAt(draft, 'contacts.7.name')]).toEqual(['Ada', '25', '']);
  const changed = withValue(draft, 'contacts.1.name', 'Ben');
  expect(changed).toEqual({ ...draft, contacts: [draft.contacts[0], { name: 'Ben', email: ' ' }] });
  expect(Array.isArray(changed.contacts)).toBe(true);
  expect(withValue({}, 'attributes.email', 'mail')).toEqual({ attributes: { email: 'mail' } });
});

test('the first entry of a list that is not there yet is taken too', () => {
  expect(itemsAt({}, 'domains', '')).toEqual(['']);
  expect(withValue({}, 'domains.0', 'beacon.example')).toEqual({ domains: ['beacon.example'] });
  expect(withValue({}, 'contacts.0.name', 'Ada')).toEqual({ contacts: [{ name: 'Ada' }] });
});

test('what was added to a list and left empty is not sent', () => {
  expect(withoutBlanks(draft)).toEqual({ ...draft, contacts: [draft.contacts[0]] });
});

test('of a form with several ways only the chosen one is sent', () => {
  const both = { source: 'csv', upload: 'abc', url: 'ldaps://directory.beacon.example', bindPassword: 'x' };
  expect(asChosen('users', both)).toEqual({ source: 'csv', upload: 'abc' });
  expect(asChosen('users', { ...both, source: 'directory' })).toEqual({ source: 'directory', url: both.url, bindPassword: 'x' });
  expect(asChosen('authentication', { method: 'cloud', testUser: 'ada@beacon.example' })).toEqual({ method: 'cloud' });
  expect(asChosen('users', { url: both.url })).toEqual({});
});

test('drafts are the same whatever the order of their fields, and whatever is secret in them', () => {
  expect(comparable('users', { source: 'directory', url: 'a', bindPassword: 'x' })).toBe(comparable('users', { url: 'a', source: 'directory' }));
  expect(comparable('users', { source: 'directory', url: 'a' })).not.toBe(comparable('users', { source: 'directory', url: 'b' }));
});
