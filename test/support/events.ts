import type { Flow, Http } from './http';

/** Reads a flow's stream until it ends or `enough` says so, and gives the envelopes in order. */
export function streamed(http: Http, id: string, enough: (flow: Flow) => boolean, kind: 'password-resets' | 'sign-ins' = 'password-resets'): Promise<Flow[]> {
  return streamedFrom(http, `/api/${kind}/${id}/events`, enough);
}

/** The same of any flow, by the stream's path. */
export async function streamedFrom<F extends Flow>(http: Http, path: string, enough: (flow: F) => boolean): Promise<F[]> {
  const answer = await fetch(new URL(path, http.url), {
    headers: { ...http.always, accept: 'text/event-stream' },
    signal: AbortSignal.timeout(60_000),
  });
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const flows: F[] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body!) {
    const events = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      if (!/^event: ?flow$/m.test(event)) continue;
      const flow = JSON.parse(/^data: ?(.*)$/m.exec(event)![1]!) as F;
      flows.push(flow);
      // Leaving the loop gives the connection up.
      if (enough(flow)) return flows;
    }
  }
  return flows;
}
