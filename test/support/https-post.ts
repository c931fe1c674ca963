import { once } from 'node:events';
import { request, type Agent } from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** An answer whose body has been read. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** Where to, and how to trust it. */
export interface Destination {
  readonly url: string;
  /** Certificate to trust, PEM. */
  readonly ca: string;
  readonly agent?: Agent;
}

const SOAP = { 'Content-Type': 'application/soap+xml; charset=utf-8' };

/** Posts a SOAP message. */
export async function post(
  { url, ca, agent }: Destination,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  const outgoing = request(url, { method: 'POST', ca, agent, headers: { ...SOAP, ...headers } });
  const answered = answerTo(outgoing);
  outgoing.end(body);
  return answered;
}

/** Fetches what is at an address. */
export async function get(
  { url, ca, agent }: Destination,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  const outgoing = request(url, { ca, agent, headers });
  const answered = answerTo(outgoing);
  outgoing.end();
  return answered;
}

/** A POST whose body is still on its way, which the other side is known to wait for. */
export interface HalfSent {
  /** Sends the rest and gives the answer. */
  finish(): Promise<HttpAnswer>;
}

/** Begins a POST: resolves once the other side has taken the request and asked for its body. */
export async function beginPost({ url, ca, agent }: Destination, body: string): Promise<HalfSent> {
  const octets = Buffer.from(body);
  const outgoing = request(url, {
    method: 'POST',
    ca,
    agent,
    headers: { ...SOAP, 'Content-Length': String(octets.length), Expect: '100-continue' },
  });
  const answered = answerTo(outgoing);
  // Whoever finishes it is told; until then nobody listens.
  answered.catch(() => undefined);
  outgoing.flushHeaders();
  await Promise.race([once(outgoing, 'continue'), answered]);
  outgoing.write(octets.subarray(0, 100));
  return {
    finish: () => {
      outgoing.end(octets.subarray(100));
      return answered;
    },
  };
}

function answerTo(outgoing: ClientRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      text(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: body });
      }, reject);
    });
  });
}
