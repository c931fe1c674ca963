import { request as requestPlain, type ClientRequest, type IncomingHttpHeaders } from 'node:http';
import { request, type Agent, type RequestOptions } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { Target } from '../world/target.js';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as UTF-8. */
  readonly text: string;
  readonly milliseconds: number;
}

/** What may differ in a request. */
export interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Address of loopback to come from, so that delays for one attack do not touch another. */
  readonly from?: string | undefined;
  readonly agent?: Agent | undefined;
  readonly timeout?: number;
}

/** Sends one request to the legacy listener on a connection of its own, unless there is an agent. @throws Error without an answer */
export function send(target: Target, path: string, sending: Sending = {}): Promise<Answer> {
  const { method = 'POST', headers = {}, body, from, agent, timeout = 60_000 } = sending;
  const { host, port, ca } = target;
  const options: RequestOptions = {
    host,
    port,
    path,
    method,
    headers,
    agent: agent ?? false,
    timeout,
    ...(host === '127.0.0.1' && from !== undefined ? { localAddress: from } : {}),
    ...(ca === undefined ? { rejectUnauthorized: false } : { ca }),
  };
  return answered(() => request(options), timeout, body);
}

/** Fetches what the operations listener has at a path. */
export function fetchPlain(host: string, port: number, path: string): Promise<Answer> {
  const timeout = 10_000;
  return answered(() => requestPlain({ host, port, path, agent: false, timeout }), timeout);
}

function answered(begin: () => ClientRequest, timeout: number, body?: string | Buffer): Promise<Answer> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = begin();
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer in ${timeout} ms`)));
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      buffer(response).then((whole) => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: whole,
          text: whole.toString('utf8'),
          milliseconds: performance.now() - began,
        });
      }, reject);
    });
    outgoing.end(body);
  });
}
