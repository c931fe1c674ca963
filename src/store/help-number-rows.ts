import type BetterSqlite3 from 'better-sqlite3';
import type { HelpNumberRecord } from '../person/help-number-record.js';
import type { NationalId } from '../person/national-id.js';
import type {
  AnswerToRemember,
  ChangeOrigin,
  HelpNumberChange,
  HelpNumberEntry,
  MessageKey,
  NumberState,
  PeoplePage,
  RememberedAnswer,
} from '../registry/help-numbers/help-number-repository.js';
import { traitsOf, type Trait, type TraitQuery } from '../registry/help-numbers/traits.js';
import {
  changeRow,
  entryRow,
  idRow,
  keyCheckRow,
  linkRow,
  nextRow,
  pageRow,
  requestRow,
  type EntryRow,
} from './help-number-columns.js';
import { answerForm, changeForm, personForm, survivorForm } from './help-number-forms.js';
import { helpNumberQueries, peopleQuery } from './help-number-queries.js';
import type { Pseudonymiser } from './pseudonymiser.js';
import type { SealedPlace, Sealer } from './sealer.js';

type Statements = Readonly<Record<keyof typeof helpNumberQueries, BetterSqlite3.Statement>>;

type PersonWithNumber = Pick<HelpNumberEntry, 'number' | 'record'>;

/** People opened at a time; requests get their turn in between. */
const PAGE = 200;

/** More lists of traits than this do not narrow a search down any further. */
const MOST_CRITERIA = 6;

/**
 * The rows of the register of help numbers, sealed and opened. Numbers are found by their keyed pseudonym. People are
 * found by traits as keyed digests cut to twelve bits: two or three traits share one, so that a row says little even to
 * somebody who counts how often each occurs.
 */
export class HelpNumberRows {
  readonly #run: Statements;
  readonly #people = new Map<number, BetterSqlite3.Statement>();

