import { useEffect, useRef } from 'react';

/** Follows a stream of the server while there is something to follow. `path` undefined: there is not. */
export function useStream<T>(path: string | undefined, take: (event: T) => void): void {
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    if (path === undefined) return;
    const events = new EventSource(path);
    events.addEventListener('flow', (event: MessageEvent<string>) => latest.current(JSON.parse(event.data) as T));
    return () => events.close();
  }, [path]);
}
