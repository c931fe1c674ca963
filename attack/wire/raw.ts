import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Target } from '../world/target.js';

/** A connection on which an attacker writes what he wants, octet by octet. Text is latin1. */
export class RawConnection {
  readonly #chunks: Buffer[] = [];
  #closed = false;
  readonly #changes = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#tell();
    });
    socket.on('close', () => {
      this.#closed = true;
      this.#tell();
    });
    // A reset shows as the end of the connection.
    socket.on('error', () => undefined);
  }

  /** Connects, over TLS where it is a legacy listener. `from` is the address to come from. */
  static async toLegacy({ host, port, ca }: Target, from = '127.0.0.1'): Promise<RawConnection> {
    const beneath = connectPlain({ host, port, ...(host === '127.0.0.1' ? { localAddress: from } : {}) });
    const socket = connectTls({
      socket: beneath,
      servername: 'localhost',
      rejectUnauthorized: false,
      ...(ca === undefined ? {} : { ca }),
    });
    beneath.on('error', () => socket.destroy());
    const connection = new RawConnection(socket);
    await connection.#opened('secureConnect');
    return connection;
  }

  /** The same without TLS. */
  static async toPlain(host: string, port: number, from = '127.0.0.1'): Promise<RawConnection> {
    const socket = connectPlain({ host, port, ...(host === '127.0.0.1' ? { localAddress: from } : {}) });
    const connection = new RawConnection(socket);
    await connection.#opened('connect');
    return connection;
  }

  get received(): string {
    return Buffer.concat(this.#chunks).toString('latin1');
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  send(octets: string | Buffer): void {
    if (this.socket.writable)
      this.socket.write(typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets);
  }

  /** Waits until so many answers have begun, the other side has closed, or the time is over; gives all that came. */
  async answers(count: number, milliseconds = 5_000): Promise<string> {
    await this.#until(() => statusLines(this.received).length >= count, milliseconds);
    return this.received;
  }

  /** Waits until that text is there, or the end, or the time is over; gives all that came. */
  async receivesText(text: string, milliseconds = 5_000): Promise<string> {
    await this.#until(() => this.received.includes(text), milliseconds);
    return this.received;
  }

  /** Whether the other side closes within that time. */
  async closesWithin(milliseconds: number): Promise<boolean> {
    await this.#until(() => this.#closed, milliseconds);
    return this.#closed;
  }

  /** Reads nothing any more. */
  stopReading(): void {
    this.socket.pause();
  }

  close(): void {
    this.socket.destroy();
  }

  async #opened(event: 'connect' | 'secureConnect'): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.socket.once(event, resolve);
      this.socket.once('error', reject);
      this.socket.once('close', () => {
        reject(new Error('closed before it was open'));
      });
    });
  }

  async #until(isDone: () => boolean, milliseconds: number): Promise<void> {
    const end = Date.now() + milliseconds;
    while (!isDone() && !this.#closed) {
      const left = end - Date.now();
      if (left <= 0) return;
      await new Promise<void>((resolve) => {
        const change = (): void => {
          clearTimeout(timer);
          this.#changes.delete(change);
          resolve();
        };
        const timer = setTimeout(change, left);
        this.#changes.add(change);
      });
    }
  }

  #tell(): void {
    for (const change of [...this.#changes]) change();
  }
}

/** The statuses of the answers in what came, in order. */
export function statusLines(received: string): readonly number[] {
  return [...received.matchAll(/HTTP\/1\.[01] ([0-9]{3}) /g)].map(([, status]) => Number(status));
}