  constructor(
    private readonly database: BetterSqlite3.Database,
    private readonly sealer: Sealer,
    private readonly pseudonymiser: Pseudonymiser,
  ) {
    const { keyCheck, insertKeyCheck, idOf, findAll, insert, replace } = helpNumberQueries;
    const { anyLink, supersededByEach, nextLink, link, unlink, addTrait, dropTraits } = helpNumberQueries;
    const { answerTo, remember, nextChange, insertChange, history } = helpNumberQueries;
    const prepared = (sql: string): BetterSqlite3.Statement => database.prepare(sql);
    this.#run = {
      keyCheck: prepared(keyCheck),
      insertKeyCheck: prepared(insertKeyCheck),
      idOf: prepared(idOf),
      findAll: prepared(findAll),
      insert: prepared(insert),
      replace: prepared(replace),
      anyLink: prepared(anyLink),
      supersededByEach: prepared(supersededByEach),
      nextLink: prepared(nextLink),
      link: prepared(link),
      unlink: prepared(unlink),
      addTrait: prepared(addTrait),
      dropTraits: prepared(dropTraits),
      answerTo: prepared(answerTo),
      remember: prepared(remember),
      nextChange: prepared(nextChange),
      insertChange: prepared(insertChange),
      history: prepared(history),
    };
  }

  /** Whether the pseudonym key is the one that the first number was stored with; true before that. */
  hasSameKey(): boolean {
    const row = keyCheckRow.parse(this.#run.keyCheck.get());
    return row === undefined || row.keyCheck === this.#keyCheck();
  }

  /** Ties the register to the pseudonym key: under another key no number would be known as given out. */
  tieToKey(): void {
    if (this.#run.keyCheck.get() === undefined) this.#run.insertKeyCheck.run(this.#keyCheck());
  }

  idOf(number: NationalId): number | undefined {
    return idRow.parse(this.#run.idOf.get(this.#pseudonymOf(number)))?.id;
  }

  find(number: NationalId): HelpNumberEntry | undefined {
    return this.findAll([number]).get(number);
  }

  findAll(numbers: readonly NationalId[]): ReadonlyMap<NationalId, HelpNumberEntry> {
    const byPseudonym = this.#byPseudonym(numbers);
    const found = this.#run.findAll.all(JSON.stringify([...byPseudonym.keys()]));
    return new Map(
      found
        .map((row) => entryRow.parse(row))
        .map((row) => [numberOf(row.pseudonym, byPseudonym), this.#openEntry(row)]),
    );
  }

  supersededBy(survivor: NationalId): readonly NationalId[] {
    return this.supersededByEach([survivor]).get(survivor) ?? [];
  }

  supersededByEach(survivors: readonly NationalId[]): ReadonlyMap<NationalId, readonly NationalId[]> {
    const superseded = new Map<NationalId, NationalId[]>();
    // Of every person that is told of this is asked, and few registers link numbers at all.
    if (this.#run.anyLink.get() === undefined) return superseded;
    const byPseudonym = this.#byPseudonym(survivors);
    for (const found of this.#run.supersededByEach.all(JSON.stringify([...byPseudonym.keys()]))) {
      const { survivor: pseudonymOfSurvivor, sealedPerson, pseudonym } = linkRow.parse(found);
      const survivor = numberOf(pseudonymOfSurvivor, byPseudonym);
      const { number } = this.#openPerson(sealedPerson, pseudonym);
      superseded.set(survivor, [...(superseded.get(survivor) ?? []), number]);
    }
    return superseded;
  }

  people(traits: TraitQuery, after: number): PeoplePage {
    const criteria = traits.slice(0, MOST_CRITERIA).map((some) => JSON.stringify(this.#bucketsOf(some)));
    const found = this.#peopleBy(criteria.length).all(after, ...criteria, PAGE);
    const rows = found.map((row) => pageRow.parse(row));
    return {
      entries: rows.map(({ sealedPerson, pseudonym }) => ({
        ...this.#openPerson(sealedPerson, pseudonym),
        survivor: null,
      })),
      next: rows.length < PAGE ? undefined : rows.at(-1)?.id,
    };
  }

  insert(number: NationalId, record: HelpNumberRecord): boolean {
    const pseudonym = this.#pseudonymOf(number);
    const sealedPerson = this.#sealPerson({ number, record }, pseudonym);
    const { changes, lastInsertRowid } = this.#run.insert.run({ pseudonym, sealedPerson });
    if (changes === 0) return false;
    this.#writeTraits(Number(lastInsertRowid), record);
    return true;
  }

  replace(number: NationalId, record: HelpNumberRecord): void {
    const pseudonym = this.#pseudonymOf(number);
    const id = this.#idOfOwn(number);
    this.#run.replace.run({ id, sealedPerson: this.#sealPerson({ number, record }, pseudonym) });
    this.#run.dropTraits.run(id);
    this.#writeTraits(id, record);
  }

  link(superseded: NationalId, survivor: NationalId): void {
    this.unlink(superseded);
    const { next: seq } = nextRow.parse(this.#run.nextLink.get());
    this.#run.link.run({
      seq,
      superseded: this.#idOfOwn(superseded),
      survivor: this.#pseudonymOf(survivor),
      sealedSurvivor: this.#seal({ number: survivor }, survivorPlace(seq)),
    });
  }

  unlink(superseded: NationalId): void {
    this.#run.unlink.run(this.#idOfOwn(superseded));
  }

  answerTo({ clientId, messageId, content }: MessageKey): RememberedAnswer | undefined {
    const message = this.#digest('help-number-message', messageId);
    const row = requestRow.parse(this.#run.answerTo.get({ clientId, message }));
    if (row === undefined) return undefined;
    const answer = answerForm.parse(this.#open(row.sealedAnswer, answerPlace(clientId, message)));
    return { ...answer, isSameContent: row.content === this.#digest('help-number-content', content) };
  }

  remember({ clientId, messageId, content }: MessageKey, answer: AnswerToRemember): void {
    const message = this.#digest('help-number-message', messageId);
    this.#run.remember.run({
      clientId,
      message,
      content: this.#digest('help-number-content', content),
      sealedAnswer: this.#seal(answer, answerPlace(clientId, message)),
    });
  }

  /** How things stand with a number; null for a number that was neither given out here nor linked to. */
  stateOf(number: NationalId): NumberState | null {
    const entry = this.find(number);
    const superseded = this.supersededBy(number);
    if (entry === undefined && superseded.length === 0) return null;
    return { record: entry?.record ?? null, survivor: entry?.survivor ?? null, superseded };
  }

  addChange(by: ChangeOrigin, number: NationalId, before: NumberState | null, after: NumberState): void {
    const { at, correlationId, clientId, operation, requester } = by;
    const { next: seq } = nextRow.parse(this.#run.nextChange.get());
    this.#run.insertChange.run({
      seq,
      at: at.toISOString(),
      correlationId,
      clientId,
      operation,
      pseudonym: this.#pseudonymOf(number),
      sealedDetail: this.#seal({ requester, number, before, after }, changePlace(seq)),
    });
  }

  /** A page of a number's changes, the oldest first. */
  changes(number: NationalId, after: number): readonly HelpNumberChange[] {
    return this.#run.history
      .all(this.#pseudonymOf(number), after, PAGE)
      .map((row) => changeRow.parse(row))
      .map(({ sealedDetail, at, ...rest }) => {
        const { requester, ...detail } = changeForm.parse(this.#open(sealedDetail, changePlace(rest.seq)));
        return { ...rest, ...detail, requester, at: new Date(at) };
      });
  }

  #peopleBy(criteria: number): BetterSqlite3.Statement {
    const known = this.#people.get(criteria);
    if (known !== undefined) return known;
    const statement: BetterSqlite3.Statement = this.database.prepare(peopleQuery(criteria));
    this.#people.set(criteria, statement);
    return statement;
  }

  #writeTraits(id: number, record: HelpNumberRecord): void {
    for (const bucket of this.#bucketsOf(traitsOf(record))) this.#run.addTrait.run(bucket, id);
  }

  #bucketsOf(traits: readonly Trait[]): readonly number[] {
    return traits.map(
      (trait) => this.pseudonymiser.digestOf('help-number-trait', trait).readUInt16BE(0) >> 4,
    );
  }

  #idOfOwn(number: NationalId): number {
    const id = this.idOf(number);
    if (id === undefined) throw new RangeError('a number that was not given out here');
    return id;
  }

  #pseudonymOf(number: NationalId): string {
    return this.pseudonymiser.pseudonymOf(number);
  }

  #byPseudonym(numbers: readonly NationalId[]): ReadonlyMap<string, NationalId> {
    return new Map(numbers.map((number) => [this.#pseudonymOf(number), number]));
  }

  #keyCheck(): string {
    return this.#digest('help-number-key', 'check');
  }

  #digest(purpose: string, text: string): string {
    return this.pseudonymiser.digestOf(purpose, text).toString('hex');
  }

  #sealPerson(person: PersonWithNumber, pseudonym: string): Uint8Array {
    return this.#seal(person, personPlace(pseudonym));
  }

  #openEntry({ pseudonym, sealedPerson, seq, sealedSurvivor }: EntryRow): HelpNumberEntry {
    const isLinked = seq !== null && sealedSurvivor !== null;
    return {
      ...this.#openPerson(sealedPerson, pseudonym),
      survivor: isLinked ? this.#openSurvivor(sealedSurvivor, seq) : null,
    };
  }

  #openPerson(sealed: Uint8Array, pseudonym: string): PersonWithNumber {
    return personForm.parse(this.#open(sealed, personPlace(pseudonym)));
  }

  #openSurvivor(sealed: Uint8Array, seq: number): NationalId {
    return survivorForm.parse(this.#open(sealed, survivorPlace(seq))).number;
  }

  #seal(value: unknown, place: SealedPlace): Uint8Array {
    return this.sealer.seal(Buffer.from(JSON.stringify(value), 'utf8'), place);
  }

  #open(sealed: Uint8Array, place: SealedPlace): unknown {
    return JSON.parse(Buffer.from(this.sealer.open(sealed, place)).toString('utf8'));
  }
}

function personPlace(pseudonym: string): SealedPlace {
  return { table: 'help_number', column: 'sealed_person', row: pseudonym };
}

function survivorPlace(seq: number): SealedPlace {
  return { table: 'help_number_link', column: 'sealed_survivor', row: String(seq) };
}

function answerPlace(clientId: string, message: string): SealedPlace {
  return { table: 'help_number_request', column: 'sealed_answer', row: `${message} ${clientId}` };
}

function changePlace(seq: number): SealedPlace {
  return { table: 'help_number_change', column: 'sealed_detail', row: String(seq) };
}

/** The number that a row was asked for by. */
function numberOf(pseudonym: string, byPseudonym: ReadonlyMap<string, NationalId>): NationalId {
  const number = byPseudonym.get(pseudonym);
  if (number === undefined) throw new RangeError('a row that was not asked for');
  return number;
}
