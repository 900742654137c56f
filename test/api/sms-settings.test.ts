import { expectStatus, problemSlug, type Http } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { proveBySms } from '../support/journey';
import { browserOfUser } from '../support/sessions';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

const { http, instance } = useInstance({ SMS_SEGMENT_PRICE: '0.5', SMS_SEGMENT_PRICES: 'US=0.04' });
const path = '/api/sms-settings';
let administrator: Http;
let other: Http;
let operator: Http;
beforeAll(async () => {
  administrator = await browserOfUser(instance(), http(), 'admin@beacon.example');
  other = await browserOfUser(instance(), http(), 'admin@lighthouse.example');
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

interface Check { id: string; state: string; total: number; lookedAt: number; usable: number; proposed: number; unusable: number; applied: number }
const chosen = { account: 'CSM33C3', attribute: 'mobile', defaultCountry: 'US', countries: ['CA', 'US'], dailyCap: 50_000, codesDailyCap: 100, approvalRequired: false, quietHours: { from: '22:00', to: '07:00' } };
const save = (browser: Http, change: object) => browser.send('PUT', path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...chosen, ...change }) });

/** Waits until a check is at rest. */
function rested(id: string): Promise<Check> {
  return waitFor(async () => {
    const check = expectStatus<Check>(await administrator.get(`${path}/number-checks/${id}`), 200);
    return check.state === 'done' || check.state === 'applied' ? check : undefined;
  }, { what: 'the check of numbers' });
}
async function checked(body: object): Promise<Check> {
  return rested(expectStatus<Check>(await administrator.post(`${path}/number-checks`, { account: 'CSM33C3', ...body }), 202).id);
}

test('an attribute is defined, chosen, and shown', async () => {
  const before = expectStatus<object>(await administrator.get(path), 200);
  expect(before).toMatchObject({ account: 'CSM33C3', attribute: 'mobile', attributeLabel: 'Mobile number', services: true, notices: { available: true, why: null }, countries: [] });
  const attributes = expectStatus<object[]>(await administrator.post(`${path}/attributes`, { account: 'CSM33C3', name: 'sms', label: 'SMS number' }), 201);
  expect(attributes).toEqual([{ name: 'mobile', label: 'Mobile number', values: 461 }, { name: 'second-email', label: 'Second e-mail address', values: 20 }, { name: 'sms', label: 'SMS number', values: 0 }]);
  expect(problemSlug(await administrator.post(`${path}/attributes`, { account: 'CSM33C3', name: 'sms', label: 'Again' }), 409)).toBe('already-exists');
  expect(expectStatus<object>(await save(administrator, { attribute: 'sms' }), 200)).toMatchObject({ attribute: 'sms', attributeLabel: 'SMS number' });
  expect(expectStatus<object>(await save(administrator, {}), 200)).toMatchObject(chosen);
  expect(expectStatus<object>(await operator.get(`${path}?account=CSM33C3`), 200)).toMatchObject(chosen);
});

test.each([
  ['an attribute that nobody has', { attribute: 'pager' }, 'attribute'],
  ['a country that does not exist', { countries: ['QQ'] }, 'countries.0'],
  ['a time that does not exist', { quietHours: { from: '24:00', to: '07:00' } }, 'quietHours.from'],
  ['a cap below nothing', { dailyCap: -1 }, 'dailyCap'],
])('%s is refused', async (_what, change, field) => {
  expect((await save(administrator, change)).body).toMatchObject({ status: 400, errors: [{ path: field }] });
});

test('without the package notices are off and say why; a reset by SMS works', async () => {
  expect(expectStatus<object>(await other.get(path), 200)).toMatchObject({ services: false, notices: { available: false, why: expect.stringContaining('SMS Services') } });
  await proveBySms(http(), 'user3@lighthouse.example', '+12025550103');
});

