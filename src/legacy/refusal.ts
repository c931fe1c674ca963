import type { IncomingMessage, ServerResponse } from 'node:http';
import { keepsBodyBack } from './expectation.js';

/** How long, and for how many octets, a refused request is still listened to. */
const lingering = { milliseconds: 2_000, octets: 32 * 1024 * 1024 };

/** Answers with a bare status and closes the connection. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Length': '0', Connection: 'close' });
  endEarly(request, response);
}

/**
 * Ends an answer that closes the connection and may be there before the whole request is. What the peer is still sending is
 * read and thrown away for a moment: closing at once would reset the connection, and the peer would see that in place of the
 * answer.
 */
export function endEarly(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete || keepsBodyBack(request)) {
    response.end();
    return;
  }
  response.flushHeaders();
  let octets = 0;
  const finish = (): void => {
    clearTimeout(timer);
    if (!response.writableEnded) response.end();
  };
  const timer = setTimeout(finish, lingering.milliseconds);
  request.on('data', (chunk: Buffer) => {
    octets += chunk.length;
    if (octets > lingering.octets) finish();
  });
  request.once('end', finish).once('close', finish);
  request.resume();
}
