import { formErrors, forms, secretFields, unknownFields, type Draft } from '../../../domain/onboarding/forms';
import { taskNames, type TaskName } from '../../../domain/onboarding/tasks';

const complete: Readonly<Record<TaskName, Draft>> = {
  details: { company: 'Lighthouse', contacts: [{ name: 'Ada', email: 'ada@lighthouse.example' }], timeZone: 'Europe/Berlin', notices: ['ops@lighthouse.example'] },
  domains: { domains: ['lighthouse.example', 'mail.lighthouse.example'] },
  users: { source: 'directory', url: 'ldaps://directory.lighthouse.example', baseDn: 'ou=people,dc=lighthouse', bindDn: 'cn=reader,dc=lighthouse' },
  authentication: { method: 'domain', testUser: 'ada@lighthouse.example' },
  'outbound-mail': { hosts: ['203.0.113.5', '2001:db8::1', 'relay.lighthouse.example'] },
  'inbound-mail': { host: 'mail.lighthouse.example' },
  sms: { attribute: 'mobile' },
  review: { confirmed: true },
};
const certificate = '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU+/A=\n-----END CERTIFICATE-----';
const paths = (task: TaskName, draft: Draft, given: readonly string[] = secretFields[task]): string[] => formErrors(task, draft, given).map(({ path }) => path);

test.each(taskNames)('the form of %s takes what is complete, and says what is missing', (task) => {
  expect(formErrors(task, complete[task], secretFields[task])).toEqual([]);
  expect(formErrors(task, {}, [])).not.toEqual([]);
  for (const { message } of formErrors(task, {}, [])) expect(message).toMatch(/^[A-Z].*\.$/);
});

test.each(taskNames)('the form of %s knows no other fields', (task) => {
  expect(unknownFields(task, { ...complete[task], other: 1 })).toEqual(['other']);
  expect(unknownFields(task, Object.fromEntries(secretFields[task].map((name) => [name, 'x'])))).toEqual([]);
  expect(paths(task, { ...complete[task], other: 1 })).not.toEqual([]);
});

test('a secret that is needed is asked for where the form leads to it', () => {
  expect(paths('users', complete.users, [])).toEqual(['bindPassword']);
  expect(paths('users', { source: 'csv', upload: 'abc' }, [])).toEqual([]);
  expect(paths('authentication', complete.authentication, [])).toEqual(['testPassword']);
  expect(paths('authentication', { method: 'cloud' }, [])).toEqual([]);
});

test.each([
  ['details', { notices: ['a@b.example', 'A@b.example'] }, ['notices']],
  ['details', { contacts: [{ name: ' ', email: 'nobody' }] }, ['contacts.0.name', 'contacts.0.email']],
  ['details', { timeZone: 'Mars/Olympus' }, ['timeZone']],
  ['domains', { domains: ['lighthouse'] }, ['domains.0']],
  ['domains', { domains: ['192.0.2.1'] }, ['domains.0']],
  ['domains', { domains: ['lighthouse.example', 'LIGHTHOUSE.example'] }, ['domains']],
  ['domains', { domains: [] }, ['domains']],
  ['users', { url: 'https://directory.lighthouse.example' }, ['url']],
  ['users', { signIn: 'guess' }, ['signIn']],
  ['users', { startTls: 'yes' }, ['startTls']],
  ['users', { certificateAuthority: 'a certificate' }, ['certificateAuthority']],
  ['users', { certificateAuthority: `${certificate}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----` }, ['certificateAuthority']],
  ['outbound-mail', { hosts: ['203.0.113.300'] }, ['hosts.0']],
  ['inbound-mail', { port: 0 }, ['port']],
  ['review', { confirmed: false }, ['confirmed']],
] as const)('the form of %s refuses %j', (task, wrong, expected) => {
  expect(paths(task, { ...complete[task], ...wrong })).toEqual(expected);
});

test('a directory is searched without more than was said, and may be checked against certificates of its own', () => {
  expect(forms.users.parse(complete.users)).toMatchObject({ signIn: 'search', startTls: false, attributes: { email: 'mail' } });
  for (const certificateAuthority of ['', certificate, `${certificate}\r\n${certificate}\n`]) expect(paths('users', { ...complete.users, certificateAuthority })).toEqual([]);
});

test('what was typed in another way is understood', () => {
  expect(forms.domains.parse({ domains: ['  Lighthouse.EXAMPLE '] })).toEqual({ domains: ['lighthouse.example'] });
  expect(forms['inbound-mail'].parse({ host: 'mail.lighthouse.example', port: '2525' })).toEqual({ host: 'mail.lighthouse.example', port: 2525 });
});
