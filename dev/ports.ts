import { createServer, type AddressInfo } from 'node:net';

function listen(port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: chosen } = server.address() as AddressInfo;
      server.close(() => resolve(chosen));
    });
  });
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return listen(0);
}

/** Whether a port of 127.0.0.1 can be taken. */
export async function isFree(port: number): Promise<boolean> {
  return listen(port).then(() => true, () => false);
}
