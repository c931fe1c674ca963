import { createHmac } from 'node:crypto';
import { NotAuthenticated, Overloaded } from '../errors/errors.js';
import type { EventSink } from '../operations/events.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import type { Account } from './accounts.js';
import type { Authenticator, Credentials } from './authenticator.js';
import { ExpiringMap } from './expiring-map.js';
import { FailedAttempts, type DelaySettings } from './failed-attempts.js';
import type { LegacyClient } from './legacy-client.js';
import { defaultParameters, verifyPassword, type PasswordHash } from './password-hash.js';
import { Turnstile } from './turnstile.js';

/** What the authenticator is made of. */
export interface PasswordAuthenticatorParts {
  readonly accounts: readonly Account[];
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
  readonly settings?: Partial<PasswordAuthenticatorSettings>;
  /** The key derivation; replaced in tests that count it. */
  readonly verify?: typeof verifyPassword;
}

export interface PasswordAuthenticatorSettings {
  /** Key derivations at a time: each takes 32 MiB and a thread. */
  readonly derivationsAtOnce: number;
  /** Logins that may wait for a key derivation; more are turned away. */
  readonly derivationsWaiting: number;
  /** Different credentials that may be on their way at a time, waiting ones included. */
  readonly attemptsAtOnce: number;
  /** Callers that may wait out a delay at a time, in all and from one address: each holds a place in the listener. */
  readonly delayedCallersAtOnce: number;
  readonly delayedCallersPerAddress: number;
  /** How long a proven credential is let in without a key derivation. */
  readonly rememberedMilliseconds: number;
  readonly userDelay: DelaySettings;
  /** Milder than per user: one address may be the gateway of a whole hospital. */
  readonly addressDelay: DelaySettings;
}

const defaults: PasswordAuthenticatorSettings = {
  derivationsAtOnce: 2,
  derivationsWaiting: 100,
  attemptsAtOnce: 400,
  delayedCallersAtOnce: 50,
  delayedCallersPerAddress: 20,
  rememberedMilliseconds: 10 * 60_000,
  userDelay: { freeAttempts: 3, firstDelayMilliseconds: 250, longestDelayMilliseconds: 5_000 },
  addressDelay: { freeAttempts: 10, firstDelayMilliseconds: 250, longestDelayMilliseconds: 5_000 },
};

/**
 * Checks user names and passwords against the accounts.
 *
 * Nothing tells an unknown user from a wrong password: both cost one key derivation and give one error. Guessing is
 * slowed down per user and per address, before the derivation is paid for; nobody is locked out, and a proven
 * credential is remembered for some minutes, so that an attack on an account does not touch those who use it.
 */
export function createPasswordAuthenticator(parts: PasswordAuthenticatorParts): Authenticator {
  return new PasswordAuthenticator(parts);
}

class PasswordAuthenticator implements Authenticator {
  readonly #settings: PasswordAuthenticatorSettings;
  readonly #accounts: ReadonlyMap<string, Account>;
  /** What an unknown user's password is compared with: as dear as a real one, and never right. */
  readonly #nobody: PasswordHash;
  /** Known to this process alone, so that nothing kept in memory can be turned back into a name or password. */
  readonly #digestKey: Uint8Array;
  readonly #turnstile: Turnstile;
  readonly #userFailures: FailedAttempts;
  readonly #addressFailures: FailedAttempts;
  readonly #proven: ExpiringMap<LegacyClient>;
  readonly #attempts = new Map<string, Attempt>();
  readonly #delayed = new DelayedCallers();
  readonly #verify: typeof verifyPassword;

