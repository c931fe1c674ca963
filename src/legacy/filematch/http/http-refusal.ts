import { MalformedRequest } from '../../../errors/errors.js';

/** A request that HTTP has a status of its own for. The text is ours, and is told to the caller. */
export class HttpRefusal extends MalformedRequest {
  constructor(
    readonly status: 400 | 408 | 413 | 415,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
