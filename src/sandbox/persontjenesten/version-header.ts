import type { NextFunction, Request, Response } from 'express';
import { Problem } from './problem.js';

/** Lets requests through whose header `api-version` says one of these; refuses others as ASP.NET's versioning does, before any token. */
export function requireVersion(
  known: readonly string[],
): (request: Request, response: Response, next: NextFunction) => void {
  return (request, _, next) => {
    const asked = request.get('api-version')?.trim() ?? '';
    if (asked === '') throw new Problem(400, 'Unspecified API version');
    if (!/^[0-9]+(?:\.[0-9]+)?$/.test(asked)) throw new Problem(400, 'Invalid API version');
    if (!known.includes(asked)) throw new Problem(400, 'Unsupported API version');
    next();
  };
}
