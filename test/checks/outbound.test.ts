import { createDnsClient } from '../../activities/checks/dns';
import { checkOutbound } from '../../activities/checks/outbound';
import { startDns, type DnsName, type TestDns } from '../support/dns-server';

const DOMAIN = 'lighthouse.example';
const OURS = 'spf.postern.example';
const INCLUDE = `include:${OURS}`;

let dns: TestDns;
beforeAll(async () => {
  dns = await startDns();
});
afterAll(() => dns.stop());

const nameIs = (names: Readonly<Record<string, DnsName>>): void => {
  dns.names.clear();
  for (const [name, found] of Object.entries(names)) dns.names.set(name, found);
};

const deps = (more: { allowedNetworks?: readonly string[]; timeoutMs?: number } = {}) => ({
  dns: createDnsClient({ servers: [dns.server], timeoutMs: more.timeoutMs ?? 5_000 }), include: OURS, allowedNetworks: more.allowedNetworks ?? [],
});

/** Checks the record of one domain. */
function spf(txt: readonly string[], more: Readonly<Record<string, DnsName>> = {}) {
  nameIs({ [OURS]: { txt: ['v=spf1 ip4:1.2.3.0/24 -all'] }, [DOMAIN]: { txt }, ...more });
  return checkOutbound(deps(), [], [DOMAIN]);
}

const included = (lookups: number, tooManyLookups = false) => ({ result: 'ok', facts: { hosts: [], domains: [{ domain: DOMAIN, lookups, tooManyLookups }] } });
const record = (text: string, more: DnsName = {}): DnsName => ({ txt: [text], ...more });

describe('the SPF record lets us send', () => {
  test.each<[string, number, string, Readonly<Record<string, DnsName>>]>([
    ['as the only include', 1, `v=spf1 ${INCLUDE} -all`, {}],
    ['written in capitals, with a plus and a dot at the end', 1, `V=SPF1 +INCLUDE:SPF.Postern.Example. ~ALL`, {}],
    ['among others', 4, `v=spf1 a mx ip4:1.1.1.1 include:other.example ${INCLUDE} ?all`, { 'other.example': record('v=spf1 ip4:8.8.8.8 -all') }],
    ['within another include', 2, 'v=spf1 include:all-of.example -all', { 'all-of.example': record(`v=spf1 ${INCLUDE} ~all`) }],
    ['where a redirect leads to', 2, 'v=spf1 redirect=_spf.lighthouse.example', { '_spf.lighthouse.example': record(`v=spf1 ${INCLUDE} -all`) }],
    ['without an "all"', 1, `v=spf1 ${INCLUDE}`, {}],
    ['beside a name with macros, which is not followed', 3, `v=spf1 include:%{d}.macro.example exists:%{i}.macro.example ${INCLUDE} -all`, {}],
  ])('%s', async (_how, lookups, text, more) => {
    expect(await spf([text, 'v=spf10 is another', 'v=DMARC1; p=none'], more)).toEqual(included(lookups));
  });

  test('although ours cannot be looked up just now: that is for us to mend', async () => {
    expect(await spf([`v=spf1 ${INCLUDE} -all`], { [OURS]: { fault: 'servfail' } })).toEqual(included(1));
  });

  test('and too many lookups behind us are noted: other mail is judged by nothing then', async () => {
    const others = Array.from({ length: 10 }, (_, index) => `a:h${index}.example`).join(' ');
    expect(await spf([`v=spf1 ${INCLUDE} ${others} -all`])).toEqual(included(11, true));
    expect(await spf([`v=spf1 ${INCLUDE} ${others.replace('a:h0.example ', '')} -all`])).toEqual(included(10));
  });
});

