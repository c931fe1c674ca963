import { TokenRefused, TokenUnavailable } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import { Span } from '../runtime/span.js';

const FIRST_MILLISECONDS = 1_000;
/** The longest pause, so that trouble that lasted hours is over within a minute of its end. */
const LONGEST_MILLISECONDS = 60_000;

/** What HelseID is left alone after. */
export type TokenError = TokenUnavailable | TokenRefused;

/**
 * Leaves HelseID alone after it failed: a second, doubled with each failure in a row up to a minute, from half of that on at
 * random, and never shorter than HelseID asked for. Whoever comes meanwhile gets the last error at once. A clock that was ahead
 * and is put right makes it begin anew, at most: being ahead may be why HelseID refused.
 */
export class Pause {
  #failures = 0;
  #rest: Span | undefined;
  #error: TokenError | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** How many attempts failed, each after the one before it had ended; 0 after one that succeeded. */
  get failures(): number {
    return this.#failures;
  }

  /** What is left of the pause, in milliseconds; 0 without one. */
  get left(): number {
    return this.#rest?.left ?? 0;
  }

  /** @throws the last error while the pause lasts, with how long that is */
  check(): void {
    const { left } = this;
    if (this.#error !== undefined && left > 0) throw lasting(this.#error, left);
  }

  /**
   * Begins a pause. Attempts that ran side by side fail as one.
   * @param failuresBefore {@link failures} when the attempt began
   * @returns the error, with how long nobody asks
   */
  failed(error: TokenError, failuresBefore: number): TokenError {
    if (failuresBefore === this.#failures) {
      this.#failures += 1;
      this.#rest = new Span(this.clock, this.#length(error));
      this.#error = error;
    }
    return lasting(error, this.left);
  }

  /** Ends it. */
  succeeded(): void {
    this.#failures = 0;
    this.#rest = undefined;
    this.#error = undefined;
  }

  #length({ trouble }: TokenError): number {
    const whole = Math.min(FIRST_MILLISECONDS * 2 ** Math.min(this.#failures - 1, 30), LONGEST_MILLISECONDS);
    const [high = 0, low = 0] = this.random.bytes(2);
    const pause = Math.round((whole / 2) * (1 + (high * 256 + low) / 65_535));
    return Math.max(pause, (trouble.retryInSeconds ?? 0) * 1000);
  }
}

/** The same error for another moment. */
function lasting(error: TokenError, milliseconds: number): TokenError {
  const trouble = { ...error.trouble, retryInSeconds: Math.max(0, Math.ceil(milliseconds / 1000)) };
  return error instanceof TokenUnavailable
    ? new TokenUnavailable(error.message, trouble)
    : new TokenRefused(error.message, trouble);
}
