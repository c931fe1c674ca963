import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';

/** A server at a free port of this machine, and what may be done to it. */
export interface ListeningServer {
  readonly server: Server;
  readonly port: number;
  close(): void;
}

/** Listens over TLS, kept alive as Node does it. */
export async function listen(
  { certificatePem, privateKeyPem }: { readonly certificatePem: string; readonly privateKeyPem: string },
  listener?: RequestListener,
): Promise<ListeningServer> {
  const server = createServer({ cert: certificatePem, key: privateKeyPem }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens nowhere');
  return {
    server,
    port: address.port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
