import { Router } from 'express';
import type { ApiDependencies } from '../dependencies';
import { TASK_QUEUE } from '../../temporal.config';

const CHECK_MS = 2_000;

async function passes(check: () => Promise<unknown>): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, CHECK_MS, false).unref());
  return Promise.race([check().then((answer) => answer !== false, () => false), late]);
}

/** `/health`: this process is alive. `/ready`: database, engine, and a worker that polls. */
export function healthRoutes({ db, temporal, settings }: Pick<ApiDependencies, 'db' | 'temporal' | 'settings'>): Router {
  const router = Router();
  router.get('/health', (_req, res) => {
    res.json({ status: 'live' });
  });
  router.get('/ready', async (_req, res) => {
    const deadline = Date.now() + CHECK_MS;
    const describe = () => temporal.connection.withDeadline(deadline, () => temporal.workflowService.describeTaskQueue({ namespace: settings.TEMPORAL_NAMESPACE, taskQueue: { name: TASK_QUEUE }, taskQueueType: 1 }));
    const [database, engine, worker] = await Promise.all([
      passes(() => db.raw('SELECT 1')),
      passes(() => temporal.connection.withDeadline(deadline, () => temporal.workflowService.getSystemInfo({}))),
      passes(async () => (await describe()).pollers.some((poller) => Date.now() - Number(poller.lastAccessTime?.seconds ?? 0) * 1000 < 90_000)),
    ]);
    const ready = database && engine && worker;
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not-ready', database, engine, worker });
  });
  return router;
}
