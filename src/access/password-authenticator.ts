import { createHmac } from 'node:crypto';
import { NotAuthenticated, Overloaded } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';
import { PassingMap } from '../runtime/passing-map.js';
import type { Authenticator, ClearCredentials, Credentials, DigestCredentials } from './authenticator.js';
import { networkOf } from './caller-network.js';
import { CredentialCheck, type CredentialCheckParts, type Proven } from './credential-check.js';
import { DelayedCallers } from './delayed-callers.js';
import { ExpiringMap } from './expiring-map.js';
import { FailedAttempts, type DelaySettings } from './failed-attempts.js';
import type { LegacyClient } from './legacy-client.js';
import { LoginAttempt } from './login-attempt.js';

/** What the authenticator is made of. */
export interface PasswordAuthenticatorParts extends CredentialCheckParts {
  readonly clock: Clock;
  readonly settings?: Partial<PasswordAuthenticatorSettings>;
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
  /** How long it is remembered that a user came in from an address. Sessions are renewed within a day. */
  readonly senderRememberedMilliseconds: number;
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
  senderRememberedMilliseconds: 24 * 60 * 60_000,
  userDelay: { freeAttempts: 3, firstDelayMilliseconds: 250, longestDelayMilliseconds: 5_000 },
  addressDelay: { freeAttempts: 10, firstDelayMilliseconds: 250, longestDelayMilliseconds: 5_000 },
};

/** Of a client that comes in by its previous password is told again after so many milliseconds. */
const TOLD_AGAIN = 60 * 60_000;

/**
 * Checks user names and passwords against the accounts.
 *
 * Nothing tells an unknown user from a wrong password: both cost one key derivation and give one error. Guessing is
 * slowed down per user and per address, before the derivation is paid for; nobody is locked out, and an attack on an
 * account does not touch those who use it: a proven password is remembered for some minutes, and a user at an address
 * that it came in from is slowed down by failures of its own alone.
 *
 * The same holds for digests, which cost no derivation and are good for one message each. A nonce is used up by a right
 * digest only: whoever does not know the password cannot burn the nonces of those who do.
 */
export function createPasswordAuthenticator(parts: PasswordAuthenticatorParts): Authenticator {
  return new PasswordAuthenticator(parts);
}

class PasswordAuthenticator implements Authenticator {
  readonly #settings: PasswordAuthenticatorSettings;
  readonly #check: CredentialCheck;
  /** Known to this process alone, so that nothing kept in memory can be turned back into a name or password. */
  readonly #digestKey: Uint8Array;
  readonly #userFailures: FailedAttempts;
  readonly #addressFailures: FailedAttempts;
  readonly #proven: ExpiringMap<Proven>;
  /** Users who have come in, each with the address that it was from. */
  readonly #provenSenders: ExpiringMap<true>;
  readonly #attempts = new PassingMap<string, LoginAttempt>();
  #digests = 0;
  readonly #delayed = new DelayedCallers();
  /** Clients of whose previous passwords was told a while ago. */
  readonly #toldOf: ExpiringMap<true>;

