import type { RequestHandler } from 'express';
import type { Settings } from '../../config';
import { Problem } from '../problems';

/** Serves only the host it was set up for: no page of another site reaches a loopback address through a name of its own. */
export function checkHost(settings: Settings): RequestHandler {
  const allowed = new Set([new URL(settings.PUBLIC_URL).host]);
  if (settings.POSTERN_MODE === 'embedded') for (const name of ['127.0.0.1', 'localhost']) allowed.add(`${name}:${settings.PORT}`);
  return (req, _res, next) => next(allowed.has(req.headers.host ?? '') ? undefined : new Problem('misdirected-request'));
}
