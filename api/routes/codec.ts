import { Router, json, type RequestHandler } from 'express';
import { temporal } from '@temporalio/proto';
import type { ApiDependencies } from '../dependencies';
import { operatorOnly } from '../middleware/operator';
import { Problem } from '../problems';
import { EncryptionCodec } from '../../security/codec';

const BODY_LIMIT = '8mb';
const { Payloads } = temporal.api.common.v1;

/**
 * Encodes and decodes payloads for the Temporal Web UI. Embedded, its path holds a random token; in production an
 * operator's bearer token opens it. Origins are allow-listed.
 */
export function codecRoutes({ settings, keys, db, clock }: Pick<ApiDependencies, 'settings' | 'keys' | 'db' | 'clock'>): Router {
  const router = Router();
  const codec = new EncryptionCodec(keys);
  const token = settings.CODEC_PATH_TOKEN;
  const cors: RequestHandler = (req, res, next) => {
    const origin = req.get('Origin');
    if (origin !== undefined) {
      if (!settings.WEB_UI_ORIGINS.includes(origin)) return next(new Problem('forbidden', { detail: 'This origin may not use the codec endpoint: name it in WEB_UI_ORIGINS.' }));
      res.set({ 'Access-Control-Allow-Origin': origin, Vary: 'Origin', 'Access-Control-Allow-Headers': 'content-type,x-namespace,authorization', 'Access-Control-Allow-Methods': 'POST', 'Cross-Origin-Resource-Policy': 'cross-origin' });
    }
    if (req.method === 'OPTIONS') return void res.sendStatus(204);
    next();
  };
  const convert = (direction: 'encode' | 'decode'): RequestHandler => async (req, res) => {
    try {
      const { payloads } = Payloads.fromObject(req.body as Record<string, unknown>);
      const converted = await codec[direction](payloads);
      res.json(Payloads.toObject(Payloads.create({ payloads: converted }), { bytes: String }));
    } catch {
      throw new Problem('invalid-request', { detail: 'These payloads cannot be converted with a live key.' });
    }
  };
  const guard = token === undefined ? [operatorOnly(db, clock)] : [];
  const base = token === undefined ? '/codec' : `/codec/${token}`;
  router.use(base, cors, ...guard, json({ limit: BODY_LIMIT }));
  router.post(`${base}/decode`, convert('decode'));
  router.post(`${base}/encode`, convert('encode'));
  return router;
}
