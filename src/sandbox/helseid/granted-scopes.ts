import type { RegisteredClient } from './registered-client.js';
import { ALL_SCOPES, audienceOf } from './scopes.js';

/** The scopes that self service has granted to a client, whichever API they are of. */
export function scopesOf(client: RegisteredClient | undefined): readonly string[] {
  return client?.scopes ?? ALL_SCOPES;
}

/** What is wrong with the scopes of a request: the one to name in the answer, and why. */
export interface ScopeFault {
  readonly scope: string;
  readonly why: string;
}

/**
 * The API that a token is asked for. A token is for one API here, so that scopes of two cannot be asked for together; without scope
 * it is the API of the first scope granted.
 */
export function audienceAsked(
  asked: readonly string[] | undefined,
  client: RegisteredClient | undefined,
): string | ScopeFault {
  const scopes = asked ?? scopesOf(client).slice(0, 1);
  const audiences = scopes.map((scope) => ({ scope, audience: audienceOf(scope) }));
  const [first] = audiences;
  if (first === undefined) return { scope: '', why: 'no scope is granted' };
  const other = audiences.find(({ audience }) => audience === undefined || audience !== first.audience);
  if (first.audience !== undefined && other === undefined) return first.audience;
  const why = other?.audience === undefined ? 'scope is not known' : 'scopes of two APIs in one request';
  return { scope: other?.scope ?? first.scope, why };
}

/** The scopes of one API that a client may have. */
export function grantedFor(audience: string, client: RegisteredClient | undefined): readonly string[] {
  return scopesOf(client).filter((scope) => audienceOf(scope) === audience);
}

/** Those of the granted scopes that the organisation in the token has not accepted the terms of (helseid 2.3). */
export function rejectedFor(
  parent: string | undefined,
  asked: readonly string[],
  client: RegisteredClient | undefined,
): readonly string[] {
  const organisation = client?.organisations?.find((known) => known.parent === parent);
  const rejected = organisation?.rejectedScopes ?? [];
  return asked.filter((scope) => rejected.includes(scope));
}
