import { useEffect, useRef, useState } from 'react';

/** After so long a stream that was refused is asked for again. */
const AGAIN_MS = 5_000;

interface Follower<T> {
  readonly take: (event: T) => void;
  /** The server refused the stream. With it the stream is asked for again after a while; without it the page stays as it is. */
  readonly refused?: () => void;
}

/** Follows a stream of the server while there is something to follow. `path` undefined: there is not. An interrupted stream comes back by itself. */
export function useStream<T>(path: string | undefined, take: Follower<T>['take'], refused?: Follower<T>['refused']): void {
  const latest = useRef<Follower<T>>({ take });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    latest.current = refused ? { take, refused } : { take };
  });
  useEffect(() => {
    if (path === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const events = new EventSource(path);
    events.addEventListener('flow', (event: MessageEvent<string>) => latest.current.take(JSON.parse(event.data) as T));
    events.addEventListener('error', () => {
      const { refused: tell } = latest.current;
      if (events.readyState !== EventSource.CLOSED || tell === undefined) return;
      tell();
      timer = setTimeout(() => setAttempt((count) => count + 1), AGAIN_MS);
    });
    return () => {
      clearTimeout(timer);
      events.close();
    };
  }, [path, attempt]);
}
