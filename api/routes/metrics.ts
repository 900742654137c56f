import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ApiDependencies } from '../dependencies';
import { operatorOnly } from '../middleware/operator';

const registry = new Registry();
collectDefaultMetrics({ register: registry });
const durations = new Histogram({
  name: 'postern_http_request_seconds', help: 'Time to answer, by route pattern', labelNames: ['method', 'route', 'status'], registers: [registry],
});
const flows = new Gauge({ name: 'postern_flows', help: 'Flows by kind and outcome', labelNames: ['kind', 'outcome'], registers: [registry] });

/** Times each request by its route's pattern: never by its path, which may hold a handle. */
export const metricsMiddleware: RequestHandler = (req, res, next) => {
  const stop = durations.startTimer();
  res.on('finish', () => stop({ method: req.method, route: `${req.baseUrl}${(req.route as { path?: unknown } | undefined)?.path ?? ''}`.replace(/^$/, 'none'), status: res.statusCode }));
  next();
};

/** For a scraper that holds an operator token; open on loopback in embedded mode. */
export function metricsRoute({ db, clock, settings }: Pick<ApiDependencies, 'db' | 'clock' | 'settings'>): RequestHandler[] {
  const answer: RequestHandler = async (_req, res) => {
    const rows = await db('flows').select('kind', 'outcome').count<{ kind: string; outcome: string | null; n: number | string }[]>({ n: '*' }).groupBy('kind', 'outcome');
    flows.reset();
    for (const row of rows) flows.set({ kind: row.kind, outcome: row.outcome ?? 'open' }, Number(row.n));
    res.type(registry.contentType).send(await registry.metrics());
  };
  return settings.POSTERN_MODE === 'embedded' ? [answer] : [operatorOnly(db, clock), answer];
}
