import type { IncomingMessage, ServerResponse } from 'node:http';
import { CallerLeft } from '../errors/errors.js';
import { askForBody } from './expectation.js';
import type { Pace } from './pace.js';

/**
 * The body as it comes off the socket, one piece at a time; nothing is taken off before it is asked for. Leaving early leaves
 * the rest on the socket.
 * @throws CallerLeft, PeerTooSlow
 */
export async function* streamBody(
  request: IncomingMessage,
  response: ServerResponse,
  pace: Pace,
): AsyncGenerator<Uint8Array, void, undefined> {
  const arrivals = new Arrivals(request);
  try {
    askForBody(request, response);
    for (;;) {
      const chunk = arrivals.take();
      if (chunk !== undefined) {
        pace.moved(chunk.length);
        yield chunk;
      } else if (arrivals.ending === 'end') {
        return;
      } else if (arrivals.ending === 'close') {
        throw new CallerLeft('the caller left before it had sent everything');
      } else {
        await pace.wait(arrivals.next());
      }
    }
  } finally {
    arrivals.stop();
  }
}

/** What has come off the socket and was not taken yet: never more than one piece. */
class Arrivals {
  /** How it ended, as soon as it has. */
  ending: 'end' | 'close' | undefined;
  readonly #chunks: Buffer[] = [];
  #tell: () => void = () => undefined;

  constructor(private readonly request: IncomingMessage) {
    if (request.destroyed && !request.readableEnded) this.ending = 'close';
    request.pause();
    request.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose);
    // A socket that breaks while the body is on its way is told here; the close event follows.
    request.on('error', () => undefined);
  }

  take(): Buffer | undefined {
    return this.#chunks.shift();
  }

  /** Resolves with the next piece, or the end. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#tell = resolve;
      this.request.resume();
    });
  }

  stop(): void {
    this.request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
    this.request.pause();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.request.pause();
    this.#chunks.push(chunk);
    this.#tell();
  };

  readonly #onEnd = (): void => {
    this.ending ??= 'end';
    this.#tell();
  };

  readonly #onClose = (): void => {
    this.ending ??= 'close';
    this.#tell();
  };
}
