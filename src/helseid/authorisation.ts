import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import type { AccessToken } from './access-tokens.js';
import type { ClockDrift } from './clock-drift.js';
import { dpopProof, type DpopKey } from './dpop-key.js';

/** One attempt at one call. */
export interface Attempt {
  readonly method: string;
  readonly url: string;
  readonly token: AccessToken;
}

/** What came back. */
export interface AttemptAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How calls show that they may be made. */
export interface Authorisation {
  /** The headers for one attempt. Never used for two. */
  headersFor(attempt: Attempt): Promise<Readonly<Record<string, string>>>;
  /** Learns from an answer, just after it came. */
  heard(answer: AttemptAnswer & { readonly askedAt: Date }): void;
  /** Whether the answer refuses for want of what it brought along, so that another attempt helps. */
  asksAgain(answer: AttemptAnswer): boolean;
}

/** Whoever has the token may use it: as in 2021 and 2022 (helseid 6). */
export const bearer: Authorisation = {
  headersFor: ({ token }) => Promise.resolve({ Authorization: `Bearer ${token.value}` }),
  heard: () => undefined,
  asksAgain: () => false,
};

/** What proofs are made with. */
export interface DpopParts {
  readonly key: DpopKey;
  readonly clock: Clock;
  readonly random: Random;
  /** Told when a proof is refused. */
  readonly drift?: ClockDrift | undefined;
}

/** A token that is bound to a key, and with each attempt a proof that we have the key (RFC 9449). For calls to one origin. */
export class DpopAuthorisation implements Authorisation {
  #nonce: string | undefined;

  constructor(private readonly parts: DpopParts) {}

  async headersFor({ method, url, token }: Attempt): Promise<Readonly<Record<string, string>>> {
    const { key, clock, random } = this.parts;
    const proof = await dpopProof(key, {
      method,
      url,
      accessToken: token.value,
      nonce: this.#nonce,
      jti: random.uuid(),
      issuedAt: clock.now(),
    });
    return { Authorization: `DPoP ${token.value}`, DPoP: proof };
  }

  heard({ status, headers, askedAt }: AttemptAnswer & { readonly askedAt: Date }): void {
    this.#nonce = headers['dpop-nonce'] ?? this.#nonce;
    this.parts.drift?.heard('persontjenesten', {
      date: headers['date'],
      askedAt,
      refusesTime: status === 401 && challengeOf(headers).includes('invalid_dpop_proof'),
    });
  }

  asksAgain({ status, headers }: AttemptAnswer): boolean {
    return (
      status === 401 && headers['dpop-nonce'] !== undefined && challengeOf(headers).includes('use_dpop_nonce')
    );
  }
}

function challengeOf(headers: AttemptAnswer['headers']): string {
  return headers['www-authenticate'] ?? '';
}