  constructor(private readonly parts: PasswordAuthenticatorParts) {
    const { clock, random } = parts;
    this.#settings = { ...defaults, ...parts.settings };
    this.#check = new CredentialCheck({
      ...parts,
      derivationsAtOnce: this.#settings.derivationsAtOnce,
      derivationsWaiting: this.#settings.derivationsWaiting,
    });
    this.#digestKey = random.bytes(32);
    this.#userFailures = new FailedAttempts(clock, this.#settings.userDelay);
    this.#addressFailures = new FailedAttempts(clock, this.#settings.addressDelay);
    this.#proven = new ExpiringMap(clock, {
      lifetimeMilliseconds: this.#settings.rememberedMilliseconds,
      entries: 1_000,
    });
    this.#toldOf = new ExpiringMap(clock, { lifetimeMilliseconds: TOLD_AGAIN, entries: 10_000 });
    this.#provenSenders = new ExpiringMap(clock, {
      lifetimeMilliseconds: this.#settings.senderRememberedMilliseconds,
      entries: 10_000,
    });
  }

  async authenticate(credentials: Credentials, signal: AbortSignal): Promise<LegacyClient> {
    signal.throwIfAborted();
    const login = 'password' in credentials ? this.#clearLogin(credentials) : this.#digestLogin(credentials);
    const known = login.remembered();
    if (known !== undefined) return known;
    const join = (): Promise<LegacyClient> =>
      (this.#attempts.get(login.key) ?? this.#begin(login)).join(signal);
    return login.delay() === 0 ? join() : this.#joinDelayed(login.network, join);
  }

  #clearLogin(credentials: ClearCredentials): Login {
    const { username, password, remoteAddress } = credentials;
    const digest = this.#digest('credential', username, password);
    const sender = this.#sender(credentials);
    return {
      ...sender,
      // A client that has just started sends many requests at once: one derivation answers them all.
      key: `${digest} ${remoteAddress}`,
      remembered: () => {
        const known = this.#proven.get(digest);
        if (known === undefined) return undefined;
        // Renewed by use: a client at work never has to queue behind somebody's guesses.
        this.#proven.set(digest, known);
        // The account may have another password by now, or be switched off.
        return this.#clientOf(known);
      },
      prove: (signal) => this.#check.password(credentials, signal),
      proven: (proven) => {
        sender.proven();
        this.#proven.set(digest, proven);
      },
    };
  }

  #digestLogin(credentials: DigestCredentials): Login {
    return {
      ...this.#sender(credentials),
      // Of its own, always: of two that are the same, one is a replay.
      key: `digest ${(this.#digests += 1)}`,
      remembered: () => undefined,
      prove: (signal) => this.#check.digest(credentials, signal),
    };
  }

  #sender({ username, remoteAddress }: Credentials): Sender {
    const user = this.#digest('user', username);
    const sender = this.#digest('sender', username, remoteAddress);
    const network = networkOf(remoteAddress);
    const isKnown = this.#provenSenders.get(sender) !== undefined;
    return {
      remoteAddress,
      network,
      failuresOf: [user, sender],
      delay: () =>
        isKnown
          ? this.#userFailures.delay(sender)
          : Math.max(this.#userFailures.delay(user), this.#addressFailures.delay(network)),
      proven: () => {
        // A client at work proves itself all the time, which must not give those who guess a fresh start each time.
        if (isKnown) this.#userFailures.takeBack(user);
        else this.#userFailures.forget(user);
        this.#userFailures.takeBack(sender);
        this.#provenSenders.set(sender, true);
      },
    };
  }

  /** Guesses that wait must not fill the listener: whoever comes when too many do is turned away at once. */
  async #joinDelayed(network: string, join: () => Promise<LegacyClient>): Promise<LegacyClient> {
    const { delayedCallersAtOnce, delayedCallersPerAddress } = this.#settings;
    if (
      this.#delayed.total >= delayedCallersAtOnce ||
      this.#delayed.from(network) >= delayedCallersPerAddress
    ) {
      throw new Overloaded('too many logins wait out a delay');
    }
    const leave = this.#delayed.enter(network);
    try {
      return await join();
    } finally {
      leave();
    }
  }

  #begin(login: Login): LoginAttempt {
    if (this.#attempts.size >= this.#settings.attemptsAtOnce) {
      throw new Overloaded('too many logins at once');
    }
    const attempt = new LoginAttempt(
      (signal) => this.#attempt(login, signal),
      () => {
        if (this.#attempts.get(login.key) === attempt) this.#attempts.delete(login.key);
      },
    );
    this.#attempts.set(login.key, attempt);
    return attempt;
  }

  async #attempt(login: Login, signal: AbortSignal): Promise<LegacyClient> {
    const { remoteAddress, network, failuresOf } = login;
    const delay = login.delay();
    // Counted as failed until it has succeeded, or guesses sent all at once would find the counters at zero.
    for (const key of failuresOf) this.#userFailures.add(key);
    this.#addressFailures.add(network);

    let proven: Proven | undefined;
    try {
      if (delay > 0) await this.parts.clock.sleep(delay, signal);
      proven = await this.#prove(login, signal);
    } catch (error) {
      for (const key of failuresOf) this.#userFailures.takeBack(key);
      this.#addressFailures.takeBack(network);
      throw error;
    }
    const client = proven && this.#clientOf(proven);
    if (proven === undefined || client === undefined) {
      const counts = failuresOf.map((key) => this.#userFailures.count(key));
      const failures = Math.max(...counts, this.#addressFailures.count(network));
      this.parts.events.emit('authenticationFailed', { remoteAddress, failures });
      throw new NotAuthenticated('unknown user, wrong password, or a client that is switched off');
    }
    // One right password says nothing of the other guesses from the address.
    this.#addressFailures.takeBack(network);
    login.proven(proven);
    return client;
  }

  /** Anew where the accounts were replaced meanwhile: it counts what they are when the client is let in. */
  async #prove(login: Login, signal: AbortSignal): Promise<Proven | undefined> {
    const { accounts } = this.parts;
    for (;;) {
      const judgedBy = accounts.all;
      const proven = await login.prove(signal);
      if (accounts.all === judgedBy) return proven;
    }
  }

  /** The client as it is now; undefined when it is switched off by now, or what was proven is no password of its any more. */
  #clientOf({ account: { username }, credentialDigest }: Proven): LegacyClient | undefined {
    const account = this.parts.accounts.byUsername(username);
    if (account?.enabled !== true) return undefined;
    if (account.previous?.credentialDigest === credentialDigest) this.#tellOfPrevious(account.client);
    else if (account.credentialDigest !== credentialDigest) return undefined;
    return { ...account.client, provenBy: credentialDigest };
  }

  #tellOfPrevious({ id: clientId }: LegacyClient): void {
    if (this.#toldOf.get(clientId) === true) return;
    this.#toldOf.set(clientId, true);
    this.parts.events.emit('previousPasswordUsed', { clientId });
  }

  #digest(...texts: readonly string[]): string {
    return createHmac('sha256', this.#digestKey).update(JSON.stringify(texts)).digest('base64');
  }
}

/** Who wants to come in: a user at an address. */
interface Sender {
  readonly remoteAddress: string;
  /** What of the address its failures and its waiting are counted for. */
  readonly network: string;
  /** Whose failures it counts among, beside those of the address. */
  readonly failuresOf: readonly string[];
  /** Milliseconds that it has to wait. */
  delay(): number;
  /** Takes note of the success. */
  proven(): void;
}

/** One login on its way, of whatever kind. */
interface Login extends Omit<Sender, 'proven'> {
  /** Logins of the same key are one and the same. */
  readonly key: string;
  /** The client, when the very same was proven before. */
  remembered(): LegacyClient | undefined;
  /** The account; undefined when the proof is wrong. */
  prove(signal: AbortSignal): Promise<Proven | undefined>;
  /** Takes note of the success. */
  proven(proven: Proven): void;
}
