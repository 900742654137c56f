/** Tokens of opened one-time links, by the link's id. In memory only: a reload forgets them, the e-mail still has them. */
const tokens = new Map<string, string>();
const listeners = new Set<() => void>();

const LINK_PATH = /^\/password-resets\/([^/]+)$/;

function takeFromUrl(): void {
  const id = LINK_PATH.exec(window.location.pathname)?.[1];
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (!id || !token) return;
  tokens.set(id, token);
  window.history.replaceState(window.history.state, '', window.location.pathname);
  for (const listener of listeners) listener();
}

/** Moves a token from the address bar to memory, now and whenever a link is opened in this tab. Sends nothing. */
export function keepLinkTokensOutOfTheUrl(): void {
  takeFromUrl();
  window.addEventListener('hashchange', takeFromUrl);
}

/** The token with which this tab opened a link. */
export function linkTokenOf(id: string): string | undefined {
  return tokens.get(id);
}

/** Calls `listener` when a link is opened. Returns how to stop it. */
export function onLinkOpened(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
