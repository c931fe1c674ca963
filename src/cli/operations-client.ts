import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect as connectPlainly, type Socket } from 'node:net';
import { connect as connectByTls, TLSSocket } from 'node:tls';
import type { TlsSource } from '../config/adapter-configuration.js';
import { certificateOf } from './certificate-reading.js';

/** Where a running adapter answers its operators. */
export interface OperationsAt {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsSource | undefined;
}

/** What it answered. */
export interface OperationsAnswer {
  readonly status: number;
  readonly body: string;
}

/** Whoever answers there shows another certificate than the one that is configured. */
export class NotOurAdapter extends Error {
  override readonly name = 'NotOurAdapter';

  constructor() {
    super('the one that listens there does not show the configured certificate');
  }
}

/** It is on this machine, and answers without asking anybody. */
const PATIENCE_MILLISECONDS = 5_000;

/** Larger answers are cut off; none of ours is. */
const MOST_OCTETS = 8 * 1024 * 1024;

/** `https://127.0.0.1:9090`, as one would ask there from this machine. */
export function addressOf({ host, port, tls }: OperationsAt): string {
  const name = reachable(host);
  return `${tls === undefined ? 'http' : 'https'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/**
 * Asks the operations listener of the adapter that runs by these settings. With TLS it has to show the configured certificate, before
 * a password is sent.
 * @throws NotOurAdapter, what node:net, node:http and node:tls throw
 */
export async function askOperations(
  at: OperationsAt,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OperationsAnswer> {
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  const socket = await connected(at, signal);
  try {
    if (at.tls !== undefined && !(await showsCertificateOf(at.tls, socket))) throw new NotOurAdapter();
    return await exchange(at, path, headers, socket, signal);
  } finally {
    socket.destroy();
  }
}

/**
 * Asks whoever listens there, whatever certificate they show: for what is no secret, and not believed by itself.
 * @throws what node:net, node:http and node:tls throw
 */
export async function askWhoever(at: OperationsAt, path: string): Promise<OperationsAnswer> {
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  const socket = await connected(at, signal);
  try {
    return await exchange(at, path, {}, socket, signal);
  } finally {
    socket.destroy();
  }
}

async function exchange(
  at: OperationsAt,
  path: string,
  headers: Readonly<Record<string, string>>,
  socket: Socket,
  signal: AbortSignal,
): Promise<OperationsAnswer> {
  const { host } = new URL(addressOf(at));
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ path, headers: { ...headers, Host: host }, signal, createConnection: () => socket })
      .once('response', resolve)
      .once('error', reject)
      .end();
  });
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    const octets = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length += octets.length;
    if (length > MOST_OCTETS) break;
    chunks.push(octets);
  }
  return { status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') };
}

async function connected({ host, port, tls }: OperationsAt, signal: AbortSignal): Promise<Socket> {
  const place = { host: reachable(host), port };
  // The certificate is compared with the configured one, which says more than who issued it.
  const socket =
    tls === undefined ? connectPlainly(place) : connectByTls({ ...place, rejectUnauthorized: false });
  try {
    await once(socket, tls === undefined ? 'connect' : 'secureConnect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function showsCertificateOf(source: TlsSource, socket: Socket): Promise<boolean> {
  const shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return shown !== undefined && shown.fingerprint256 === (await certificateOf(source))?.fingerprint256;
}

/** An address that one can connect to, for one that is listened on. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
