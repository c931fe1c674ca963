import { classification, thinStatus } from '../persontjenesten/restricted-access.js';
import { GeneratedPeople } from './generated/generated-people.js';
import { numbersOf, type PersonDocument } from './person-document.js';
import { loadPersonFolder, UnusablePersonFile, type LoadedPerson } from './person-folder.js';
import { SearchEntryMaker } from './search-entry.js';
import { SearchIndex, type SearchCriteria } from './search-index.js';

/** Who the population consists of. */
export interface PopulationOptions {
  /** Folders whose `*.json` files are Person documents. */
  readonly personFolders: readonly string[];
  /** How many persons are invented besides. */
  readonly generated: number;
  /** The same seed invents the same persons. */
  readonly seed: number;
}

/** On whose behalf is searched. */
export interface SearchView {
  readonly access: 'full' | 'restricted';
  /** Whether persons known by an alternate number only are included. */
  readonly includeAlternate: boolean;
}

/**
 * The persons of the sandbox: those loaded from files first, in order of file, then the generated ones, then those who came
 * later. Documents are whole; what a caller sees of them is decided by `viewOf`.
 */
export class Population {
  readonly #loaded: readonly LoadedPerson[];
  #generated: GeneratedPeople | undefined;
  readonly #byNumber = new Map<string, number>();
  readonly #byId = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #index = new SearchIndex();
  /** Documents that took the place of the first ones; null for persons who have none any more. */
  readonly #changed = new Map<number, PersonDocument | null>();
  readonly #changedEntries = new SearchEntryMaker();
  #gone = 0;
  #newest = 0;

  private constructor(loaded: readonly LoadedPerson[]) {
    this.#loaded = loaded;
  }

  /**
   * Loads and generates the persons.
   * Throws UnusablePersonFile, naming the file, when one cannot be used or has a number or an id that an earlier one has.
   */
  static async create(options: PopulationOptions): Promise<Population> {
    const folders = await Promise.all(options.personFolders.map(loadPersonFolder));
    const population = new Population(folders.flat());
    population.#enrolLoaded();
    population.#generate(options);
    return population;
  }

  get size(): number {
    return this.#ids.length - this.#gone;
  }

  /** The highest sequence number of all documents; 0 when there are none. */
  get newestSequenceNumber(): number {
    return this.#newest;
  }

  /** Whether somebody has that number. */
  has(number: string): boolean {
    return this.#byNumber.has(number);
  }

  /** The person with that number: present or superseded, alternate or DUF. */
  find(number: string): PersonDocument | undefined {
    return this.#document(this.#byNumber.get(number));
  }

  /** The person with that id. */
  get(id: string): PersonDocument | undefined {
    return this.#document(this.#byId.get(id));
  }

  /** Every person, one at a time. */
  *documents(): Iterable<PersonDocument> {
    for (let index = 0; index < this.#ids.length; index += 1) {
      const document = this.#document(index);
      if (document !== undefined) yield document;
    }
  }

  /** The ids of the persons that fit, in a fixed order. */
  search(criteria: SearchCriteria, { access, includeAlternate }: SearchView): readonly string[] {
    const restricted = access === 'restricted';
    const matches = this.#index.search(criteria, {
      includeAlternate,
      seesClassified: !restricted,
      visibleStatus: restricted ? thinStatus : (status) => status,
    });
    return matches.flatMap((index) => this.#ids[index] ?? []);
  }

  /**
   * Puts a document in place of the one with the same id, or adds a person. The numbers that it lists find it from now on, the
   * ones that it no longer lists find nobody unless another document has taken them over.
   */
  put(document: PersonDocument): void {
    const index = this.#byId.get(document.id);
    if (index === undefined) {
      this.#changed.set(this.#ids.length, document);
      this.#enrol(document, this.#changedEntries);
      return;
    }
    if (this.#document(index) === undefined) this.#gone -= 1;
    this.#dropNumbers(index);
    this.#changed.set(index, document);
    for (const number of numbersOf(document)) this.#byNumber.set(number, index);
    this.#index.replace(index, this.#changedEntries.entryOf(document, classification(document)));
    this.#newest = Math.max(this.#newest, document.sequenceNumber);
  }

  /** Takes a person out: neither the id nor the numbers find a document, unless another one has taken the numbers over. */
  remove(id: string): void {
    const index = this.#byId.get(id);
    if (index === undefined || this.#document(index) === undefined) return;
    this.#dropNumbers(index);
    this.#changed.set(index, null);
    this.#index.replace(index, undefined);
    this.#gone += 1;
  }

  #dropNumbers(index: number): void {
    const document = this.#document(index);
    for (const number of document === undefined ? [] : numbersOf(document)) {
      if (this.#byNumber.get(number) === index) this.#byNumber.delete(number);
    }
  }

  #document(index: number | undefined): PersonDocument | undefined {
    if (index === undefined) return undefined;
    const changed = this.#changed.get(index);
    if (changed !== undefined) return changed ?? undefined;
    return this.#loaded[index]?.document ?? this.#generated?.document(index - this.#loaded.length);
  }

  #enrolLoaded(): void {
    const entries = new SearchEntryMaker();
    for (const { file, document } of this.#loaded) {
      const other =
        this.#byId.get(document.id) ??
        numbersOf(document)
          .map((number) => this.#byNumber.get(number))
          .find((index) => index !== undefined);
      if (other !== undefined) {
        const what = this.#byId.has(document.id) ? 'id' : 'identification number';
        throw new UnusablePersonFile(
          file,
          `has an ${what} that ${this.#loaded[other]?.file ?? ''} has already`,
        );
      }
      this.#enrol(document, entries);
    }
  }

  #generate({ generated, seed }: PopulationOptions): void {
    const entries = new SearchEntryMaker();
    this.#generated = GeneratedPeople.make(
      { size: generated, seed, isTaken: (number) => this.#byNumber.has(number) },
      (document) => {
        this.#enrol(document, entries);
      },
    );
  }

  #enrol(document: PersonDocument, entries: SearchEntryMaker): void {
    const index = this.#ids.push(document.id) - 1;
    this.#byId.set(document.id, index);
    for (const number of numbersOf(document)) this.#byNumber.set(number, index);
    this.#index.add(entries.entryOf(document, classification(document)));
    this.#newest = Math.max(this.#newest, document.sequenceNumber);
  }
}
