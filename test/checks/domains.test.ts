import { createDnsClient } from '../../activities/checks/dns';
import { checkDomains } from '../../activities/checks/domains';
import { verificationRecord } from '../../security/domain-verification';
import { startDns, type DnsName, type TestDns } from '../support/dns-server';
import { testKeys } from '../support/keys';
import { freePorts } from '../support/ports';

const ACCOUNT = 'CEU11A1';
const DOMAIN = 'lighthouse.example';
const keys = testKeys('main');
const { value } = verificationRecord(keys, ACCOUNT, DOMAIN);

let dns: TestDns;
beforeAll(async () => {
  dns = await startDns();
});
afterAll(() => dns.stop());

const client = () => createDnsClient({ servers: [dns.server], timeoutMs: 5_000 });

function check(name: DnsName | null, ring = keys) {
  dns.names.clear();
  if (name) dns.names.set(DOMAIN, name);
  return checkDomains({ dns: client(), keys: ring }, ACCOUNT, [DOMAIN]);
}

const publish = `Publish a TXT record at ${DOMAIN} with the value ${value}, beside those that are there.`;
const FOUND = { result: 'ok', facts: { verified: [DOMAIN] } };
const NOT_THERE = { result: 'not-yet', code: 'no-record', reason: `The record for ${DOMAIN} is not there yet.`, whatToDo: publish, facts: { verified: [] } };

describe('the record', () => {
  test('is said as it is published', () => {
    expect(verificationRecord(keys, ACCOUNT, 'Lighthouse.Example')).toEqual({ name: DOMAIN, type: 'TXT', value: expect.stringMatching(/^postern-verification=[0-9a-f]{32}$/) });
  });

  test('is another one for another account, another domain and another key', () => {
    const values = [value, verificationRecord(keys, 'CUS22B2', DOMAIN).value, verificationRecord(keys, ACCOUNT, 'harbour.example').value, verificationRecord(testKeys('other'), ACCOUNT, DOMAIN).value];
    expect(new Set(values).size).toBe(4);
  });
});

describe('a domain is verified', () => {
  test.each<[string, DnsName]>([
    ['by its record', { txt: [value] }],
    ['by its record among others', { txt: ['v=spf1 -all', 'google-site-verification=abc', value, 'postern-verification=another'] }],
    ['by a record in several parts', { txt: [[value.slice(0, 10), value.slice(10)]] }],
    ['by a record with spaces around it', { txt: [` ${value} `] }],
    ['by a record where the name leads to', { cname: 'elsewhere.example' }],
    ['by an answer that has to be fetched over TCP', { txt: ['x'.repeat(250), value], fault: 'truncated' }],
  ])('%s', async (_how, name) => {
    const checking = check(name);
    dns.names.set('elsewhere.example', { txt: [value] });
    expect(await checking).toEqual(FOUND);
  });

  test('over TCP, where the answer is too long for a datagram', async () => {
    dns.asked.length = 0;
    await check({ txt: [value], fault: 'truncated' });
    expect(dns.asked).toContain(`tcp TXT ${DOMAIN}`);
  });

  test('by a record that was published before the key was replaced', async () => {
    expect(await check({ txt: [value] }, testKeys('new', 'main'))).toEqual(FOUND);
    expect(await check({ txt: [value] }, testKeys('new'))).toMatchObject({ result: 'not-yet', code: 'other-record' });
  });

  test('as soon as its record is there: nothing is remembered of the look before', async () => {
    expect(await check({ txt: [] })).toEqual(NOT_THERE);
    expect(await check(null)).toMatchObject({ code: 'no-such-domain' });
    expect(await check({ txt: [value] })).toEqual(FOUND);
  });
});

describe('a domain is not verified', () => {
  test.each<[string, DnsName]>([
    ['without a TXT record', { a: ['127.0.0.1'] }],
    ['with other TXT records', { txt: ['v=spf1 -all'] }],
    ['with the record as a part of another one', { txt: [`see ${value}`] }],
  ])('%s: what to publish, and where', async (_how, name) => {
    expect(await check(name)).toEqual(NOT_THERE);
  });

  test.each([
    ['half of it', value.slice(0, -1)],
    ['more than it', `${value}0`],
    ['another account', verificationRecord(keys, 'CUS22B2', DOMAIN).value],
    ['another domain', verificationRecord(keys, ACCOUNT, 'harbour.example').value],
    ['somebody\'s own making', 'postern-verification=0'],
  ])('by a record of %s', async (_what, other) => {
    expect(await check({ txt: [other] })).toEqual({
      result: 'not-yet', code: 'other-record', reason: `There is a verification record at ${DOMAIN}, and its value is not the one for your account.`, whatToDo: publish, facts: { verified: [] },
    });
  });

  test('that does not exist, or not yet', async () => {
    expect(await check(null)).toEqual({
      result: 'not-yet', code: 'no-such-domain', reason: `There is no domain ${DOMAIN}, or it is not known yet.`,
      whatToDo: `Check how it is written, and that it is registered and has not expired. ${publish}`,
      facts: { verified: [] },
    });
  });

  test.each([
    ['servfail', 'report a failure of their own'],
    ['refused', 'refuse to answer'],
    ['garbage', 'report a failure of their own'],
    ['silent', 'do not answer'],
  ] as const)('while its name servers fail (%s)', async (fault, words) => {
    dns.names.clear();
    dns.names.set(DOMAIN, { fault });
    const impatient = createDnsClient({ servers: [dns.server], timeoutMs: 200 });
    expect(await checkDomains({ dns: impatient, keys }, ACCOUNT, [DOMAIN])).toEqual({
      result: 'not-yet', code: 'name-servers-failed', reason: `The name servers of ${DOMAIN} ${words}.`, whatToDo: 'We go on trying. If it lasts, ask whoever runs them.', facts: { verified: [] },
    });
  });

  test('while nothing listens where the name server should be', async () => {
    const [closed] = await freePorts(1);
    const nowhere = createDnsClient({ servers: [`127.0.0.1:${closed}`], timeoutMs: 300 });
    expect(await checkDomains({ dns: nowhere, keys }, ACCOUNT, [DOMAIN])).toMatchObject({ result: 'not-yet', code: 'name-servers-failed', reason: `The name servers of ${DOMAIN} do not answer.` });
  });
});

describe('several domains', () => {
  const second = verificationRecord(keys, ACCOUNT, 'harbour.example').value;

  test('are verified together', async () => {
    dns.names.clear();
    dns.names.set(DOMAIN, { txt: [value] }).set('harbour.example', { txt: [second] });
    expect(await checkDomains({ dns: client(), keys }, ACCOUNT, [DOMAIN, 'Harbour.example'])).toEqual({ result: 'ok', facts: { verified: [DOMAIN, 'harbour.example'] } });
  });

  test('are each told what is missing, and those that were found are kept', async () => {
    dns.names.clear();
    dns.names.set(DOMAIN, { txt: [value] }).set('harbour.example', { txt: [] });
    const outcome = await checkDomains({ dns: client(), keys }, ACCOUNT, [DOMAIN, 'harbour.example', 'quay.example']);
    expect(outcome).toMatchObject({
      result: 'not-yet', code: 'no-record', facts: { verified: [DOMAIN] },
      reason: 'The record for harbour.example is not there yet. There is no domain quay.example, or it is not known yet.',
    });
    expect(outcome).toHaveProperty('whatToDo', expect.stringContaining(second));
  });
});
