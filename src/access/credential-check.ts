import { createHmac, timingSafeEqual } from 'node:crypto';
import { InvalidSecurity, Overloaded } from '../errors/errors.js';
import type { EventSink } from '../operations/events.js';
import type { Random } from '../runtime/random.js';
import type { Account, Credential } from './accounts.js';
import type { ClearCredentials, DigestCredentials } from './authenticator.js';
import type { KnownAccounts } from './known-accounts.js';
import type { NonceLedger } from './nonce-ledger.js';
import { Nobody } from './nobody.js';
import { isDigestOf, type PasswordDigest } from './password-digest.js';
import { verifyPassword } from './password-hash.js';
import { Turnstile } from './turnstile.js';

/** What is needed to tell right credentials from wrong ones. */
export interface CredentialCheckParts {
  readonly accounts: KnownAccounts;
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

/** What was proven: the account as it was then, and which of its passwords. */
export interface Proven {
  readonly account: Account;
  readonly credentialDigest: string;
}

/**
 * Tells whose credentials these are. Whether the user is known, switched off, may send digests, or has two passwords makes no
 * difference to what a wrong password costs, nor to what comes of it.
 */
export class CredentialCheck {
  readonly #nobody: Nobody;
  readonly #comparisonKey: Uint8Array;
  readonly #turnstile: Turnstile;
  readonly #verify: typeof verifyPassword;
  /** Users whose ledger has no room, told about once. */
  readonly #withoutRoom = new Set<string>();

  constructor(private readonly parts: CredentialCheckParts & DerivationLimits) {
    const { accounts, random } = parts;
    this.#nobody = new Nobody(accounts, random);
    this.#comparisonKey = random.bytes(32);
    this.#turnstile = new Turnstile({ inside: parts.derivationsAtOnce, waiting: parts.derivationsWaiting });
    this.#verify = parts.verify ?? verifyPassword;
  }

  /** The account whose password this is; undefined for a wrong one. */
  password({ username, password }: ClearCredentials, signal: AbortSignal): Promise<Proven | undefined> {
    return this.#turnstile.pass(async () => {
      signal.throwIfAborted();
      const account = this.parts.accounts.byUsername(username);
      let proven = this.#sharedBy(account, (secret) => this.#isSame(password, secret));
      // Derived also where the secret is known, or the speed would tell who may send digests.
      for (const { hash, credentialDigest } of this.#nobody.hashesBeside(account)) {
        const isRight = await this.#verify(password, hash);
        if (isRight && credentialDigest !== undefined) proven ??= credentialDigest;
        // Who is let in may learn so early; for all others everything is tried, whatever there is to try.
        if (isRight && account?.enabled === true) break;
      }
      return proven === undefined || account?.enabled !== true
        ? undefined
        : { account, credentialDigest: proven };
    });
  }

  /**
   * The account whose digest this is; undefined for a wrong one. A right one uses its nonce up.
   * @throws InvalidSecurity for a right digest whose nonce was used before
   * @throws Overloaded when no more nonces of the user can be remembered
   */
  digest({ username, digest }: DigestCredentials, signal: AbortSignal): Promise<Proven | undefined> {
    const judge = (): Proven | undefined => {
      const account = this.parts.accounts.byUsername(username);
      const credentialDigest = this.#sharedBy(account, (secret) => isDigestOf(secret, digest));
      if (credentialDigest === undefined || account?.enabled !== true) return undefined;
      this.#useUp(account, digest);
      return { account, credentialDigest };
    };
    return new Promise((resolve) => {
      signal.throwIfAborted();
      resolve(judge());
    });
  }

  /** Which of the passwords that it shares with us is right, told by its digest: as much is tried for whomever. */
  #sharedBy(account: Account | undefined, isRight: (secret: string) => boolean): string | undefined {
    const [present, previous] = [account, account?.previous].map((one) => this.#isRightOne(one, isRight));
    return present ?? previous;
  }

  #isRightOne(one: Credential | undefined, isRight: (secret: string) => boolean): string | undefined {
    const secret = one !== undefined && 'sharedSecret' in one ? one.sharedSecret : undefined;
    const isThis = isRight(secret ?? this.#nobody.secret);
    return isThis && secret !== undefined ? one?.credentialDigest : undefined;
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
