import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { decodeJwt, errors } from 'jose';
import type { Clock } from '../../runtime/clock.js';
import type { Fault, FaultTarget } from '../faults.js';

/** What a fault changes in an answer that is otherwise right. */
export interface Alteration {
  readonly alter?: (body: unknown) => unknown;
  /** Life of the token to be issued, in seconds. */
  readonly tokenLife?: number;
  /** How far ahead the service's clock is, in seconds. */
  readonly clockSkewSeconds?: number;
}

/** A request and its answer, on their way through a server of the sandbox. */
export interface Exchange {
  readonly target: FaultTarget;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly clock: Clock;
}

const HALF_A_BODY = '{"norwegianIdentificationNumber":[{"isValid":true,"stat';

/**
 * Lets a fault happen. Resolves with what is to be altered when the request is to be served all the same,
 * and with null when the fault was the answer (or there will never be one).
 */
export async function applyFault(fault: Fault, exchange: Exchange): Promise<Alteration | null> {
  const { response } = exchange;
  switch (fault.kind) {
    case 'latency': {
      const waited = await wait(exchange, fault.milliseconds);
      if (!waited) return null;
      return fault.then === undefined ? {} : applyFault(fault.then, exchange);
    }
    case 'too-many-requests':
      return send(response, 429, retryAfter(fault.retryAfter));
    case 'server-error':
      return send(response, fault.status, retryAfter(fault.retryAfter));
    case 'html-page':
      return send(
        response,
        fault.status ?? 200,
        { 'content-type': 'text/html; charset=utf-8' },
        '<!DOCTYPE html><html><head><title>Request rejected</title></head><body>Support id: 0</body></html>',
      );
    case 'stalled-body':
      beginBody(response);
      return null;
    case 'cut-connection':
      if (fault.when === 'before-headers') response.socket?.destroy();
      else beginBody(response, () => response.socket?.destroy());
      return null;
    case 'truncated-json':
      return send(response, 200, { 'content-type': 'application/json; charset=utf-8' }, HALF_A_BODY);
    case 'expired-token':
      if (exchange.target === 'helseid') return { tokenLife: fault.seconds ?? 1 };
      return send(response, 401, {
        'www-authenticate': 'DPoP error="invalid_token", error_description="The token has expired"',
      });
    case 'use-dpop-nonce':
      return nonceOf(exchange.request) === fault.nonce ? {} : askForNonce(exchange, fault.nonce);
    case 'skewed-clock': {
      const ahead = exchange.clock.now().getTime() + fault.seconds * 1000;
      response.setHeader('date', new Date(ahead).toUTCString());
      return { clockSkewSeconds: fault.seconds };
    }
    case 'answer':
      return send(response, fault.status, fault.headers ?? {}, fault.body);
    case 'altered-answer':
      return { alter: fault.alter };
  }
}

/** False when the client has gone before the time was up. */
async function wait({ response, clock }: Exchange, milliseconds: number): Promise<boolean> {
  const gone = new AbortController();
  const leave = (): void => {
    gone.abort();
  };
  response.once('close', leave);
  try {
    await clock.sleep(milliseconds, gone.signal);
    return true;
  } catch (error) {
    if (gone.signal.aborted) return false;
    throw error;
  } finally {
    response.off('close', leave);
  }
}

function send(response: ServerResponse, status: number, headers: OutgoingHttpHeaders, body?: string): null {
  response.writeHead(status, headers).end(body);
  return null;
}

/** Promises more than it sends. */
function beginBody(response: ServerResponse, sent?: () => void): void {
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': HALF_A_BODY.length + 1000,
  });
  response.write(HALF_A_BODY, () => sent?.());
}

function retryAfter(value: number | string | undefined): OutgoingHttpHeaders {
  return value === undefined ? {} : { 'retry-after': String(value) };
}

function nonceOf(request: IncomingMessage): unknown {
  const proof = request.headers['dpop'];
  if (typeof proof !== 'string') return undefined;
  try {
    return decodeJwt(proof)['nonce'];
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** RFC 9449: the token endpoint asks in the body, an API in the challenge (sections 8 and 9). */
function askForNonce({ target, response }: Exchange, nonce: string): null {
  if (target === 'helseid') {
    const headers = { 'dpop-nonce': nonce, 'content-type': 'application/json; charset=utf-8' };
    return send(response, 400, headers, JSON.stringify({ error: 'use_dpop_nonce' }));
  }
  return send(response, 401, {
    'dpop-nonce': nonce,
    'www-authenticate': 'DPoP error="use_dpop_nonce", error_description="Use the nonce of this answer"',
  });
}
