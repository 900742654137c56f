import { createChecks } from '../../activities/checks/network';
import { verificationRecord } from '../../security/domain-verification';
import { loadSettings } from '../../config';
import { openDatabase } from '../../db/connection';
import { startDns, type TestDns } from '../support/dns-server';
import { keyEntry, testKeys } from '../support/keys';

const DOMAIN = 'lighthouse.example';
const keys = testKeys('main');

let dns: TestDns;
const db = openDatabase({ DATABASE_URL: 'sqlite::memory:', DATA_DIR: '.' });

beforeAll(async () => {
  dns = await startDns({
    'spf.portal.example': { txt: ['v=spf1 -all'] },
    [DOMAIN]: { txt: [verificationRecord(keys, 'CEU11A1', DOMAIN).value, 'v=spf1 include:spf.portal.example -all'], mx: [[10, 'mx.portal.example']], a: ['127.0.0.1'] },
  });
});
afterAll(async () => {
  await dns.stop();
  await db.destroy();
});

const checks = (more: Readonly<Record<string, string>> = {}) => createChecks({
  db, keys, clock: () => 1,
  settings: loadSettings({
    POSTERN_MODE: 'embedded', PUBLIC_URL: 'https://portal.example', POSTERN_KEYS: keyEntry('dev-test'), SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM: 'no-reply@portal.example',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: '0'.repeat(32), TWILIO_FROM: '+12025550100',
    DNS_SERVERS: dns.server, SPF_INCLUDE: 'spf.portal.example', MX_HOSTS: 'mx.portal.example', ALLOW_PRIVATE_TARGETS: '', DNS_TIMEOUT_MS: '1000', ...more,
  }),
});

test('domains and mail are looked up at the name servers, and judged by the hosts, that the settings name', async () => {
  expect(await checks().domains('CEU11A1', [DOMAIN])).toEqual({ result: 'ok', facts: { verified: [DOMAIN] } });
  expect(await checks().outbound(['8.8.8.8'], [DOMAIN])).toMatchObject({ result: 'ok' });
  expect(await checks({ SPF_INCLUDE: 'spf.other.example' }).outbound([], [DOMAIN])).toMatchObject({ code: 'no-include' });
  expect(await checks().inbound({ host: DOMAIN, port: 25 }, [DOMAIN])).toMatchObject({ code: 'not-public', facts: { mx: [{ ours: true }] } });
  expect(await checks({ MX_HOSTS: 'mx.other.example' }).inbound({ host: DOMAIN, port: 25 }, [DOMAIN])).toMatchObject({ facts: { mx: [{ ours: false }] } });
});

test('hosts that are not public are reached where the settings allow their networks only', async () => {
  const config = { url: 'ldap://127.0.0.1:1', baseDn: 'dc=x', bindDn: 'cn=x', bindPassword: 'x', filter: '(mail=*)', attributes: { email: 'mail', name: 'cn' } };
  expect(await checks().directory.testConnection(config)).toMatchObject({ code: 'not-public' });
  expect(await checks({ ALLOW_PRIVATE_TARGETS: '127.0.0.0/8' }).directory.testConnection(config)).toMatchObject({ code: 'refused' });
  expect(await checks({ ALLOW_PRIVATE_TARGETS: '127.0.0.0/8' }).inbound({ host: '127.0.0.1', port: 1 }, [])).toMatchObject({ code: 'refused' });
  expect(await checks({ ALLOW_PRIVATE_TARGETS: '127.0.0.0/8' }).outbound(['127.0.0.1'], [])).toMatchObject({ result: 'ok' });
});
