import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A TCP connection on which a test writes octet by octet what it wants. */
export class RawConnection {
  #received = '';
  #closed = false;
  readonly #changes: (() => void)[] = [];

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.#received += chunk;
      this.#tell();
    });
    socket.on('close', () => {
      this.#closed = true;
      this.#tell();
    });
    // A reset shows as the end of the connection.
    socket.on('error', () => undefined);
  }

  /** @param from an address of this machine, all of 127.0.0.0/8 where it runs Linux */
  static async open(port: number, from = '127.0.0.1'): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    const connection = new RawConnection(socket);
    await once(socket, 'connect');
    return connection;
  }

  get received(): string {
    return this.#received;
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Everything received, as soon as it matches. */
  async receives(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#received)) {
      if (this.#closed) throw new Error(`closed after ${JSON.stringify(this.#received)}`);
      await this.#change();
    }
    return this.#received;
  }

  /** Everything received until the other side closed. */
  async untilClosed(): Promise<string> {
    while (!this.#closed) await this.#change();
    return this.#received;
  }

  close(): void {
    this.socket.destroy();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changes.push(resolve);
    });
  }

  #tell(): void {
    for (const change of this.#changes.splice(0)) change();
  }
}