  constructor(private readonly parts: PasswordAuthenticatorParts) {
    const { accounts, clock, random } = parts;
    this.#settings = { ...defaults, ...parts.settings };
    this.#accounts = new Map(accounts.map((account) => [account.username, account]));
    this.#nobody = {
      ...(accounts[0]?.passwordHash ?? defaultParameters),
      salt: random.bytes(accounts[0]?.passwordHash.salt.length ?? 16),
      key: random.bytes(accounts[0]?.passwordHash.key.length ?? 32),
    };
    this.#digestKey = random.bytes(32);
    this.#turnstile = new Turnstile({
      inside: this.#settings.derivationsAtOnce,
      waiting: this.#settings.derivationsWaiting,
    });
    this.#userFailures = new FailedAttempts(clock, this.#settings.userDelay);
    this.#addressFailures = new FailedAttempts(clock, this.#settings.addressDelay);
    this.#proven = new ExpiringMap(clock, {
      lifetimeMilliseconds: this.#settings.rememberedMilliseconds,
      entries: 1_000,
    });
    this.#verify = parts.verify ?? verifyPassword;
  }

  async authenticate(credentials: Credentials, signal: AbortSignal): Promise<LegacyClient> {
    signal.throwIfAborted();
    const digest = this.#digest('credential', credentials.username, credentials.password);
    const known = this.#proven.get(digest);
    if (known !== undefined) {
      // Renewed by use: a client at work never has to queue behind somebody's guesses.
      this.#proven.set(digest, known);
      return known;
    }

    // A client that has just started sends many requests at once: one derivation answers them all.
    const shared = `${digest} ${credentials.remoteAddress}`;
    const join = (): Promise<LegacyClient> =>
      (this.#attempts.get(shared) ?? this.#begin(shared, digest, credentials)).join(signal);
    return this.#delay(credentials) === 0 ? join() : this.#joinDelayed(credentials.remoteAddress, join);
  }

  /** Guesses that wait must not fill the listener: whoever comes when too many do is turned away at once. */
  async #joinDelayed(remoteAddress: string, join: () => Promise<LegacyClient>): Promise<LegacyClient> {
    const { delayedCallersAtOnce, delayedCallersPerAddress } = this.#settings;
    if (
      this.#delayed.total >= delayedCallersAtOnce ||
      this.#delayed.from(remoteAddress) >= delayedCallersPerAddress
    ) {
      throw new Overloaded('too many logins wait out a delay');
    }
    const leave = this.#delayed.enter(remoteAddress);
    try {
      return await join();
    } finally {
      leave();
    }
  }

  #delay({ username, remoteAddress }: Credentials): number {
    const user = this.#digest('user', username);
    return Math.max(this.#userFailures.delay(user), this.#addressFailures.delay(remoteAddress));
  }

  #begin(shared: string, digest: string, credentials: Credentials): Attempt {
    if (this.#attempts.size >= this.#settings.attemptsAtOnce) {
      throw new Overloaded('too many logins at once');
    }
    const attempt = new Attempt(
      (signal) => this.#attempt(digest, credentials, signal),
      () => {
        if (this.#attempts.get(shared) === attempt) this.#attempts.delete(shared);
      },
    );
    this.#attempts.set(shared, attempt);
    return attempt;
  }

  async #attempt(digest: string, credentials: Credentials, signal: AbortSignal): Promise<LegacyClient> {
    const { remoteAddress } = credentials;
    const user = this.#digest('user', credentials.username);
    const delay = this.#delay(credentials);
    // Counted as failed until it has succeeded, or guesses sent all at once would find the counters at zero.
    this.#userFailures.add(user);
    this.#addressFailures.add(remoteAddress);

    let account: Account | undefined;
    try {
      if (delay > 0) await this.parts.clock.sleep(delay, signal);
      account = await this.#prove(credentials, signal);
    } catch (error) {
      this.#userFailures.takeBack(user);
      this.#addressFailures.takeBack(remoteAddress);
      throw error;
    }
    if (account === undefined) {
      const failures = Math.max(this.#userFailures.count(user), this.#addressFailures.count(remoteAddress));
      this.parts.events.emit('authenticationFailed', { remoteAddress, failures });
      throw new NotAuthenticated('unknown user, wrong password, or a client that is switched off');
    }
    this.#userFailures.forget(user);
    // One right password says nothing of the other guesses from the address.
    this.#addressFailures.takeBack(remoteAddress);
    this.#proven.set(digest, account.client);
    return account.client;
  }

  /** The account whose password this is; undefined for a wrong one, at the same cost. */
  #prove({ username, password }: Credentials, signal: AbortSignal): Promise<Account | undefined> {
    const account = this.#accounts.get(username);
    return this.#turnstile.pass(async () => {
      signal.throwIfAborted();
      const right = await this.#verify(password, account?.passwordHash ?? this.#nobody);
      return right && account?.enabled === true ? account : undefined;
    });
  }

  #digest(...texts: readonly string[]): string {
    return createHmac('sha256', this.#digestKey).update(JSON.stringify(texts)).digest('base64');
  }
}

/** How many callers wait out a delay, in all and by address. */
class DelayedCallers {
  readonly #byAddress = new Map<string, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  from(address: string): number {
    return this.#byAddress.get(address) ?? 0;
  }

  /** @returns the way out, to be taken once. */
  enter(address: string): () => void {
    this.#total += 1;
    this.#byAddress.set(address, this.from(address) + 1);
    return () => {
      this.#total -= 1;
      const left = this.from(address) - 1;
      if (left === 0) this.#byAddress.delete(address);
      else this.#byAddress.set(address, left);
    };
  }
}

/** One check of one credential, for everybody who waits for it; given up when nobody does any more. */
class Attempt {
  readonly #abandoned = new AbortController();
  readonly #outcome: Promise<LegacyClient>;
  #waiting = 0;

  /** @param ended - called when nobody may join any more: the outcome is there, or everybody has left. */
  constructor(
    check: (signal: AbortSignal) => Promise<LegacyClient>,
    private readonly ended: () => void,
  ) {
    this.#outcome = check(this.#abandoned.signal).finally(ended);
    // Those who wait hear of a failure through join; if all have left, nobody needs to.
    this.#outcome.catch(() => undefined);
  }

  /** The outcome, or the signal's reason as soon as it aborts. */
  async join(signal: AbortSignal): Promise<LegacyClient> {
    this.#waiting += 1;
    let leave: () => void = () => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        reject(abortReason(signal));
      };
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
    });
    try {
      return await Promise.race([this.#outcome, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      this.#waiting -= 1;
      if (this.#waiting === 0) {
        this.ended();
        this.#abandoned.abort();
      }
    }
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}