describe('the SPF record does not let us send', () => {
  const eleven = Array.from({ length: 10 }, (_, index) => `a:h${index}.example`).join(' ');

  test.each<[string, readonly string[], Readonly<Record<string, DnsName>>, object]>([
    ['there is none', ['v=DMARC1; p=none'], {}, {
      result: 'not-yet', code: 'no-spf', reason: `${DOMAIN} has no SPF record.`, whatToDo: `Publish a TXT record at ${DOMAIN} with the value "v=spf1 ${INCLUDE} ~all", with your own sending hosts in it as well.`,
    }],
    ['it includes others', ['v=spf1 include:other.example -all'], { 'other.example': record('v=spf1 -all') }, {
      result: 'not-yet', code: 'no-include', reason: `The SPF record of ${DOMAIN} does not include us: "v=spf1 include:other.example -all".`, whatToDo: `Add "${INCLUDE}" to it, in front of "all".`,
    }],
    ['it includes a longer name', [`v=spf1 ${INCLUDE}.evil.example -all`], { [`${OURS}.evil.example`]: record('v=spf1 -all') }, { result: 'not-yet', code: 'no-include' }],
    ['it stands behind "all"', [`v=spf1 -all ${INCLUDE}`], {}, {
      result: 'wrong', code: 'include-without-effect', reason: `The SPF record of ${DOMAIN} includes us without effect, since it stands behind "all", where receivers do not get to: "v=spf1 -all ${INCLUDE}".`, whatToDo: 'Put it in front of "all".',
    }],
    ['a sign keeps it from letting mail through', [`v=spf1 ~${INCLUDE} -all`], {}, {
      result: 'wrong', code: 'include-without-effect', reason: `The SPF record of ${DOMAIN} includes us without effect, since a sign before it keeps it from letting mail through: "v=spf1 ~${INCLUDE} -all".`,
      whatToDo: 'Take the "-", "~" or "?" before the include away.',
    }],
    ['a sign further up does', ['v=spf1 ?include:all-of.example -all'], { 'all-of.example': record(`v=spf1 ${INCLUDE} -all`) }, { result: 'wrong', code: 'include-without-effect' }],
    ['receivers give up before it', [`v=spf1 ${eleven} ${INCLUDE} -all`], {}, {
      result: 'wrong', code: 'include-without-effect', whatToDo: 'Put it first, and replace other includes by the addresses they stand for.',
      reason: `The SPF record of ${DOMAIN} includes us without effect, since receivers give up before they come to it: the record asks the DNS more than 10 times: "v=spf1 ${eleven} ${INCLUDE} -all".`,
    }],
    ['it includes itself for ever', [`v=spf1 include:${DOMAIN} ${INCLUDE} -all`], {}, { result: 'wrong', code: 'include-without-effect' }],
    ['there are two', [`v=spf1 ${INCLUDE} -all`, 'v=spf1 mx -all'], {}, {
      result: 'wrong', code: 'several-spf', reason: `${DOMAIN} has more than one SPF record, so receivers go by none of them.`, whatToDo: 'Put them together in one.',
    }],
    ['it cannot be read', [`v=spf1 ${INCLUDE} ipv4:1.1.1.1 -all`], {}, {
      result: 'wrong', code: 'bad-spf', reason: `Receivers cannot read the SPF record of ${DOMAIN}: "ipv4:1.1.1.1" means nothing in it.`, whatToDo: 'Correct or remove that part.',
    }],
    ['one that it includes cannot be read', ['v=spf1 include:other.example -all'], { 'other.example': record('v=spf1 nonsense') }, { result: 'wrong', code: 'bad-spf', reason: 'Receivers cannot read the SPF record of other.example: "nonsense" means nothing in it.' }],
    ['one that it includes is not there', [`v=spf1 include:gone.example ${INCLUDE} -all`], {}, {
      result: 'wrong', code: 'dead-include', reason: `The SPF record of ${DOMAIN} leads to gone.example, which has none, so receivers go by nothing of it.`, whatToDo: 'Remove "gone.example" from it.',
    }],
    ['one that it includes cannot be looked up', [`v=spf1 include:down.example ${INCLUDE} -all`], { 'down.example': { fault: 'servfail' } }, {
      result: 'not-yet', code: 'name-servers-failed', reason: 'The name servers of down.example report a failure of their own.', whatToDo: 'We go on trying. If it lasts, ask whoever runs them.',
    }],
  ])('%s', async (_why, txt, more, outcome) => {
    expect(await spf(txt, more)).toEqual(expect.objectContaining({ ...outcome, facts: { hosts: [], domains: [] } }));
  });

  test('its domain is not there, or its name servers are down', async () => {
    nameIs({});
    expect(await checkOutbound(deps(), [], [DOMAIN])).toMatchObject({ result: 'wrong', code: 'no-such-domain', reason: `There is no domain ${DOMAIN}.`, whatToDo: 'Check that it is registered and has not expired.' });
    nameIs({ [DOMAIN]: { fault: 'silent' } });
    expect(await checkOutbound(deps({ timeoutMs: 200 }), [], [DOMAIN])).toMatchObject({ result: 'not-yet', code: 'name-servers-failed', reason: `The name servers of ${DOMAIN} do not answer.` });
  });
});

