/**
 * HelseID's rules for client assertions and DPoP proofs that the library beneath does not have
 * (helseid 2.1, 2.2 and 8; sandbox-notes "Who judges what"). Each function tells the first rule that is broken.
 */

/** The longest life of a client assertion, in seconds. */
export const LONGEST_ASSERTION_LIFE = 60;
/** How far ahead or behind a client's clock may be, in seconds. */
export const CLOCK_SKEW = 5;
/** How old a proof may be besides skew, in seconds. */
export const PROOF_LIFE = 1;

type Members = Readonly<Record<string, unknown>>;

/** What is wrong with a client assertion whose signature holds. `now` in seconds. */
export function brokenAssertionRule(
  claims: Members,
  header: Members,
  issuer: string,
  now: number,
): string | undefined {
  if (header['typ'] !== 'client-authentication+jwt') return 'typ is not client-authentication+jwt';
  if (typeof header['kid'] !== 'string' || header['kid'] === '') return 'kid is missing';
  if (claims['aud'] !== issuer) return 'aud is not exactly the issuer';
  const { iat, nbf, exp } = claims;
  if (typeof iat !== 'number') return 'iat is no number';
  if (typeof nbf !== 'number') return 'nbf is no number';
  if (iat > now + CLOCK_SKEW) return 'iat is in the future';
  if (nbf > now + CLOCK_SKEW) return 'nbf is in the future';
  if (typeof exp !== 'number' || exp - now > LONGEST_ASSERTION_LIFE)
    return 'exp is more than 60 seconds away';
  // The library looks too, but by the computer's clock, which HelseID's is said to differ from at times.
  if (exp + CLOCK_SKEW <= now) return 'exp has passed';
  return undefined;
}

/** What is wrong with the claims of a DPoP proof, whose signature is checked elsewhere. `now` in seconds. */
export function brokenProofRule(claims: Members, now: number): string | undefined {
  const { htu, iat } = claims;
  if (typeof htu !== 'string' || /[?#]/.test(htu)) return 'htu has a query or a fragment';
  if (typeof iat !== 'number') return 'iat is no number';
  if (iat > now + CLOCK_SKEW) return 'iat is in the future';
  if (now - iat > PROOF_LIFE + CLOCK_SKEW) return 'iat is too long ago';
  return undefined;
}
