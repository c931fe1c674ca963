import type { Request, RequestHandler } from 'express';
import { NotAuthenticated, Overloaded } from '../errors/errors.js';
import { isLoopback } from '../runtime/loopback.js';

/** Tells whether somebody may see what the operations listener shows. */
export interface OperatorLogin {
  /**
   * Lets an operator in.
   * @param authorization the header of that name, as it came
   * @throws NotAuthenticated when it is missing or wrong, Overloaded when too many try, the signal's reason
   */
  admit(authorization: string | undefined, remoteAddress: string, signal: AbortSignal): Promise<void>;
}

const CHALLENGE = 'Basic realm="preg-adapter", charset="UTF-8"';

/**
 * Lets only those pass who may see pages. Without a login everybody on this machine may: requests that name it otherwise come through
 * a proxy, or from a page elsewhere whose name was made to lead here, and are turned away.
 */
export function onlyForOperators(login: OperatorLogin | undefined): RequestHandler {
  return async (request, response, next) => {
    const refuse = (status: number, title: string): void => {
      response.status(status).json({ status, title });
    };
    if (login === undefined) {
      if (isNamedLocally(request)) next();
      else
        refuse(421, 'Set listeners.operations.passwordHash to serve this under another name than localhost');
      return;
    }
    const left = new AbortController();
    response.once('close', () => {
      left.abort(new Error('the caller left'));
    });
    try {
      const { remoteAddress = '' } = request.socket;
      await login.admit(request.get('Authorization'), remoteAddress, left.signal);
    } catch (error) {
      if (left.signal.aborted) return;
      if (error instanceof NotAuthenticated) {
        response.set('WWW-Authenticate', CHALLENGE);
        refuse(401, 'Unauthorized');
      } else if (error instanceof Overloaded) {
        response.set('Retry-After', '5');
        refuse(503, 'Too many logins wait');
      } else {
        next(error);
      }
      return;
    }
    next();
  };
}

/** Whether the request asks this machine for what is on it (RFC 9110 7.2: the Host header, with a port perhaps). */
function isNamedLocally(request: Request): boolean {
  const host = request.get('Host') ?? 'localhost';
  const name = /^(?:\[([^\]]+)\]|([^:]*))(?::\d*)?$/.exec(host);
  return isLoopback(name?.[1] ?? name?.[2] ?? '');
}
