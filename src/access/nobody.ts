import type { Random } from '../runtime/random.js';
import type { Account } from './accounts.js';
import type { KnownAccounts } from './known-accounts.js';
import { defaultParameters, type PasswordHash } from './password-hash.js';

/** A hash that a password is compared with; without a digest it is nobody's, and never right. */
export interface ComparedHash {
  readonly hash: PasswordHash;
  readonly credentialDigest?: string;
}

/** What is compared in place of a hash, and how many there are of an account. */
interface StandIn {
  /** The accounts that it was made for. */
  readonly of: readonly Account[];
  readonly hash: PasswordHash;
  readonly count: number;
}

/** What stands in where an account has nothing to compare with: as dear as what a real one has, and never right. */
export class Nobody {
  /** In place of a shared secret. */
  readonly secret: string;
  /** For the accounts as they were last: they change while the adapter runs. */
  #standIn: StandIn | undefined;

  constructor(
    private readonly accounts: KnownAccounts,
    private readonly random: Random,
  ) {
    this.secret = Buffer.from(random.bytes(32)).toString('base64');
  }

  /** The hashes of the account, and of nobody: as many in all as the account with the most of them has. */
  hashesBeside(account: Account | undefined): readonly ComparedHash[] {
    const { hash, count } = this.#forThese(this.accounts.all);
    const own = account === undefined ? [] : hashesOf(account);
    return [...own, ...Array.from({ length: count - own.length }, () => ({ hash }))];
  }

  #forThese(accounts: readonly Account[]): StandIn {
    if (this.#standIn?.of === accounts) return this.#standIn;
    const hashes = accounts.map(hashesOf);
    const model = hashes.flat()[0]?.hash;
    this.#standIn = {
      of: accounts,
      hash: {
        ...(model ?? defaultParameters),
        salt: this.random.bytes(model?.salt.length ?? 16),
        key: this.random.bytes(model?.key.length ?? 32),
      },
      count: Math.max(1, ...hashes.map(({ length }) => length)),
    };
    return this.#standIn;
  }
}

function hashesOf(account: Account): ComparedHash[] {
  return [account, account.previous].flatMap((one) =>
    one !== undefined && 'passwordHash' in one
      ? [{ hash: one.passwordHash, credentialDigest: one.credentialDigest }]
      : [],
  );
}
