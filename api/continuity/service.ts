import { countTold, listDeliveries } from '../../db/continuity-deliveries';
import { listEvents } from '../../db/continuity-events';
import { groupNames } from '../../db/groups';
import type { UserRow } from '../../db/users';
import type { By } from '../../db/continuity-transitions';
import type { deliveryListQuery, EventBody, EventChangeBody, eventListQuery, previewSchema, testSchema } from '../contract/continuity';
import type { z } from '../contract/zod';
import { Problem } from '../problems';
import { createEvent } from './create';
import type { ContinuityDependencies } from './dependencies';
import { startUntold } from './engine';
import { findOr404 } from './find';
import { previewOf } from './preview';
import { changeOf, retry, stop, takeStep, type EventStepRequest } from './steps';
import { sendTest } from './test-alert';
import { eventEnvelope, listedDelivery, listedEvent, type EventEnvelope } from './view';

/** Whose events are seen: an administrator's account; undefined for operators. */
type Account = string | undefined;

function positionOf(after: string): { createdAt: number; id: string } {
  const [createdAt, id] = Buffer.from(after, 'base64url').toString().split('/');
  if (!/^\d{1,16}$/.test(createdAt ?? '') || !/^[\w-]{1,36}$/.test(id ?? '')) throw new Problem('invalid-request', { extra: { errors: [{ path: 'after', message: 'This is no position in the list.' }] } });
  return { createdAt: Number(createdAt), id: id! };
}

/** Continuity events, as administrators and operators go about them. Every method answers what is there now, or throws a `Problem`. */
export function createContinuityService(deps: ContinuityDependencies) {
  const { db } = deps;
  const view = async (id: string, account: Account): Promise<EventEnvelope> => eventEnvelope(db, await findOr404(deps, id, account));
  return {
    view,
    startUntold: () => startUntold(deps),
    test: (body: z.infer<typeof testSchema>, user: UserRow | undefined) => sendTest(deps, user, body),
    preview: (body: z.infer<typeof previewSchema>) => previewOf(deps, body),

    /** The groups that an event of an account can be for. */
    async groups(account: string): Promise<{ name: string }[]> {
      return (await groupNames(db, account)).map((name) => ({ name }));
    },

    async create(body: EventBody, by: By, idempotencyKey: string | undefined): Promise<EventEnvelope> {
      return view(await createEvent(deps, body, by, idempotencyKey), undefined);
    },
    async step(id: string, account: Account, request: EventStepRequest, by: By, idempotencyKey: string | undefined): Promise<EventEnvelope> {
      await takeStep(deps, await findOr404(deps, id, account), request, by, idempotencyKey);
      return view(id, account);
    },
    async change(id: string, account: Account, body: EventChangeBody, by: By): Promise<EventEnvelope> {
      const event = await findOr404(deps, id, account);
      await takeStep(deps, event, { action: 'change', change: await changeOf(deps, event, body) }, by, undefined);
      const now = await findOr404(deps, id, account);
      if (now.row.version === event.row.version) throw new Problem('changed-meanwhile', { extra: { version: now.row.version } });
      return view(id, account);
    },
    async stop(id: string, account: Account, by: By): Promise<EventEnvelope> {
      await stop(deps, await findOr404(deps, id, account), by);
      return view(id, account);
    },
    async retryFailed(id: string, account: Account, by: By): Promise<EventEnvelope> {
      await retry(deps, await findOr404(deps, id, account), by);
      return view(id, account);
    },

    async list({ account, step, after, limit }: z.infer<typeof eventListQuery>) {
      const rows = await listEvents(db, { account, state: step }, after === undefined ? undefined : positionOf(after), limit + 1);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const told = await countTold(db, page.map(({ id }) => id));
      return { items: page.map((row) => listedEvent(row, told.get(row.id) ?? 0)), next: rows.length > limit && last ? Buffer.from(`${last.created_at}/${last.id}`).toString('base64url') : null };
    },
    async deliveries(id: string, account: Account, { phase, state, after, limit }: z.infer<typeof deliveryListQuery>) {
      const { row } = await findOr404(deps, id, account);
      const rows = await listDeliveries(db, row.id, { phase, states: state === undefined ? undefined : [state], after }, limit + 1);
      const page = rows.slice(0, limit);
      return { items: page.map(listedDelivery), next: rows.length > limit ? page.at(-1)!.id : null };
    },
  };
}

export type ContinuityService = ReturnType<typeof createContinuityService>;
