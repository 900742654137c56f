import type { RequestHandler } from 'express';
import type { Settings } from '../../config';
import { Problem } from '../problems';

/** The hosts that the service answers to; embedded, also the loopback's names. */
export function servedHosts(settings: Settings): Set<string> {
  const hosts = new Set([new URL(settings.PUBLIC_URL).host]);
  if (settings.POSTERN_MODE === 'embedded') for (const name of ['127.0.0.1', 'localhost']) hosts.add(`${name}:${settings.PORT}`);
  return hosts;
}

/** Serves only the host it was set up for: no page of another site reaches a loopback address through a name of its own. */
export function checkHost(settings: Settings): RequestHandler {
  const served = servedHosts(settings);
  return (req, _res, next) => next(served.has(req.headers.host ?? '') ? undefined : new Problem('misdirected-request'));
}
