import type { ServerResponse } from 'node:http';
import type { Pace } from './pace.js';

/**
 * Writes a body in pieces, no faster than the peer takes them; the header is there already. Stops quietly when the peer leaves.
 * @throws PeerTooSlow, what the pieces throw; then the answer is not ended
 */
export async function writeStream(
  response: ServerResponse,
  pieces: AsyncIterable<Uint8Array>,
  pace: Pace,
): Promise<void> {
  for await (const piece of pieces) {
    if (response.destroyed) return;
    const isTaken = response.write(piece);
    if (!isTaken) await pace.wait(drained(response));
    pace.moved(piece.length);
  }
  response.end();
}

/** Resolves when the peer has taken what was written, or has left. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
  });
}
