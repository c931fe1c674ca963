import type { IncomingMessage } from 'node:http';

/** The body that was read, or why there is none. */
export type BodyOutcome =
  | { readonly outcome: 'complete'; readonly body: Uint8Array }
  | { readonly outcome: 'too-large' }
  /** The peer went away before it had sent everything. */
  | { readonly outcome: 'aborted' };

/** Reads the body off the socket, and stops as soon as it is longer than the limit. Never rejects. */
export function readBody(request: IncomingMessage, limit: number): Promise<BodyOutcome> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) return Promise.resolve({ outcome: 'too-large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (outcome: BodyOutcome): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      resolve(outcome);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > limit) {
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
