import type BetterSqlite3 from 'better-sqlite3';
import { AdapterError, StoreFailed } from '../errors/errors.js';
import type { NationalId } from '../person/national-id.js';
import type {
  ChangeOrigin,
  HelpNumberChange,
  HelpNumberEntry,
  HelpNumberRepository,
  HelpNumberWriter,
  MessageKey,
  NumberState,
  PeoplePage,
  RememberedAnswer,
} from '../registry/help-numbers/help-number-repository.js';
import type { TraitQuery } from '../registry/help-numbers/traits.js';
import { HelpNumberRows } from './help-number-rows.js';
import type { Pseudonymiser } from './pseudonymiser.js';
import type { Sealer } from './sealer.js';

/** The register of help numbers in the store. Everything is written and read in the calling thread. */
export class StoredHelpNumbers implements HelpNumberRepository {
  readonly #rows: HelpNumberRows;

  /** @param assertInPlace throws when the database file is no longer the one that its path names. */
  constructor(
    private readonly database: BetterSqlite3.Database,
    sealer: Sealer,
    pseudonymiser: Pseudonymiser,
    private readonly assertInPlace: () => void,
  ) {
    this.#rows = new HelpNumberRows(database, sealer, pseudonymiser);
  }

  /** Whether the pseudonym key is the one that the register was begun with. */
  hasSameKey(): boolean {
    return this.#rows.hasSameKey();
  }

  isAllotted(number: NationalId): boolean {
    return this.#attempt(() => this.#rows.idOf(number) !== undefined);
  }

  find(number: NationalId): HelpNumberEntry | undefined {
    return this.#attempt(() => this.#rows.find(number));
  }

  findAll(numbers: readonly NationalId[]): ReadonlyMap<NationalId, HelpNumberEntry> {
    return this.#attempt(() => this.#rows.findAll(numbers));
  }

  supersededBy(survivor: NationalId): readonly NationalId[] {
    return this.#attempt(() => this.#rows.supersededBy(survivor));
  }

  supersededByEach(survivors: readonly NationalId[]): ReadonlyMap<NationalId, readonly NationalId[]> {
    return this.#attempt(() => this.#rows.supersededByEach(survivors));
  }

  people(traits: TraitQuery, after: number): PeoplePage {
    return this.#attempt(() => this.#rows.people(traits, after));
  }

  answerTo(message: MessageKey): RememberedAnswer | undefined {
    return this.#attempt(() => this.#rows.answerTo(message));
  }

  *history(number: NationalId): Generator<HelpNumberChange> {
    const pageAfter = (after: number): readonly HelpNumberChange[] =>
      this.#attempt(() => this.#rows.changes(number, after));
    for (let page = pageAfter(0); page.length > 0; page = pageAfter(page.at(-1)?.seq ?? 0)) {
      yield* page;
    }
  }

  change<Result>(by: ChangeOrigin, work: (writer: HelpNumberWriter) => Result): Result {
    return this.#attempt(() => {
      const transaction = this.database.transaction(() => {
        if (!this.#rows.hasSameKey()) throw new StoreFailed('the pseudonym key is not that of the register');
        const writing = new Writing(this.#rows);
        const result = work(writing);
        writing.tellHistory(by);
        return result;
      });
      // The write lock is taken first, so that what is read is what is changed.
      return transaction.immediate();
    });
  }

  #attempt<Result>(work: () => Result): Result {
    try {
      this.assertInPlace();
      return work();
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      throw new StoreFailed('the register of help numbers could not be read or written', error);
    }
  }
}

/** One change at work. Whatever it touches is put into the history with how it stood before and after. */
class Writing implements HelpNumberWriter {
  readonly #before = new Map<NationalId, NumberState | null>();

  constructor(private readonly rows: HelpNumberRows) {}

  insert(number: NationalId, record: HelpNumberEntry['record']): boolean {
    if (!this.rows.insert(number, record)) return false;
    this.rows.tieToKey();
    this.#before.set(number, null);
    return true;
  }

  replace(number: NationalId, record: HelpNumberEntry['record']): void {
    this.#touch(number);
    this.rows.replace(number, record);
  }

  link(superseded: NationalId, survivor: NationalId): void {
    this.#touchWithSurvivor(superseded);
    this.#touch(survivor);
    this.rows.link(superseded, survivor);
  }

  unlink(superseded: NationalId): void {
    this.#touchWithSurvivor(superseded);
    this.rows.unlink(superseded);
  }

  remember(message: MessageKey, answer: Parameters<HelpNumberWriter['remember']>[1]): void {
    this.rows.remember(message, answer);
  }

  tellHistory(by: ChangeOrigin): void {
    const nothing: NumberState = { record: null, survivor: null, superseded: [] };
    for (const [number, before] of this.#before) {
      this.rows.addChange(by, number, before, this.rows.stateOf(number) ?? nothing);
    }
  }

  #touchWithSurvivor(superseded: NationalId): void {
    this.#touch(superseded);
    const survivor = this.rows.find(superseded)?.survivor ?? null;
    if (survivor !== null) this.#touch(survivor);
  }

  #touch(number: NationalId): void {
    if (!this.#before.has(number)) this.#before.set(number, this.rows.stateOf(number));
  }
}
