import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Answer } from './question.js';

/** What came of one request on a connection. */
export type Exchanged = Answer | { readonly failed: string };

const BETWEEN = Buffer.from('\r\n\r\n');

/**
 * A connection on which one request is under way at a time, by HTTP as little as it takes to speak with a server that gives the length of
 * its answers. It costs a tenth of `node:https`, so that the one who asks three times as much as a server can do is not the slower of the two.
 */
export class StormConnection {
  readonly #socket: TLSSocket;
  #received: Buffer = Buffer.alloc(0);
  #onAnswer: ((answer: Exchanged) => void) | undefined;
  #isOpen = true;

  /** Resolves when it is there, or cannot be had. */
  readonly opened: Promise<void>;

  constructor(options: ConnectionOptions) {
    this.#socket = connect({ ...options, host: '127.0.0.1', servername: 'localhost' });
    this.#socket.setNoDelay(true);
    this.opened = new Promise((resolve) => {
      this.#socket.once('secureConnect', resolve).once('close', resolve);
    });
    this.#socket.on('data', (octets: Buffer) => {
      this.#take(octets);
    });
    this.#socket.on('error', (error: Error) => {
      this.#fail(error.message);
    });
    this.#socket.on('close', () => {
      this.#fail('closed');
    });
  }

  /** Whether another request may follow on it. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Posts a SOAP message. Never rejects. */
  post(path: string, body: string): Promise<Exchanged> {
    const length = Buffer.byteLength(body);
    return this.#send(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/soap+xml; charset=utf-8\r\nContent-Length: ${length}\r\n\r\n${body}`,
    );
  }

  /** Asks for a page. Never rejects. */
  get(path: string): Promise<Exchanged> {
    return this.#send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  }

  #send(request: string): Promise<Exchanged> {
    return new Promise((resolve) => {
      if (!this.#isOpen) {
        resolve({ failed: 'closed' });
        return;
      }
      this.#onAnswer = resolve;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#isOpen = false;
    this.#socket.destroy();
  }

  #take(octets: Buffer): void {
    this.#received = this.#received.length === 0 ? octets : Buffer.concat([this.#received, octets]);
    const end = this.#received.indexOf(BETWEEN);
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const whole = end + BETWEEN.length + length;
    if (this.#received.length < whole) return;
    const text = this.#received.toString('utf8', end + BETWEEN.length, whole);
    this.#received = this.#received.subarray(whole);
    if (/\r\nconnection: *close/i.test(head)) this.close();
    this.#settle({ status: Number(head.slice(9, 12)), text });
  }

  #fail(why: string): void {
    this.#isOpen = false;
    this.#settle({ failed: why });
  }

  #settle(answer: Exchanged): void {
    const settle = this.#onAnswer;
    this.#onAnswer = undefined;
    settle?.(answer);
  }
}