test('nothing of another account is there', async () => {
  expect(problemSlug(await other.get(`${path}?account=CSM33C3`), 404)).toBe('not-found');
  expect(problemSlug(await save(other, {}), 404)).toBe('not-found');
  const { id } = await checked({ attribute: 'mobile' });
  for (const below of ['', '/values', '/events']) expect(problemSlug(await other.get(`${path}/number-checks/${id}${below}`), 404)).toBe('not-found');
  expect(problemSlug(await other.post(`${path}/number-checks/${id}/apply`, {}), 404)).toBe('not-found');
  expect(problemSlug(await other.post(`${path}/number-checks`, { account: 'CSM33C3', attribute: 'mobile' }), 404)).toBe('not-found');
  expect(problemSlug(await other.get('/api/sms-usage?account=CSM33C3'), 404)).toBe('not-found');
  expect((await operator.get(path)).body).toMatchObject({ status: 400, errors: [{ path: 'account' }] });
});

test('numbers are judged with and without a default country; proposals are applied only when they are confirmed', async () => {
  expect(await checked({ attribute: 'mobile' })).toMatchObject({ total: 461, lookedAt: 461, usable: 361, proposed: 0, unusable: 100 });
  const check = await checked({ attribute: 'mobile', defaultCountry: 'US' });
  expect(check).toMatchObject({ usable: 361, proposed: 80, unusable: 20 });
  const values = () => inDatabaseOf(instance(), (db) => db('user_attributes').where('value', 'like', '(%').pluck('value'));
  expect(await values()).toHaveLength(80);

  const page = expectStatus<{ items: { user: string; value: string; text: string }[]; next: string }>(await administrator.get(`${path}/number-checks/${check.id}/values?outcome=unusable&limit=15`), 200);
  expect(page.items).toHaveLength(15);
  const rest = expectStatus<typeof page>(await administrator.get(`${path}/number-checks/${check.id}/values?outcome=unusable&limit=15&after=${page.next}`), 200);
  expect([rest.items.length, rest.next]).toEqual([5, null]);
  expect(page.items.every(({ text }) => text.length > 10)).toBe(true);
  const csv = await administrator.get(`${path}/number-checks/${check.id}/values?format=csv`);
  expect(csv.headers.get('content-disposition')).toContain('.csv');
  expect(csv.text.trimEnd().split('\r\n')).toHaveLength(101);
  expect(csv.text).toContain('user361@beacon.example,User 361,(718) 555-0160,+17185550160,');

  expectStatus(await administrator.post(`${path}/number-checks/${check.id}/apply`, {}), 202);
  expect(await waitFor(async () => ((await rested(check.id)).state === 'applied' ? rested(check.id) : undefined), { what: 'the proposals' })).toMatchObject({ applied: 80 });
  expect(await values()).toEqual([]);
  expect(await checked({ attribute: 'mobile' })).toMatchObject({ usable: 441, unusable: 20 });
});

test('the progress of a check is streamed until it is at rest', async () => {
  const { id } = expectStatus<Check>(await administrator.post(`${path}/number-checks`, { account: 'CSM33C3', attribute: 'mobile' }), 202);
  const { text } = await administrator.get(`${path}/number-checks/${id}/events`);
  const last = text.trim().split('\n\n').at(-1)!.split('data: ')[1]!;
  expect(JSON.parse(last)).toMatchObject({ state: 'done', lookedAt: 461 });
});

test('what was sent is counted by day and program, with segments and what they cost in their countries', async () => {
  await proveBySms(http(), 'user5@lighthouse.example', '+12025550105');
  const usage = await waitFor(async () => {
    const read = expectStatus<{ days: { program: string; sent: number; delivered: number; segments: number; cost: number }[]; totals: { sent: number; cost: number }; pricePerSegment: number; prices: object }>(await other.get('/api/sms-usage'), 200);
    return read.days.some(({ program, delivered, sent }) => program === 'password-reset' && delivered === sent && sent >= 1) ? read : undefined;
  }, { what: 'the reports of delivery' });
  const [day] = usage.days;
  expect(usage).toMatchObject({ pricePerSegment: 0.5, prices: { US: 0.04 } });
  // Every number here is in the United States.
  const cost = Math.round(day!.segments * 4) / 100;
  expect(day).toMatchObject({ segments: day!.sent, cost });
  expect(usage.totals).toMatchObject({ sent: day!.sent, cost });
});
