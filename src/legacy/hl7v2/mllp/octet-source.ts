import type { Socket } from 'node:net';

/**
 * What comes over a socket, read when it is asked for. Little is read ahead: beyond that the peer is held back. A peer that
 * resets the connection is noticed meanwhile, one that merely ends its side when that is read.
 */
export class OctetSource {
  /** Resolves once the socket is closed. */
  readonly closed: Promise<void>;
  #isOver = false;
  #wake = (): void => undefined;

  constructor(private readonly socket: Socket) {
    const over = (): void => {
      this.#isOver = true;
      this.#wake();
    };
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        over();
        resolve();
      });
    });
    socket.once('end', over);
    // A reset is told here; the close follows.
    socket.on('error', () => undefined);
    socket.on('readable', () => {
      this.#wake();
    });
  }

  /** The next octets; undefined when no more will come. */
  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.socket.destroyed) return undefined;
      const octets: unknown = this.socket.read();
      if (octets instanceof Uint8Array) return octets;
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
