import type { IncomingMessage, ServerResponse } from 'node:http';

/** Whether the peer keeps its body back until it is asked for it (RFC 9110, 10.1.1), and has not been asked yet. */
export function keepsBodyBack(request: IncomingMessage): boolean {
  return request.httpVersionMinor > 0 && request.headers.expect !== undefined;
}

/** Asks for the body where the peer waits for that. Asked once, a request expects nothing any more. */
export function askForBody(request: IncomingMessage, response: ServerResponse): void {
  if (!keepsBodyBack(request)) return;
  delete request.headers.expect;
  response.writeContinue();
}
