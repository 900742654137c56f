import type { RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import type { Logger } from 'pino';

/** A handle in a path is a bearer secret: the log says that there was one, however the router let it be written. */
export function withoutHandles(url: string): string {
  return url.split('?')[0]!.replace(/(\/(?:password-resets|sign-ins|captchas|codec)\/+)[^/]+/gi, '$1[hidden]');
}

/** One line a request: method, path without handles, status, milliseconds. No header, body or query. */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    autoLogging: { ignore: (req) => req.url === '/api/health' },
    serializers: {
      req: (req: { method: string; url: string }) => ({ method: req.method, path: withoutHandles(req.url) }),
      res: (res: { statusCode: number }) => ({ status: res.statusCode }),
    },
  });
}
