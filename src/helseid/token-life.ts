/** So long before its end a token is not handed out any more: an answer may take a while, and clocks differ (helseid 2.4). */
const LEEWAY_SECONDS = 5;

/** The longest that is reckoned with; a token that lives longer is replaced anyway. */
const LONGEST_LIFE_SECONDS = 24 * 60 * 60;

/** The parts of a token's life, in milliseconds since it was asked for. */
export interface TokenLife {
  /** From here on it is replaced while it still serves. */
  readonly refreshAfter: number;
  /** From here on it is not handed out. */
  readonly usableFor: number;
  /** Its end, as HelseID says. */
  readonly whole: number;
}

/**
 * A tenth of the lifetime, at least 5 and at most 30 seconds, is for replacing it, and the last 5 seconds are for nobody. Of
 * a token that lives hardly at all, half is.
 */
export function tokenLife(expiresInSeconds: number): TokenLife {
  const whole = Math.min(expiresInSeconds, LONGEST_LIFE_SECONDS);
  const usable = whole - Math.min(LEEWAY_SECONDS, whole / 2);
  const lead = Math.min(Math.max(5, Math.min(30, whole / 10)), usable / 2);
  return { refreshAfter: (usable - lead) * 1000, usableFor: usable * 1000, whole: whole * 1000 };
}
