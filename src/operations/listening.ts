import type { Server } from 'node:net';
import { errorCode } from '../errors/error-code.js';

/** Where a listener listens. */
export interface ListeningOn {
  readonly host: string;
  readonly port: number;
}

/** A listener cannot have its address. `message` is one plain sentence for the operator. */
export class ListenerUnavailable extends Error {
  readonly code = 'listener-unavailable';

  constructor(setting: string, host: string, port: number, cause: unknown) {
    super(`${setting} cannot listen on ${host}:${port}: ${reasonOf(cause)}`, { cause });
    this.name = new.target.name;
  }
}

/**
 * Starts a server. Resolves with the address in use once it is listening; port 0 takes any free one.
 * @param setting the setting that names the address, as the operator is told
 * @param onFailure told of trouble from then on, such as running out of file handles while accepting; without it, that ends the process
 * @throws ListenerUnavailable
 */
export function listening(
  server: Server,
  setting: string,
  { host, port }: ListeningOn,
  onFailure?: (error: unknown) => void,
): Promise<ListeningOn> {
  return new Promise((resolve, reject) => {
    const onError = (error: unknown): void => {
      reject(new ListenerUnavailable(setting, host, port, error));
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      if (onFailure !== undefined) server.on('error', onFailure);
      const address = server.address();
      resolve(
        typeof address === 'object' && address !== null
          ? { host: address.address, port: address.port }
          : { host, port },
      );
    });
  });
}

function reasonOf(cause: unknown): string {
  const code = errorCode(cause);
  switch (code) {
    case 'EADDRINUSE':
      return 'another program uses this port';
    case 'EACCES':
      return 'permission denied; ports below 1024 need a privilege';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'this machine has no such address';
    case undefined:
      return 'an unexpected error';
    default:
      return code;
  }
}
