import type { RequestHandler } from 'express';
import type { Settings } from '../../config';
import { sessionTokenOf } from '../cookies';
import { Problem } from '../problems';
import { servedHosts } from './host';

const READING = ['GET', 'HEAD', 'OPTIONS'];
const OWN_SITES = ['same-origin', 'none'];

/**
 * Refuses what another site makes a signed-in browser send. Browsers say where a request comes from; what says nothing
 * is no browser, and carries a cookie only because its owner put it there.
 */
export function refuseCrossSite(settings: Settings): RequestHandler {
  const { protocol } = new URL(settings.PUBLIC_URL);
  const origins = [...servedHosts(settings)].map((host) => `${protocol}//${host}`);
  return (req, _res, next) => {
    if (READING.includes(req.method) || sessionTokenOf(req) === undefined) return next();
    const [site, origin] = [req.get('Sec-Fetch-Site'), req.get('Origin')];
    const ours = (site === undefined || OWN_SITES.includes(site)) && (origin === undefined || origins.includes(origin));
    next(ours ? undefined : new Problem('cross-site-request'));
  };
}
