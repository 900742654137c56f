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

describe('the formats of times', () => {
  const made = jest.spyOn(Intl, 'DateTimeFormat');
  beforeEach(() => void made.mockClear());
  afterAll(() => made.mockRestore());

  test('are made once for everybody of a language and time zone', () => {
    const reader = { name: 'Carl', language: 'de-DE', timeZone: 'Europe/Vienna' };
    for (let person = 0; person < 100; person += 1) expect(render('{{ event.start }}', reader)).toBe('31.03.2024, 03:30');
    expect(made).toHaveBeenCalledTimes(1);
    expect(render('{{ event.start }}', { ...reader, timeZone: 'Asia/Tokyo' })).toBe('31.03.2024, 10:30');
    expect(made).toHaveBeenCalledTimes(2);
  });

  test('are not kept without end, whatever languages people have', () => {
    const first = { name: 'Dora', language: 'en-x-first', timeZone: null };
    const shown = render('{{ event.start }}', first);
    for (let other = 0; other < 200; other += 1) render('{{ event.start }}', { ...first, language: `en-x-${other}` });
    made.mockClear();
    expect(render('{{ event.start }}', first)).toBe(shown);
    expect(made).toHaveBeenCalledTimes(1);
  });
});

test.each([
  ['', /empty/], ['  \n', /empty/], ['x'.repeat(LONGEST_ALERT + 1), /1600/], ['Hello {{ nme }}', /no field "nme"/], ['{{ constructor }}', /no field/], ['Hello {{ name', /without a field/], ['{{ name }} {{ {{ name }}', /without a field/],
])('refuses %j', (text, why) => {
  expect(alertProblem(text)).toMatch(why);
});

test('every field that is named can be used', () => {
  for (const { field } of mergeFields) expect([field, alertProblem(`{{ ${field} }}`), render(`{{ ${field} }}`).includes('{{')]).toEqual([field, null, false]);
});
