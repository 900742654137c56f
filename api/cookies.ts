import type { Request, Response } from 'express';

/** `__Host-`: a browser takes and sends it only over a secure origin, for this host and every path (RFC 6265bis, 4.1.3). */
export const SESSION_COOKIE = '__Host-postern-session';

const OPTIONS = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

/** The session's token that a request carries. */
export function sessionTokenOf(req: Request): string | undefined {
  for (const pair of (req.get('Cookie') ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE && value) return value;
  }
  return undefined;
}

/** Signs in the browser that gets this answer: until it is closed, or the session ends. */
export function setSessionCookie(res: Response, token: string): void {
  res.cookie(SESSION_COOKIE, token, OPTIONS);
}

export function clearSessionCookie(res: Response): void {
  res.clearCookie(SESSION_COOKIE, OPTIONS);
}
