import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router, type Express } from 'express';
import helmet from 'helmet';
import { refuseCrossSite } from './middleware/cross-site';
import { checkHost } from './middleware/host';
import { idempotency } from './middleware/idempotency';
import { requestLog } from './middleware/logging';
import { notFound, problemHandler } from './middleware/problems';
import type { ApiDependencies } from './dependencies';
import { Problem } from './problems';
import { accountRoutes, applicationRoutes } from './routes/accounts';
import { administrationRoutes } from './routes/administration';
import { codecRoutes } from './routes/codec';
import { continuityEventRoutes } from './routes/continuity-events';
import { documentRoutes } from './routes/documents';
import { healthRoutes } from './routes/health';
import { metricsMiddleware, metricsRoute } from './routes/metrics';
import { onboardingRoutes } from './routes/onboardings';
import { passwordResetRoutes } from './routes/password-resets';
import { sessionRoutes } from './routes/sessions';
import { signInRoutes } from './routes/sign-ins';
import { smsSettingsRoutes } from './routes/sms-settings';
import { smsSubscriptionRoutes } from './routes/sms-subscriptions';
import { smsWebhookRoutes } from './routes/sms-webhooks';
import { receiveText } from './sms-subscription/receive';
import { reachedNobody } from './undelivered';
import { userUploadRoutes } from './routes/user-uploads';
import { userRoutes } from './routes/users';

const BODY_LIMIT = '16kb';
const WEB_ROOT = join(__dirname, '..', 'dist', 'web');

/** Assembles the API and the pages. */
export function createApp(deps: ApiDependencies): Express {
  const { settings, db, keys, clock, logger } = deps;
  const app = express();
  app.set('trust proxy', settings.TRUST_PROXY);
  app.disable('x-powered-by');
  app.use(metricsMiddleware, requestLog(logger), checkHost(settings));
  app.use(helmet({
    contentSecurityPolicy: { directives: { defaultSrc: ["'self'"], scriptSrc: ["'self'"], styleSrc: ["'self'", "'unsafe-inline'"], imgSrc: ["'self'", 'data:'], workerSrc: ["'self'", 'blob:'], upgradeInsecureRequests: settings.POSTERN_MODE === 'production' ? [] : null } },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: settings.POSTERN_MODE === 'production',
  }));
  app.use(codecRoutes(deps));
  app.use('/api/webhooks/sms', smsWebhookRoutes({ settings, db, keys, clock, reachedNobody: (message, code) => reachedNobody(deps, message, code), received: (text) => receiveText(deps, text) }));

  const api = Router();
  api.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  api.use(refuseCrossSite(settings));
  api.use('/onboardings', userUploadRoutes(deps));
  api.use((req, _res, next) => {
    const hasBody = Number(req.get('Content-Length') ?? 0) > 0 || req.get('Transfer-Encoding') !== undefined;
    next(hasBody && !req.is('application/json') ? new Problem('unsupported-media-type') : undefined);
  });
  api.use(express.json({ limit: BODY_LIMIT }));
  api.use((req, _res, next) => {
    next(req.body !== undefined && (typeof req.body !== 'object' || req.body === null || Array.isArray(req.body)) ? new Problem('invalid-request', { detail: 'Send a JSON object.' }) : undefined);
  });
  api.use(idempotency({ db, keys, clock }));
  api.use(healthRoutes(deps), documentRoutes());
  api.use('/password-resets', passwordResetRoutes(deps.passwordResets));
  api.use('/sign-ins', signInRoutes(deps));
  api.use(sessionRoutes(deps));
  api.use('/accounts', accountRoutes(deps));
  api.use('/applications', applicationRoutes(deps));
  api.use('/onboardings', onboardingRoutes(deps));
  api.use('/continuity-events', continuityEventRoutes(deps));
  api.use('/users', userRoutes(deps));
  api.use(smsSubscriptionRoutes(deps), smsSettingsRoutes(deps));
  api.use(administrationRoutes(deps));
  api.use(notFound);
  app.use('/api', api);
  app.get('/metrics', metricsRoute(deps));
  if (deps.dev) app.use('/dev', deps.dev);

  if (existsSync(WEB_ROOT)) {
    app.use(express.static(WEB_ROOT, { index: false, maxAge: '1h' }));
    // The pages route themselves: any other address is the same document.
    app.get(/^\/(?!api|dev|codec|assets)/, (_req, res) => res.set('Cache-Control', 'no-store').sendFile(join(WEB_ROOT, 'index.html')));
  }
  app.use(notFound, problemHandler(settings.PUBLIC_URL, logger));
  return app;
}
