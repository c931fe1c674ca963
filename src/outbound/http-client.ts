import { Agent } from 'node:https';
import { createSecureContext, rootCertificates } from 'node:tls';
import axios, { type AxiosInstance } from 'axios';
import { ProxyAgent, type ProxySettings } from './proxy-agent.js';

/** The largest answer that is read; a Person document with its whole history is some tens of kilobytes. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Shorter than firewalls and load balancers keep a silent connection, so that no call is sent into one that is gone. */
const IDLE_MILLISECONDS = 30_000;

/** Less than a call may take, so that the proxy is named when it is the one who is silent. */
const PROXY_CONNECT_MILLISECONDS = 5_000;

/** As many calls as may be under way unless the configuration says otherwise. */
const MAX_SOCKETS = 64;

/** Settings of the calls that leave the adapter. */
export interface OutboundSettings {
  /** Certificates to trust besides the authorities that come with Node, PEM. */
  readonly certificateAuthority: string | undefined;
  /** How long a connection is kept that nobody uses; default 30 s. */
  readonly idleMilliseconds?: number;
  /** How many connections there may be to one host; default 64. A call that finds none free waits for one. No limit through a proxy. */
  readonly maxSockets?: number;
  /** The way out, where there is none without. */
  readonly proxy?: ProxySettings | undefined;
  /** How long the proxy may take to open the way to a target; default 5 s. */
  readonly proxyConnectMilliseconds?: number;
}

/**
 * The one HTTP client toward HelseID and Persontjenesten: connections kept alive, TLS 1.2 or newer, no redirects, answers
 * capped, no proxy and no leniency from the environment, and no status that throws.
 * A proxy's own trouble is a ProxyFailure.
 */
export function createHttpClient(settings: OutboundSettings): AxiosInstance {
  return axios.create({
    adapter: 'http',
    httpsAgent: agentFor(settings),
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
    // Calls go through the agent or straight; axios would take one from the environment, and send what it is to tunnel.
    proxy: false,
    responseType: 'arraybuffer',
    transformResponse: (body: unknown, _headers: unknown, status?: number) => textOf(body, status),
    validateStatus: () => true,
  });
}

function agentFor({
  certificateAuthority,
  idleMilliseconds = IDLE_MILLISECONDS,
  maxSockets = MAX_SOCKETS,
  proxy,
  proxyConnectMilliseconds = PROXY_CONNECT_MILLISECONDS,
}: OutboundSettings): Agent | ProxyAgent {
  // Made once: reading Node's own authorities anew for each connection blocks the process for tens of milliseconds.
  const secureContext = createSecureContext({
    minVersion: 'TLSv1.2',
    // Always named: otherwise NODE_EXTRA_CA_CERTS and its like would decide whom to trust.
    ca: authoritiesWith(certificateAuthority),
  });
  if (proxy !== undefined) {
    return new ProxyAgent({
      proxy,
      idleMilliseconds,
      connectMilliseconds: proxyConnectMilliseconds,
      secureContext,
    });
  }
  return new Agent({
    keepAlive: true,
    maxSockets,
    timeout: idleMilliseconds,
    // NODE_TLS_REJECT_UNAUTHORIZED would otherwise decide.
    rejectUnauthorized: true,
    secureContext,
  });
}

/** Authorities to trust: those that Node comes with, and the operator's own. */
export function authoritiesWith(certificateAuthority: string | undefined): string[] {
  return [...rootCertificates, ...(certificateAuthority === undefined ? [] : [certificateAuthority])];
}

/**
 * JSON is UTF-8 (RFC 8259 8.1); a good answer that is not would have its letters replaced in silence. What a gateway
 * says along with a refusal may be in any encoding, since nothing but its status counts.
 */
function textOf(body: unknown, status: number | undefined): string {
  if (!(body instanceof Uint8Array)) return '';
  return new TextDecoder('utf-8', { fatal: status === 200 }).decode(body);
}

/** Closes the kept connections. */
export function closeHttpClient(client: AxiosInstance): void {
  const agent: unknown = client.defaults.httpsAgent;
  if (agent instanceof Agent || agent instanceof ProxyAgent) agent.destroy();
}

/** Response headers with lower-case names; repeated ones joined as HTTP allows. */
export function headersOf(headers: object): Readonly<Record<string, string>> {
  const told: Record<string, string> = {};
  Object.entries(headers).forEach(([name, value]: [string, unknown]) => {
    if (typeof value === 'string') told[name.toLowerCase()] = value;
    else if (Array.isArray(value)) told[name.toLowerCase()] = value.join(', ');
  });
  return told;
}

/** Whether a call went over a connection that an earlier one had made. `request` is what axios hangs on answers and errors. */
export function wentOverKeptConnection(request: unknown): boolean {
  return (
    typeof request === 'object' &&
    request !== null &&
    'reusedSocket' in request &&
    request.reusedSocket === true
  );
}

/** The error code of a failed call (`ECONNREFUSED`, `ERR_CANCELED`, …): all that may be told of it. */
export function callErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
