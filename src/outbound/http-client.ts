import { Agent } from 'node:https';
import { rootCertificates } from 'node:tls';
import axios, { type AxiosInstance } from 'axios';

/** The largest answer that is read; a Person document with its whole history is some tens of kilobytes. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Settings of the calls that leave the adapter. */
export interface OutboundSettings {
  /** Certificates to trust besides the ones Node trusts by itself, PEM. */
  readonly certificateAuthority: string | undefined;
}

/**
 * The one HTTP client toward HelseID and Persontjenesten: connections kept alive, TLS 1.2 or newer, no redirects, answers
 * capped, no proxy from the environment, and no status that throws.
 */
export function createHttpClient({ certificateAuthority }: OutboundSettings): AxiosInstance {
  return axios.create({
    adapter: 'http',
    httpsAgent: new Agent({
      keepAlive: true,
      maxSockets: 64,
      minVersion: 'TLSv1.2',
      ...(certificateAuthority === undefined ? {} : { ca: [...rootCertificates, certificateAuthority] }),
    }),
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
    proxy: false,
    responseType: 'text',
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
  });
}

/** Closes the kept connections. */
export function closeHttpClient(client: AxiosInstance): void {
  const agent: unknown = client.defaults.httpsAgent;
  if (agent instanceof Agent) agent.destroy();
}

/** Response headers with lower-case names; repeated ones joined as HTTP allows. */
export function headersOf(headers: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]: [string, unknown]) => {
      if (typeof value === 'string') return [[name.toLowerCase(), value]];
      return Array.isArray(value) ? [[name.toLowerCase(), value.join(', ')]] : [];
    }),
  );
}

/** The error code of a failed call (`ECONNREFUSED`, `ERR_CANCELED`, …): all that may be told of it. */
export function callErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
