import type { SearchAddress, SearchEntry, SearchName } from './search-entry.js';

/** What a search asks for; everything given must fit. Texts are folded already (`foldName`, `foldStreet`). */
export interface SearchCriteria {
  /** Each word begins a part of the name. */
  readonly fullName?: readonly string[];
  readonly givenName?: string;
  readonly middleName?: string;
  readonly familyName?: string;
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as the other dates. */
  readonly birthDate?: string;
  readonly birthDateFrom?: string;
  readonly birthDateTo?: string;
  readonly deathDateFrom?: string;
  readonly deathDateTo?: string;
  readonly gender?: string;
  readonly statuses?: readonly string[];
  readonly street?: string;
  readonly postalCode?: string;
  readonly cityName?: string;
  readonly municipalityNumber?: string;
  readonly basicStatisticalUnit?: string;
}

/** On whose behalf is searched. */
export interface SearchScope {
  /** Whether persons with an alternate number only are searched too. */
  readonly includeAlternate: boolean;
  /** Whether classified addresses are searched too. */
  readonly seesClassified: boolean;
  /** The status that the caller sees for a stored one. */
  readonly visibleStatus: (status: string) => string;
}

/** Search over the whole population: by an index of name words where a name is given, else one by one. */
export class SearchIndex {
  readonly #entries: (SearchEntry | undefined)[] = [];
  readonly #byWord = new Map<string, number[]>();
  #words: string[] | undefined;

  /** Adds the next person. */
  add(entry: SearchEntry): void {
    this.#link(entry, this.#entries.push(entry) - 1);
  }

  /** Puts what is searched of a person in place of what was; undefined when the person is no longer to be found. */
  replace(index: number, entry: SearchEntry | undefined): void {
    const before = this.#entries[index];
    if (before !== undefined) this.#unlink(before, index);
    this.#entries[index] = entry;
    if (entry !== undefined) this.#link(entry, index);
  }

  #link(entry: SearchEntry, index: number): void {
    for (const word of wordsOf(entry)) {
      const people = this.#byWord.get(word);
      if (people !== undefined) people.push(index);
      else {
        this.#byWord.set(word, [index]);
        this.#words = undefined;
      }
    }
  }

  #unlink(entry: SearchEntry, index: number): void {
    for (const word of wordsOf(entry)) {
      const people = this.#byWord.get(word);
      const place = people?.indexOf(index) ?? -1;
      if (place >= 0) people?.splice(place, 1);
    }
  }

  /** The persons that fit, in the order in which they were added. */
  search(criteria: SearchCriteria, scope: SearchScope): readonly number[] {
    const matches: number[] = [];
    for (const index of this.#candidates(criteria)) {
      const entry = this.#entries[index];
      if (entry !== undefined && fits(entry, criteria, scope)) matches.push(index);
    }
    return matches;
  }

  #candidates(criteria: SearchCriteria): Iterable<number> {
    const word = longest([
      ...(criteria.fullName ?? []),
      ...[criteria.givenName, criteria.middleName, criteria.familyName].map(firstWord),
    ]);
    if (word === '') return this.#entries.keys();
    const people = new Set<number>();
    for (const known of this.#wordsFrom(word)) {
      for (const index of this.#byWord.get(known) ?? []) people.add(index);
    }
    return [...people].sort((one, other) => one - other);
  }

  *#wordsFrom(prefix: string): Iterable<string> {
    this.#words ??= [...this.#byWord.keys()].sort(byCodeUnit);
    let low = 0;
    let high = this.#words.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (byCodeUnit(this.#words[middle] ?? '', prefix) < 0) low = middle + 1;
      else high = middle;
    }
    for (let position = low; position < this.#words.length; position += 1) {
      const word = this.#words[position] ?? '';
      if (!word.startsWith(prefix)) return;
      yield word;
    }
  }
}

function wordsOf(entry: SearchEntry): ReadonlySet<string> {
  return new Set(entry.names.flatMap((name) => name.words));
}

function byCodeUnit(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function firstWord(field: string | undefined): string {
  return field?.split(' ').find((word) => word !== '') ?? '';
}

function longest(words: readonly string[]): string {
  return words.reduce((best, word) => (word.length > best.length ? word : best), '');
}

function fits(entry: SearchEntry, criteria: SearchCriteria, scope: SearchScope): boolean {
  if (entry.alternateOnly && !scope.includeAlternate) return false;
  return (
    fitsFacts(entry, criteria, scope) &&
    fitsName(entry.names, criteria) &&
    fitsAddress(entry.addresses, criteria, scope)
  );
}

function fitsFacts(entry: SearchEntry, criteria: SearchCriteria, scope: SearchScope): boolean {
  const { birthDate, gender, statuses } = criteria;
  return (
    (birthDate === undefined || entry.birth.startsWith(birthDate)) &&
    isWithin(entry.birth, criteria.birthDateFrom, criteria.birthDateTo) &&
    isWithin(entry.death, criteria.deathDateFrom, criteria.deathDateTo) &&
    (gender === undefined || entry.gender === gender) &&
    (statuses === undefined || statuses.includes(scope.visibleStatus(entry.status)))
  );
}

/** Both ends are inclusive and as precise as they are written: until 1985 is until its last day. */
function isWithin(date: string, from: string | undefined, to: string | undefined): boolean {
  if (from === undefined && to === undefined) return true;
  if (date === '') return false;
  return (
    (from === undefined || date.slice(0, from.length) >= from) &&
    (to === undefined || date.slice(0, to.length) <= to)
  );
}

function fitsName(names: readonly SearchName[], criteria: SearchCriteria): boolean {
  const { fullName, givenName, middleName, familyName } = criteria;
  if (
    fullName === undefined &&
    givenName === undefined &&
    middleName === undefined &&
    familyName === undefined
  ) {
    return true;
  }
  return names.some(
    (name) =>
      (fullName ?? []).every((word) => name.words.some((known) => known.startsWith(word))) &&
      (givenName === undefined || name.given.startsWith(givenName)) &&
      (middleName === undefined || name.middle.startsWith(middleName)) &&
      (familyName === undefined || name.family.startsWith(familyName)),
  );
}

function fitsAddress(
  addresses: readonly SearchAddress[],
  criteria: SearchCriteria,
  { seesClassified }: SearchScope,
): boolean {
  const { street, postalCode, cityName, municipalityNumber, basicStatisticalUnit } = criteria;
  const asked = [street, postalCode, cityName, municipalityNumber, basicStatisticalUnit];
  if (asked.every((criterion) => criterion === undefined)) return true;
  return addresses.some(
    (address) =>
      (seesClassified || !address.classified) &&
      (street === undefined || address.street.startsWith(street)) &&
      (postalCode === undefined || address.postalCode === postalCode) &&
      (cityName === undefined || address.city.startsWith(cityName)) &&
      (municipalityNumber === undefined || address.municipality === municipalityNumber) &&
      (basicStatisticalUnit === undefined || address.unit === basicStatisticalUnit),
  );
}
