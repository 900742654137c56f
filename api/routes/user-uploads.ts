import { Router, type Request } from 'express';
import { uploadQuery } from '../contract/onboardings';
import { fileTooLarge } from '../connect-onboarding/users';
import type { ApiDependencies } from '../dependencies';
import { actorOf, declared } from '../middleware/access';
import { validateQuery } from '../middleware/validate';
import { importLimits } from '../../domain/imports';
import { Problem } from '../problems';
import { accountOf } from './onboardings';

/** @throws Problem where a request cannot be a file of users, before anything of it is read */
function expectFile(req: Request): void {
  if (!req.is('text/csv') || !['identity', ''].includes(req.get('Content-Encoding') ?? '')) throw new Problem('unsupported-media-type', { detail: 'Send the file as it is, with Content-Type: text/csv.' });
  if (Number(req.get('Content-Length') ?? 0) > importLimits.fileBytes) throw fileTooLarge();
}

/** The one route that takes a file, as it arrives, and no JSON. */
export function userUploadRoutes(deps: Pick<ApiDependencies, 'db' | 'clock' | 'onboardings'>): Router {
  const router = Router();
  const routes = declared(router, '/api/onboardings', deps);
  routes.post('/:account/tasks/users/upload', validateQuery(uploadQuery), async (req, res) => {
    const account = accountOf(req, res);
    await deps.onboardings.view(account);
    expectFile(req);
    // Left before its end the stream stays open: whoever still sends can read the answer.
    const content = req.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Uint8Array>;
    const answer = await deps.onboardings.uploadUsers(account, { fileName: uploadQuery.parse(req.query).name, content }, actorOf(res)).catch((error: unknown) => {
      throw req.readableAborted ? new Problem('invalid-request', { detail: 'The file broke off.' }) : error;
    });
    res.json(answer);
  });
  return router;
}
