import { createHmac, timingSafeEqual } from 'node:crypto';
import { InvalidSecurity, Overloaded } from '../errors/errors.js';
import type { EventSink } from '../operations/events.js';
import type { Random } from '../runtime/random.js';
import type { Account } from './accounts.js';
import type { ClearCredentials, DigestCredentials } from './authenticator.js';
import type { NonceLedger } from './nonce-ledger.js';
import { isDigestOf, type PasswordDigest } from './password-digest.js';
import { defaultParameters, verifyPassword, type PasswordHash } from './password-hash.js';
import { Turnstile } from './turnstile.js';

/** What is needed to tell right credentials from wrong ones. */
export interface CredentialCheckParts {
  readonly accounts: readonly Account[];
  readonly nonces: NonceLedger;
  readonly random: Random;
  readonly events: EventSink;
  /** The key derivation; replaced in tests that count it. */
  readonly verify?: typeof verifyPassword;
}

/** How many key derivations may run and wait. */
export interface DerivationLimits {
  readonly derivationsAtOnce: number;
  readonly derivationsWaiting: number;
}

/**
 * Tells whose credentials these are. Whether the user is known, switched off, or may send digests makes no difference to
 * what a wrong password costs, nor to what comes of it.
 */
export class CredentialCheck {
  readonly #accounts: ReadonlyMap<string, Account>;
  /** What the password of a user without a hash is compared with: as dear as a real one, and never right. */
  readonly #nobodysHash: PasswordHash;
  /** The same for users without a shared secret. */
  readonly #nobodysSecret: string;
  readonly #comparisonKey: Uint8Array;
  readonly #turnstile: Turnstile;
  readonly #verify: typeof verifyPassword;
  /** Users whose ledger has no room, told about once. */
  readonly #withoutRoom = new Set<string>();

  constructor(private readonly parts: CredentialCheckParts & DerivationLimits) {
    const { accounts, random } = parts;
    this.#accounts = new Map(accounts.map((account) => [account.username, account]));
    const [hash] = accounts.flatMap((account) => ('passwordHash' in account ? [account.passwordHash] : []));
    this.#nobodysHash = {
      ...(hash ?? defaultParameters),
      salt: random.bytes(hash?.salt.length ?? 16),
      key: random.bytes(hash?.key.length ?? 32),
    };
    this.#nobodysSecret = Buffer.from(random.bytes(32)).toString('base64');
    this.#comparisonKey = random.bytes(32);
    this.#turnstile = new Turnstile({ inside: parts.derivationsAtOnce, waiting: parts.derivationsWaiting });
    this.#verify = parts.verify ?? verifyPassword;
  }

  /** The account whose password this is; undefined for a wrong one. */
  password({ username, password }: ClearCredentials, signal: AbortSignal): Promise<Account | undefined> {
    const account = this.#accounts.get(username);
    const hash =
      account !== undefined && 'passwordHash' in account ? account.passwordHash : this.#nobodysHash;
    return this.#turnstile.pass(async () => {
      signal.throwIfAborted();
      // Derived also where the secret is known, or the speed would tell who may send digests.
      const isHashed = await this.#verify(password, hash);
      const isShared = this.#isSame(password, this.#secretOf(account));
      return (isHashed || isShared) && account?.enabled === true ? account : undefined;
    });
  }

  /**
   * The account whose digest this is; undefined for a wrong one. A right one uses its nonce up.
   * @throws InvalidSecurity for a right digest whose nonce was used before
   * @throws Overloaded when no more nonces of the user can be remembered
   */
  digest({ username, digest }: DigestCredentials, signal: AbortSignal): Promise<Account | undefined> {
    const judge = (): Account | undefined => {
      const account = this.#accounts.get(username);
      const isRight = isDigestOf(this.#secretOf(account), digest);
      if (!isRight || account?.enabled !== true) return undefined;
      this.#useUp(account, digest);
      return account;
    };
    return new Promise((resolve) => {
      signal.throwIfAborted();
      resolve(judge());
    });
  }

  #secretOf(account: Account | undefined): string {
    return account !== undefined && 'sharedSecret' in account ? account.sharedSecret : this.#nobodysSecret;
  }

  /** Whether two spellings are of the same password, as for hashed ones. */
  #isSame(password: string, secret: string): boolean {
    const keyed = (text: string): Buffer =>
      createHmac('sha256', this.#comparisonKey).update(text.normalize('NFC')).digest();
    return timingSafeEqual(keyed(password), keyed(secret));
  }

  #useUp({ username, client }: Account, { nonce, acceptableUntil }: PasswordDigest): void {
    switch (this.parts.nonces.use(username, nonce, acceptableUntil)) {
      case 'fresh':
        this.#withoutRoom.delete(username);
        return;
      case 'used':
        throw new InvalidSecurity('the nonce of the UsernameToken was used before');
      case 'full':
        if (!this.#withoutRoom.has(username)) {
          this.#withoutRoom.add(username);
          this.parts.events.emit('noncesExhausted', { clientId: client.id });
        }
        throw new Overloaded('too many nonces of the client are alive');
    }
  }
}
