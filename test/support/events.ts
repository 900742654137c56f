import type { Flow, Http } from './http';

/** Reads a flow's stream until it ends or `enough` says so, and gives the envelopes in order. */
export async function streamed(http: Http, id: string, enough: (flow: Flow) => boolean, kind: 'password-resets' | 'sign-ins' = 'password-resets'): Promise<Flow[]> {
  const stop = new AbortController();
  const answer = await fetch(new URL(`/api/${kind}/${id}/events`, http.url), {
    headers: { accept: 'text/event-stream' },
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]),
  });
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const flows: Flow[] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body!) {
    const events = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      if (!/^event: ?flow$/m.test(event)) continue;
      const flow = JSON.parse(/^data: ?(.*)$/m.exec(event)![1]!) as Flow;
      flows.push(flow);
      if (enough(flow)) {
        stop.abort();
        return flows;
      }
    }
  }
  return flows;
}
