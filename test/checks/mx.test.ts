import { createDnsClient } from '../../activities/checks/dns';
import { lookUpMx, mxProblem } from '../../activities/checks/mx';
import { startDns, type DnsName, type TestDns } from '../support/dns-server';

const DOMAIN = 'lighthouse.example';
const OURS = ['mx1.postern.example', 'mx2.postern.example'];
const POINT = `Point the MX records of ${DOMAIN} to mx1.postern.example and mx2.postern.example, and to nothing else.`;
const OLD = ['old1.example', 'old2.example'];

let dns: TestDns;
beforeAll(async () => {
  dns = await startDns();
});
afterAll(() => dns.stop());

async function look(name: DnsName | null, before?: readonly string[]) {
  dns.names.clear();
  if (name) dns.names.set(DOMAIN, name);
  return lookUpMx(createDnsClient({ servers: [dns.server], timeoutMs: 5_000 }), DOMAIN, OURS, before);
}

async function problem(name: DnsName, before?: readonly string[]) {
  const found = await look(name, before);
  return 'ours' in found ? mxProblem(found, OURS) : found;
}

describe('mail comes to us', () => {
  test.each<[string, DnsName]>([
    ['to both hosts', { mx: [[10, 'mx1.postern.example'], [20, 'mx2.postern.example']] }],
    ['to one of them', { mx: [[10, 'mx2.postern.example']] }],
    ['written in capitals', { mx: [[10, 'MX1.Postern.Example']] }],
  ])('%s', async (_where, name) => {
    const found = await look(name, OLD);
    expect(found).toMatchObject({ domain: DOMAIN, changed: true, ours: true });
    expect(await problem(name)).toBeNull();
  });
});

describe('a change is told from what was there all along', () => {
  test.each<[string, readonly string[] | undefined, boolean]>([
    ['looked up for the first time', undefined, false],
    ['as before', OLD, false],
    ['in another order', [...OLD].reverse(), false],
    ['one less than before', [...OLD, 'old3.example'], true],
    ['none before', [], true],
  ])('%s', async (_when, before, changed) => {
    expect(await look({ mx: [[20, 'old2.example'], [10, 'old1.example']] }, before)).toEqual({ domain: DOMAIN, exchangers: OLD, changed, ours: false });
  });
});

test.each<[string, DnsName, readonly string[] | undefined, string, string]>([
  ['to others still', { mx: [[10, 'old1.example'], [20, 'old2.example']] }, OLD, 'mx-elsewhere', `Mail for ${DOMAIN} still goes to old1.example, old2.example.`],
  ['to others than before, and not to us', { mx: [[10, 'new.example']] }, OLD, 'mx-changed', `The MX records of ${DOMAIN} have changed, and lead to new.example and not to us.`],
  ['to us and past us', { mx: [[10, 'mx1.postern.example'], [20, 'old1.example']] }, OLD, 'mx-partly', `Mail for ${DOMAIN} goes to us, and past us to old1.example.`],
  ['to a name that only begins as ours', { mx: [[10, 'mx1.postern.example.evil.example']] }, OLD, 'mx-changed', `The MX records of ${DOMAIN} have changed, and lead to mx1.postern.example.evil.example and not to us.`],
  ['nowhere', { txt: ['v=spf1 -all'] }, undefined, 'no-mx', `${DOMAIN} has no MX record, so it gets no mail.`],
  ['nowhere, and it says so (RFC 7505)', { mx: [[0, '.']] }, OLD, 'no-mx', `${DOMAIN} has no MX record, so it gets no mail.`],
])('mail goes %s', async (_where, name, before, code, reason) => {
  expect(await problem(name, before)).toEqual({ result: 'not-yet', code, reason, whatToDo: POINT });
});

test('a domain that is not there, and name servers that fail', async () => {
  expect(await look(null)).toEqual({ result: 'wrong', code: 'no-such-domain', reason: `There is no domain ${DOMAIN}.`, whatToDo: 'Check that it is registered and has not expired.' });
  expect(await look({ fault: 'servfail' })).toEqual({ result: 'not-yet', code: 'name-servers-failed', reason: `The name servers of ${DOMAIN} report a failure of their own.`, whatToDo: 'We go on trying. If it lasts, ask whoever runs them.' });
});
