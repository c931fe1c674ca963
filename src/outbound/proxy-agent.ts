import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { checkServerIdentity, type SecureContext } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** The proxy that calls leave through. */
export interface ProxySettings {
  /** `http://` or `https://`, without credentials; the connection to the proxy itself is encrypted in the second case. */
  readonly address: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** How connections are made and kept. */
export interface ProxyAgentOptions {
  readonly proxy: ProxySettings;
  /** How long a connection is kept that nobody uses. */
  readonly idleMilliseconds: number;
  /** How long the proxy may take until the way to the target is open. */
  readonly connectMilliseconds: number;
  /** Whom to trust, for the target and for a proxy that is encrypted itself. */
  readonly secureContext: SecureContext;
}

/**
 * The proxy opened no way to the target. `code` begins with PROXY and goes on with the status it answered or with the
 * code of the failed connection, so that its trouble is never taken for that of the service behind it.
 */
export class ProxyFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ProxyFailure';
  }
}

/**
 * HTTPS by way of a proxy (CONNECT, RFC 9110 9.3.6), with connections kept alive. Everything that a direct connection is
 * held to holds here: authorities, the name in the target's certificate, TLS version, age of idle connections.
 */
export class ProxyAgent extends HttpsProxyAgent<string> {
  readonly #connectMilliseconds: number;
  readonly #towardProxy: ProxyAgent['connectOpts'];

  constructor(options: ProxyAgentOptions) {
    const { proxy, idleMilliseconds, connectMilliseconds, secureContext } = options;
    const verified = { rejectUnauthorized: true, secureContext };
    super(proxy.address, {
      keepAlive: true,
      // With a limit the library counts ways that are being opened, and forgets those who wait for one that fails: they would
      // never be sent. How many calls there are at a time is decided by who makes them.
      maxSockets: Infinity,
      ...verified,
      // Not within the address: the library would write that out when DEBUG is set.
      headers: () => authorization(proxy),
    });
    // The library holds these for the connection to the proxy alone.
    this.options = { ...this.options, ...verified, timeout: idleMilliseconds };
    this.#connectMilliseconds = connectMilliseconds;
    this.#towardProxy = this.connectOpts;
  }

  /** Everything here is HTTPS; the library would look through a stack trace to find out. */
  override isSecureEndpoint(): boolean {
    return true;
  }

  /** @throws ProxyFailure */
  override async connect(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    if (!options.secureEndpoint) throw new TypeError('only https: goes through the proxy');
    const { host = '' } = options;
    let status = 0;
    request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
      status = statusCode;
    });
    const giveUp = new AbortController();
    const timer = setTimeout(() => {
      giveUp.abort();
    }, this.#connectMilliseconds);
    try {
      // Read before anything is awaited, so that each connection has a signal of its own.
      this.connectOpts = { ...this.#towardProxy, signal: giveUp.signal };
      const socket = await super.connect(request, {
        ...options,
        // For a target without a name Node would compare the certificate with the name of the proxy.
        checkServerIdentity: (_name: string, certificate: Certificate) =>
          checkServerIdentity(host, certificate),
      });
      if (status === 200) return socket;
      socket.destroy();
    } catch (error) {
      throw failedConnection(error, giveUp.signal.aborted);
    } finally {
      clearTimeout(timer);
    }
    // The library would pass the proxy's answer on as if it were the target's: a 404 of a proxy is not "no such person".
    throw refusal(status);
  }
}

type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];
type Certificate = Parameters<typeof checkServerIdentity>[1];

function authorization({ username, password = '' }: ProxySettings): Record<string, string> {
  if (username === undefined) return {};
  return {
    'Proxy-Authorization': `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`,
  };
}

function refusal(status: number): ProxyFailure {
  return status === 407
    ? new ProxyFailure('PROXY_407', 'the proxy wants a user name and password, or other ones')
    : new ProxyFailure(`PROXY_${status}`, 'the proxy opened no way to the target');
}

function failedConnection(error: unknown, isTooLate: boolean): ProxyFailure {
  if (isTooLate) return new ProxyFailure('PROXY_TIMEOUT', 'the proxy did not answer in time');
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'CLOSED';
  return new ProxyFailure(`PROXY_${code}`, 'no connection to the proxy');
}