describe('sending hosts', () => {
  const hosts = (entered: readonly string[], more: Parameters<typeof deps>[0] = {}) => checkOutbound(deps(more), entered, []);

  test('are public addresses, networks, and names that lead to some', async () => {
    nameIs({ 'out.lighthouse.example': { a: ['1.2.3.4'], aaaa: ['2606:4700::1'] } });
    expect(await hosts(['8.8.8.8', '8.8.4.0/24', '2606:4700::/32', 'OUT.lighthouse.example'])).toEqual({
      result: 'ok',
      facts: {
        domains: [],
        hosts: [
          { host: '8.8.8.8', addresses: ['8.8.8.8'] }, { host: '8.8.4.0/24', addresses: ['8.8.4.0/24'] }, { host: '2606:4700::/32', addresses: ['2606:4700::/32'] },
          { host: 'out.lighthouse.example', addresses: ['1.2.3.4', '2606:4700::1'] },
        ],
      },
    });
  });

  test.each([
    ['10.1.2.3', '10.1.2.3 is private'],
    ['127.0.0.1', '127.0.0.1 is the host itself'],
    ['169.254.169.254', '169.254.169.254 is link-local'],
    ['203.0.113.7', '203.0.113.7 is kept for documentation'],
    ['::1', '::1 is the host itself'],
    ['8.0.0.0/5', '8.0.0.0/5 is private'],
    ['inner.lighthouse.example', 'inner.lighthouse.example has the address 192.168.1.1, which is private'],
    ['half.lighthouse.example', 'half.lighthouse.example has the address fd00::1, which is private'],
  ])('%s is none', async (host, why) => {
    nameIs({ 'inner.lighthouse.example': { a: ['192.168.1.1'] }, 'half.lighthouse.example': { a: ['1.2.3.4'], aaaa: ['fd00::1'] } });
    expect(await hosts([host])).toEqual({
      result: 'wrong', code: 'not-public', reason: `${why}: mail cannot come from there.`, whatToDo: 'Enter the address that your mail leaves your network with.', facts: { hosts: [], domains: [] },
    });
  });

  test('of a network that is allowed may be private', async () => {
    expect(await hosts(['10.1.2.3'], { allowedNetworks: ['10.1.0.0/16'] })).toMatchObject({ result: 'ok' });
    expect(await hosts(['10.2.2.3'], { allowedNetworks: ['10.1.0.0/16'] })).toMatchObject({ result: 'wrong', code: 'not-public' });
  });

  test('exist', async () => {
    nameIs({ 'text.lighthouse.example': { txt: ['no address'] }, 'down.lighthouse.example': { fault: 'servfail' } });
    for (const host of ['nowhere.lighthouse.example', 'text.lighthouse.example', 'no host']) {
      expect(await hosts([host])).toMatchObject({ result: 'wrong', code: 'no-such-host', reason: `There is no host ${host}.`, whatToDo: 'Check the name of the host, or enter its address.' });
    }
    expect(await hosts(['down.lighthouse.example'])).toMatchObject({ result: 'not-yet', code: 'name-servers-failed', reason: 'The name servers of down.lighthouse.example report a failure of their own.' });
  });

  test('and domains are told everything that is wrong with them at once', async () => {
    nameIs({ [DOMAIN]: { txt: [] }, 'harbour.example': { txt: [`v=spf1 ${INCLUDE} -all`] }, [OURS]: { txt: ['v=spf1 -all'] } });
    const outcome = await checkOutbound(deps(), ['8.8.8.8', '10.0.0.1'], [DOMAIN, 'harbour.example']);
    expect(outcome).toEqual({
      result: 'wrong', code: 'not-public', reason: `10.0.0.1 is private: mail cannot come from there. ${DOMAIN} has no SPF record.`,
      whatToDo: expect.stringMatching(/^Enter the address .* Publish a TXT record/),
      facts: { hosts: [{ host: '8.8.8.8', addresses: ['8.8.8.8'] }], domains: [{ domain: 'harbour.example', lookups: 1, tooManyLookups: false }] },
    });
  });
});
