import { TokenRefused, asAdapterError } from '../errors/errors.js';
import type { AdapterEvents, EventSink } from '../operations/events.js';
import type { Organisation } from '../registry/person-registry.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import { Span } from '../runtime/span.js';
import type { AccessToken, TokenSource } from './access-tokens.js';
import type { IssuerBreaker } from './issuer-breaker.js';
import { Pause } from './pause.js';
import { tokenLife, type TokenLife } from './token-life.js';

/** After a new token for one that was not accepted, no further one is fetched for that reason for so long. */
const DROP_PAUSE_MILLISECONDS = 30_000;

/** The shortest sleep of the clock's refreshing, however short tokens live. */
const SHORTEST_SLEEP_MILLISECONDS = 1_000;

/** Timers of the platform end at 24 days; looking once an hour costs nothing. */
const LONGEST_SLEEP_MILLISECONDS = 60 * 60_000;

/** What a token is kept with. */
export interface KeptTokenParts {
  readonly scope: string;
  readonly organisation: Organisation;
  readonly source: TokenSource;
  readonly breaker: IssuerBreaker;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
  /** Ends the refreshing. */
  readonly closed: AbortSignal;
  /** Called when nobody has used the token for its whole life. */
  readonly onUnused: () => void;
}

interface Held {
  readonly token: AccessToken;
  /** For whom it was given: another client or key wants another token. */
  readonly identity: string | undefined;
  readonly askedAt: number;
  readonly refreshAt: number;
  readonly life: TokenLife;
  readonly fetched: AdapterEvents['tokenFetched'];
}

/** The token for one scope and organisation: fetched when it is first wanted, replaced ahead of its end as long as it is used. */
export class KeptToken {
  readonly #refusals: Pause;
  #held: Held | undefined;
  #fetching: Promise<AccessToken> | undefined;
  #usedAt = 0;
  #dropPause: Span | undefined;
  #refusedIdentity: string | undefined;
  #isTold = false;
  #isFailureTold = false;
  #isKept = false;

  constructor(private readonly parts: KeptTokenParts) {
    this.#refusals = new Pause(parts.clock, parts.random);
  }

