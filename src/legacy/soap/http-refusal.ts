import { MalformedRequest } from '../../errors/errors.js';

/** A request that is refused before it can be read as SOAP: a status and an empty body (Decided 13). */
export class HttpRefusal extends MalformedRequest {
  constructor(
    readonly status: 400 | 413 | 415,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
