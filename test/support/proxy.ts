import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands in front of the API in production: it takes the public name's requests and passes them on. */
export interface Proxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** Passes everything on to a port of 127.0.0.1, in the name of `host`, as a proxy does that ended TLS. */
export async function startProxy(port: number, host: string): Promise<Proxy> {
  const server = createServer((req, res) => {
    const headers = { ...req.headers, host, 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'https' };
    const passed = request({ host: '127.0.0.1', port, method: req.method, path: req.url, headers }, (answer) => {
      res.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(res);
    });
    passed.on('error', () => res.destroy());
    req.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
