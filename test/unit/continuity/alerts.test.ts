import { alertProblem, LONGEST_ALERT, mergeFields, renderAlert } from '../../../domain/continuity/alerts';

const facts = { eventName: 'The move', startsAt: Date.parse('2024-03-31T01:30:00Z'), endsAt: null, timeZone: 'Europe/Berlin' };
const ada = { name: 'Ada', language: null, timeZone: null };
const render = (text: string, reader: { name: string; language: string | null; timeZone: string | null } = ada): string => renderAlert(text, { facts, reader, publicUrl: 'https://portal.example' });

test.each(['Mail is down.', ' blanks stay \n', '50 % off {now}', '$& $1 $$', 'ümläut 🚨'])('%j goes out as it is', (text) => {
  expect(alertProblem(text)).toBeNull();
  expect(render(text)).toBe(text);
});

test('fields are filled in, with or without blanks, and what they are filled in with is no field', () => {
  expect(render('{{name}}: {{ event.name }}, {{ links.secure-messaging }}')).toBe('Ada: The move, https://portal.example/secure-messaging');
  expect(render('{{ name }}', { ...ada, name: '{{ event.name }} $&' })).toBe('{{ event.name }} $&');
});

test('times are those of the reader, in plain blanks; of a reader with a language or zone that is none, those of the event', () => {
  expect(render('{{ event.start }}')).toBe('31 Mar 2024, 03:30');
  expect(render('{{ event.start }}', { name: 'Bob', language: 'en-US', timeZone: 'America/New_York' })).toBe('Mar 30, 2024, 9:30 PM');
  expect(render('{{ event.start }}', { name: 'Bob', language: 'nonsense!', timeZone: 'Mars/North' })).toBe('31 Mar 2024, 03:30');
  expect(render('Until {{ event.end }}.')).toBe('Until further notice.');
});

test.each([
  ['', /empty/], ['  \n', /empty/], ['x'.repeat(LONGEST_ALERT + 1), /1600/], ['Hello {{ nme }}', /no field "nme"/], ['{{ constructor }}', /no field/], ['Hello {{ name', /without a field/], ['{{ name }} {{ {{ name }}', /without a field/],
])('refuses %j', (text, why) => {
  expect(alertProblem(text)).toMatch(why);
});

test('every field that is named can be used', () => {
  for (const { field } of mergeFields) expect([field, alertProblem(`{{ ${field} }}`), render(`{{ ${field} }}`).includes('{{')]).toEqual([field, null, false]);
});
