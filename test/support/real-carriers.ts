import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import type { Knex } from 'knex';
import { createEmailSender } from '../../activities/email-sender';
import { createSmsSender } from '../../activities/sms-sender';
import { smsWebhookRoutes } from '../../api/routes/sms-webhooks';
import { loadSettings } from '../../config';
import { startOutside, type Outside } from '../../dev/outside/server';
import type { Faults } from '../../dev/outside/faults';
import { Http } from './http';
import { keyEntry, testKeys } from './keys';
import { freePorts } from './ports';
import { TestClock } from './reset-world';
import { SignInWorld } from './sign-in-world';

const SIGNER = { accountSid: `AC${'ab'.repeat(16)}`, authToken: 'cd'.repeat(16) };
const FROM = '+12025550100';
const MAIL_FROM = 'no-reply@postern.example';
/** Shorter than what the switch "slow" waits, longer than any answer takes. */
const PATIENCE_MS = 1_500;

/** With what another process reaches inbox and phone. */
export interface CarrierSettings {
  readonly accountSid: string;
  readonly authToken: string;
  readonly smsFrom: string;
  readonly smsApiUrl: string;
  readonly smtpUrl: string;
  readonly mailFrom: string;
  readonly timeoutMs: number;
  readonly publicUrl: string;
}

/** Inbox and phone as they run beside the product, and the senders that the product reaches them with. */
export class RealCarriers {
  readonly #closing: (() => void | Promise<void>)[] = [];

  private constructor(readonly outside: Outside, readonly publicUrl: string, private readonly smtpUrl: string, private readonly patienceMs: number, /** Ids of messages that were reported to have reached nobody. */ readonly unreached: readonly string[]) {}

  /** @param db - where the status callbacks of texts are written to; null: nobody takes them */
  static async start(db: Knex | null, patienceMs = PATIENCE_MS): Promise<RealCarriers> {
    const folder = await mkdtemp(join(tmpdir(), 'postern-carriers-'));
    const [smtpPort, closed] = await freePorts(2);
    const unreached: string[] = [];
    const app = express();
    const api = createServer(app);
    let publicUrl = `http://127.0.0.1:${closed}`;
    if (db) {
      api.listen(0, '127.0.0.1');
      await once(api, 'listening');
      publicUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
      const settings = loadSettings({
        POSTERN_MODE: 'embedded', PUBLIC_URL: publicUrl, POSTERN_KEYS: keyEntry('dev-test'), SMTP_URL: `smtp://127.0.0.1:${smtpPort}`, MAIL_FROM,
        TWILIO_ACCOUNT_SID: SIGNER.accountSid, TWILIO_AUTH_TOKEN: SIGNER.authToken, TWILIO_FROM: FROM,
      });
      app.use('/api/webhooks/sms', smsWebhookRoutes({ settings, db, keys: testKeys('test'), clock: Date.now, reachedNobody: async ({ id }) => void unreached.push(id), received: async () => undefined }));
    }
    const outside = await startOutside({ ...SIGNER, from: FROM, smtpPort: smtpPort!, file: join(folder, 'outside.jsonl'), inboundUrl: `${publicUrl}/api/webhooks/sms/inbound` });
    const carriers = new RealCarriers(outside, publicUrl, `smtp://127.0.0.1:${smtpPort}`, patienceMs, unreached);
    carriers.#closing.push(
      () => outside.stop(),
      () => void api.close().closeAllConnections(),
      () => rm(folder, { recursive: true, force: true }),
    );
    return carriers;
  }

  get settings(): CarrierSettings {
    return { ...SIGNER, smsFrom: FROM, smsApiUrl: this.outside.url, smtpUrl: this.smtpUrl, mailFrom: MAIL_FROM, timeoutMs: this.patienceMs, publicUrl: this.publicUrl };
  }

  /** A world whose messages go through the real senders. The phone goes by the real time, so the clock starts there. */
  world(db: Knex, more: { apiUrl?: string; authToken?: string; smtpUrl?: string; clock?: TestClock } = {}): SignInWorld {
    const { apiUrl = this.outside.url, smtpUrl = this.smtpUrl, clock = new TestClock(Date.now()) } = more;
    const email = createEmailSender({ url: smtpUrl, from: MAIL_FROM, timeoutMs: this.patienceMs });
    this.#closing.unshift(() => email.close());
    const sms = createSmsSender({ ...SIGNER, ...(more.authToken ? { authToken: more.authToken } : {}), from: FROM, apiUrl, timeoutMs: this.patienceMs });
    return new SignInWorld(db, { clock, email, sms, noticeSms: sms, publicUrl: this.publicUrl });
  }

  /** Sets switches and leaves the others as they are. */
  async fail(faults: Partial<Faults>): Promise<void> {
    const answer = await new Http(this.outside.url).send('PUT', '/faults', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) });
    if (answer.status !== 200) throw new Error(answer.text);
  }

  /** What reached somebody, newest first. */
  received(to: string | null): ReturnType<Outside['store']['received']> {
    return this.outside.store.received(to ?? '');
  }

  async stop(): Promise<void> {
    for (const close of this.#closing) await close();
  }
}
