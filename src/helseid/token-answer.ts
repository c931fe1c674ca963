import { decodeJwt, type JWTPayload } from 'jose';
import type { TokenEndpointResponse } from 'openid-client';
import { z } from 'zod';
import type { GrantedToken } from './token-client.js';
import { tokenTrouble } from './token-errors.js';

/** What was asked for. */
export interface Asked {
  readonly scope: string;
  /** Thumbprint (RFC 7638) of the key that the token is to be bound to; undefined for a bearer token. */
  readonly thumbprint: string | undefined;
}

/** openid-client reads a lifetime out of text too; HelseID gives a number or something is wrong. */
const lifetime = z.looseObject({ expires_in: z.number().min(1) });

/**
 * A token that can be sent. One that servers refuse for its length alone (16 KiB of header, mostly) would be kept
 * until its end, and every call fail meanwhile.
 */
const sendable = z
  .string()
  .max(12 * 1024)
  .regex(/^[ -~]+$/);

/** The token of an answer, `text` as it came. @throws TokenRefused for one that is not what was asked for */
export function tokenIn(response: TokenEndpointResponse, text: string, asked: Asked): GrantedToken {
  const wanted = asked.thumbprint === undefined ? 'bearer' : 'dpop';
  if (response.token_type !== wanted) {
    throw tokenTrouble(
      'wrong_token_type',
      wanted === 'dpop' ? 'the token is not bound to a key' : 'the token is no bearer token',
    );
  }
  // HelseID leaves a scope out, with status 200, when the organisation has not accepted the terms (helseid 2.3).
  if (words(response['rejected_scope']).includes(asked.scope)) {
    throw tokenTrouble('rejected_scope', 'the scope asked for was rejected');
  }
  if (response.scope !== undefined && !words(response.scope).includes(asked.scope)) {
    throw tokenTrouble('missing_scope', 'the scope asked for was not granted');
  }
  const { data } = lifetime.safeParse(JSON.parse(text));
  if (data === undefined) throw tokenTrouble('unusable_answer', 'the token has no lifetime');
  if (!sendable.safeParse(response.access_token).success) {
    throw tokenTrouble('unusable_answer', 'the token is none that can be sent');
  }
  // A token that is no JWT to us is taken as it is: what stands in it is the business of the API (helseid 2.3).
  const claims = claimsOf(response.access_token);
  if (claims !== undefined && keyIn(claims) !== asked.thumbprint) {
    throw tokenTrouble('wrong_binding', 'the token is bound to another key than ours, or to none');
  }
  return { accessToken: response.access_token, expiresInSeconds: data.expires_in };
}

const confirmation = z.looseObject({ cnf: z.looseObject({ jkt: z.string().optional() }).optional() });

/** The thumbprint of the key that a token is bound to (RFC 9449 6.1). */
function keyIn(claims: JWTPayload): string | undefined {
  return confirmation.safeParse(claims).data?.cnf?.jkt;
}

function claimsOf(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

/** Words in a text, or in the texts of a list. */
function words(value: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts.flatMap((text) => (typeof text === 'string' ? text.split(' ') : []));
}
