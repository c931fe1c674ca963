import type { CheckStatus } from './health.js';

/** So long something has to be well, or better, before that is told. */
const HOLD_MILLISECONDS = 60_000;

/** What comes and goes is held for longer each time, up to this. */
const LONGEST_HOLD_MILLISECONDS = 15 * 60_000;

/** How long it is remembered that something came and went. */
const REMEMBERED_MILLISECONDS = 60 * 60_000;

export type TroubleStatus = Exclude<CheckStatus, 'ok'>;

/** What is to be told of it now. */
export type News =
  | { readonly kind: 'began'; readonly status: TroubleStatus }
  | { readonly kind: 'ended'; readonly milliseconds: number };

/** Something that is not well, or has not been well for long enough. */
interface Trouble {
  readonly beganAt: number;
  /** What was told last. */
  readonly told: TroubleStatus;
  /** Since when it has been better than was told, without a break. */
  readonly better: { readonly status: CheckStatus; readonly since: number } | undefined;
}

/**
 * What was told of one thing that can be the matter. What becomes worse is told at once; what becomes better has to stay so for a
 * minute, and longer each time within an hour that it did not, so that something that comes and goes is one trouble and not a
 * hundred. Times are milliseconds of a time that only goes on.
 */
export class ToldTrouble {
  #trouble: Trouble | undefined;
  /** When it was told of, within what is remembered. */
  #toldAt: readonly number[] = [];

  /** It is like that now. @returns what is to be told of that */
  see(status: CheckStatus, now: number): News | undefined {
    this.#toldAt = this.#toldAt.filter((at) => now - at < REMEMBERED_MILLISECONDS);
    return status === 'ok' ? this.#seenWell(now) : this.#seenInTrouble(status, now);
  }

  /** Whether nothing of it is worth to be kept. */
  get isOver(): boolean {
    return this.#trouble === undefined && this.#toldAt.length === 0;
  }

  #seenInTrouble(status: TroubleStatus, now: number): News | undefined {
    const trouble = this.#trouble;
    if (status === trouble?.told) {
      this.#trouble = { ...trouble, better: undefined };
      return undefined;
    }
    const isWorse = trouble === undefined || status === 'failed';
    if (!isWorse && !this.#hasHeld(trouble, status, now)) return undefined;
    this.#trouble = { beganAt: trouble?.beganAt ?? now, told: status, better: undefined };
    this.#toldAt = [...this.#toldAt, now];
    return { kind: 'began', status };
  }

  #seenWell(now: number): News | undefined {
    const trouble = this.#trouble;
    if (trouble === undefined || !this.#hasHeld(trouble, 'ok', now)) return undefined;
    this.#trouble = undefined;
    return { kind: 'ended', milliseconds: (trouble.better?.since ?? now) - trouble.beganAt };
  }

  /** Whether it has been so well for long enough; begins to count when it was not. */
  #hasHeld(trouble: Trouble, status: 'ok' | 'warning', now: number): boolean {
    // From well to a warning it is still better than the failure that was told, but not as well as it was.
    const since = trouble.better?.status === status ? trouble.better.since : now;
    this.#trouble = { ...trouble, better: { status, since } };
    return now - since >= this.#hold;
  }

  get #hold(): number {
    const times = this.#toldAt.length;
    return Math.min(HOLD_MILLISECONDS * 2 ** Math.max(0, times - 1), LONGEST_HOLD_MILLISECONDS);
  }
}
