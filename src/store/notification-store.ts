import type BetterSqlite3 from 'better-sqlite3';
import { AdapterError, StoreFailed } from '../errors/errors.js';
import { isNationalId, type NationalId } from '../person/national-id.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import type { Pseudonymiser } from './pseudonymiser.js';
import type { SealedPlace, Sealer } from './sealer.js';
import { SealBroken } from './store-errors.js';

/** What subscriptions and notifications are kept with. */
export interface NotificationParts {
  readonly database: BetterSqlite3.Database;
  readonly sealer: Sealer;
  readonly pseudonymiser: Pseudonymiser;
  readonly clock: Clock;
  readonly random: Random;
  /** Throws when the database file is no longer the one that its path names. */
  readonly assertInPlace: () => void;
}

/** A number in one of the tables: the keyed digest that it is found by, and itself, sealed. */
export interface KeptNumber {
  readonly number: Uint8Array;
  readonly sealedNumber: Uint8Array;
}

/** How numbers and times of subscriptions and notifications are written, and how the store is asked. */
export class NotificationStore {
  constructor(readonly parts: NotificationParts) {}

  now(): number {
    return this.parts.clock.now().getTime();
  }

  digestOf(number: NationalId): Buffer {
    return this.parts.pseudonymiser.digestOf('followed number', number);
  }

  /** The same as in the log of changes. */
  digestOfPerson(personId: string): Buffer {
    return this.parts.pseudonymiser.digestOf('person id', personId);
  }

  /** @param table where it is kept; it can be opened nowhere else */
  seal(number: NationalId, digest: Uint8Array, table: NumberTable): Uint8Array {
    return this.parts.sealer.seal(Buffer.from(number, 'ascii'), placeOf(digest, table));
  }

  /** @throws SealBroken, UnknownSealingKey */
  open({ number, sealedNumber }: KeptNumber, table: NumberTable): NationalId {
    const text = Buffer.from(this.parts.sealer.open(sealedNumber, placeOf(number, table))).toString('ascii');
    if (!isNationalId(text)) throw new SealBroken('what was sealed is no number');
    return text;
  }

  /** The write lock is taken first, so that what is read is what is changed. @throws StoreFailed */
  write<Result>(work: () => Result): Result {
    return this.attempt(() => this.parts.database.transaction(work).immediate());
  }

  /** @throws StoreFailed */
  attempt<Result>(work: () => Result): Result {
    try {
      this.parts.assertInPlace();
      return work();
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      throw new StoreFailed('subscriptions or notifications could not be read or written', error);
    }
  }
}

type NumberTable = 'notification' | 'notification_subscription';

/** The digest is the row's: who moves a sealed number to another row cannot have it opened there. */
function placeOf(digest: Uint8Array, table: NumberTable): SealedPlace {
  return { table, column: 'sealed_number', row: Buffer.from(digest).toString('hex') };
}

/** MSH-10 has twenty characters in versions before 2.7. */
const CONTROL_ID_OCTETS = 10;

/** A control id that nothing else has. */
export function newControlId(random: Random): string {
  return Buffer.from(random.bytes(CONTROL_ID_OCTETS)).toString('hex').toUpperCase();
}
