import type { IncomingMessage, ServerResponse } from 'node:http';
import { askForBody } from './expectation.js';

/** The body that was read, or why there is none. */
export type BodyOutcome =
  | { readonly outcome: 'complete'; readonly body: Uint8Array }
  | { readonly outcome: 'too-large' }
  | { readonly outcome: 'too-slow' }
  /** The peer went away before it had sent everything. */
  | { readonly outcome: 'aborted' };

/** How much body is taken, in octets, and for how long it is waited for, in milliseconds in all. */
export interface BodyLimits {
  readonly octets: number;
  readonly milliseconds: number;
  /** Ends the waiting early: the body is `too-slow`. */
  readonly signal?: AbortSignal;
}

/** Reads the body off the socket, and stops as soon as it is over a limit. Never rejects. */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limits: BodyLimits,
): Promise<BodyOutcome> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limits.octets) return Promise.resolve({ outcome: 'too-large' });
  askForBody(request, response);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onTimeOver = (): void => {
      settle({ outcome: 'too-slow' });
    };
    const timer = setTimeout(onTimeOver, limits.milliseconds);
    limits.signal?.addEventListener('abort', onTimeOver, { once: true });
    const settle = (outcome: BodyOutcome): void => {
      clearTimeout(timer);
      limits.signal?.removeEventListener('abort', onTimeOver);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      resolve(outcome);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > limits.octets) {
        request.pause();
        settle({ outcome: 'too-large' });
      }
    };
    const onEnd = (): void => {
      settle({ outcome: 'complete', body: Buffer.concat(chunks, length) });
    };
    const onClose = (): void => {
      settle({ outcome: 'aborted' });
    };
    request.on('data', onData).on('end', onEnd).on('close', onClose);
    // A socket that breaks while the body is on its way is told here; the close event follows.
    request.on('error', () => undefined);
  });
}