  /**
   * The token where there is one that can be used; a new one is seen to when that is due. @param quietly whether its fate is
   * nobody's business, unless another one asks
   */
  atHand(quietly: boolean): AccessToken | undefined {
    const now = this.#now();
    this.#usedAt = now;
    if (!quietly) this.#tell();
    const held = this.#held;
    if (held === undefined || now >= held.token.freshUntil.getTime()) return undefined;
    if (this.#isDue(held, now)) this.#refresh();
    return held.token;
  }

  /** Forgets it if it is this one; a storm of refusals does not become a storm of requests for tokens. */
  drop(token: AccessToken): void {
    if (this.#held?.token !== token) return;
    if (this.#dropPause !== undefined && this.#dropPause.left > 0) return;
    this.#dropPause = new Span(this.parts.clock, DROP_PAUSE_MILLISECONDS);
    this.#held = undefined;
    const { scope, organisation, events } = this.parts;
    if (this.#isTold) events.emit('tokenDropped', { scope, organisation });
  }

  #isDue(held: Held, now: number): boolean {
    return isDueAt(held, now) || held.identity !== this.parts.source.identity;
  }

  /** In the background: the token that is held serves meanwhile, also when there is no other. */
  #refresh(): void {
    if (this.#pauseLeft() > 0 && this.#refusedIdentity === this.parts.source.identity) return;
    this.fetch().catch(() => undefined);
  }

  #pauseLeft(): number {
    return Math.max(this.#refusals.left, this.parts.breaker.pauseLeft);
  }

  /** A new one, asked for once for all who wait for it. @throws TokenUnavailable, TokenRefused */
  fetch(): Promise<AccessToken> {
    this.#fetching ??= this.#ask().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #ask(): Promise<AccessToken> {
    const { source, breaker } = this.parts;
    // Another key has not been refused yet.
    if (this.#refusedIdentity !== source.identity) this.#refusals.succeeded();
    const { failures } = this.#refusals;
    const attempt = { wasMade: false };
    try {
      this.#refusals.check();
      const token = await breaker.run(() => {
        attempt.wasMade = true;
        return this.#grant();
      });
      this.#refusals.succeeded();
      return token;
    } catch (error) {
      const told = attempt.wasMade ? this.#paused(error, failures) : error;
      // Left alone after what others asked, it has not been told of this one.
      if (this.#isTold && (attempt.wasMade || !this.#isFailureTold)) this.#tellFailure(told);
      throw told;
    }
  }

  /** A refusal is about who asked, so that only they leave HelseID alone. */
  #paused(error: unknown, failures: number): unknown {
    if (!(error instanceof TokenRefused)) return error;
    this.#refusedIdentity = this.parts.source.identity;
    return this.#refusals.failed(error, failures);
  }

  #tellFailure(error: unknown): void {
    this.#isFailureTold = true;
    const { scope, organisation, events } = this.parts;
    events.emit('tokenFailed', { scope, organisation, error: asAdapterError(error) });
  }

  async #grant(): Promise<AccessToken> {
    const { scope, organisation, source, clock, events } = this.parts;
    const askedAt = clock.now();
    const { identity } = source;
    const { accessToken, expiresInSeconds } = await source.grant(scope, organisation);
    const life = tokenLife(expiresInSeconds);
    const token = { value: accessToken, freshUntil: new Date(askedAt.getTime() + life.usableFor) };
    const milliseconds = this.#now() - askedAt.getTime();
    const { freshUntil } = token;
    const fetched = { scope, organisation, expiresInSeconds, freshUntil, milliseconds };
    const refreshAt = askedAt.getTime() + life.refreshAfter;
    this.#held = { token, identity, askedAt: askedAt.getTime(), refreshAt, life, fetched };
    this.#isFailureTold = false;
    if (this.#isTold) events.emit('tokenFetched', fetched);
    if (!this.#isKept) void this.#keep();
    return token;
  }

  /** From now on what happens to it is told, and what has happened. */
  #tell(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    if (this.#held === undefined) return;
    const { token, askedAt, life, fetched } = this.#held;
    const now = this.#now();
    if (now >= token.freshUntil.getTime()) return;
    const expiresInSeconds = Math.floor((askedAt + life.whole - now) / 1000);
    this.parts.events.emit('tokenFetched', { ...fetched, expiresInSeconds });
  }

  /** Replaces it by the clock, also while nobody asks, until nobody has used it for a whole life. */
  async #keep(): Promise<void> {
    this.#isKept = true;
    try {
      let whole = 0;
      do {
        const now = this.#now();
        const held = this.#held;
        whole = held?.life.whole ?? whole;
        const due = held === undefined || isDueAt(held, now);
        await this.#sleep(
          Math.max(due ? this.#pauseLeft() : held.refreshAt - now, SHORTEST_SLEEP_MILLISECONDS),
        );
        if (this.#isUnused(whole)) {
          const end = this.#held?.token.freshUntil.getTime() ?? 0;
          await this.#sleep(end - this.#now());
        } else if (this.#held === undefined || this.#isDue(this.#held, this.#now())) {
          await this.fetch().catch(() => undefined);
        }
      } while (!this.#isUnused(whole));
      this.#held = undefined;
      this.parts.onUnused();
    } catch {
      // Closed: nobody asks any more.
    } finally {
      this.#isKept = false;
    }
  }

  #isUnused(whole: number): boolean {
    return this.#now() - this.#usedAt >= whole;
  }

  async #sleep(milliseconds: number): Promise<void> {
    const { clock, closed } = this.parts;
    closed.throwIfAborted();
    const span = new Span(clock, milliseconds);
    for (let left = span.left; left > 0; left = span.left) {
      await clock.sleep(Math.min(left, LONGEST_SLEEP_MILLISECONDS), closed);
    }
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }
}

/** Also when it seems to come from the future: the clock was set back, and the token ends sooner than it looks. */
function isDueAt({ askedAt, refreshAt }: Held, now: number): boolean {
  return now >= refreshAt || now < askedAt;
}
