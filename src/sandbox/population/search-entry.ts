import {
  elementsOf,
  isAlternateOnly,
  isCurrent,
  objectAt,
  textAt,
  type JsonObject,
  type PersonDocument,
} from './person-document.js';

/** What can be searched of one person: current information only (persontjenesten-api 6). */
export interface SearchEntry {
  readonly names: readonly SearchName[];
  /** `YYYY-MM-DD`, or `YYYY` when only the year is known; empty when nothing is. */
  readonly birth: string;
  readonly death: string;
  readonly gender: string;
  readonly status: string;
  /** Whether an alternate number is the only one the person has. */
  readonly alternateOnly: boolean;
  readonly addresses: readonly SearchAddress[];
}

/** A name as it is searched: folded. */
export interface SearchName {
  readonly given: string;
  readonly middle: string;
  readonly family: string;
  /** Every part of the full name. */
  readonly words: readonly string[];
}

/** A Norwegian address as it is searched. */
export interface SearchAddress {
  /** Street name, number and letter without blanks, folded; empty for other than street addresses. */
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly municipality: string;
  /** Basic statistical unit, eight digits. */
  readonly unit: string;
  /** Whether restricted-access may not see it, and so may not search it. */
  readonly classified: boolean;
}

const SEARCHED_ADDRESSES = ['residentialAddress', 'presentAddress', 'sharedResidence'];

/** Case, blanks and the way letters are composed do not matter in a search; diacritics do. */
export function foldName(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** As `foldName`, and without blanks: `Syntetveien 42 B` and `syntetveien 42b` are one address. */
export function foldStreet(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/gu, '');
}

/** Makes search entries; strings that many persons have are kept once. */
export class SearchEntryMaker {
  readonly #kept = new Map<string, string>();
  readonly #folded = new Map<string, string>();

  /** The entry of a document. `isClassified` tells an address that restricted-access may not see. */
  entryOf(
    document: PersonDocument,
    isClassified: (part: string, element: JsonObject) => boolean,
  ): SearchEntry {
    const current = (part: string): readonly JsonObject[] => elementsOf(document, part).filter(isCurrent);
    const [birth] = current('birth');
    const [death] = current('death');
    return {
      names: current('name').map((name) => this.#name(name)),
      birth: this.#keep((textAt(birth, 'birthDate') ?? textAt(birth, 'birthYear') ?? '').slice(0, 10)),
      death: this.#keep((textAt(death, 'deceasedDate') ?? '').slice(0, 10)),
      gender: this.#keep(textAt(current('gender')[0], 'gender') ?? ''),
      status: this.#keep(textAt(current('status')[0], 'status') ?? ''),
      alternateOnly: isAlternateOnly(document),
      addresses: SEARCHED_ADDRESSES.flatMap((part) =>
        current(part).flatMap((element) => this.#address(element, isClassified(part, element))),
      ),
    };
  }

  #name(name: JsonObject): SearchName {
    const given = this.#fold(name, 'givenName');
    const middle = this.#fold(name, 'middleName');
    const family = this.#fold(name, 'familyName');
    const words = new Set<string>();
    for (const part of [given, middle, family]) {
      for (const word of part.split(' ')) {
        if (word === '') continue;
        words.add(this.#keep(word));
        // A double name is found by each of its halves and by the whole.
        if (word.includes('-')) for (const half of word.split('-')) words.add(this.#keep(half));
      }
    }
    words.delete('');
    return { given, middle, family, words: [...words] };
  }

  #fold(name: JsonObject, member: string): string {
    const text = textAt(name, member);
    if (text === undefined) return '';
    let folded = this.#folded.get(text);
    if (folded === undefined) {
      folded = this.#keep(foldName(text));
      this.#folded.set(text, folded);
    }
    return folded;
  }

  #address(element: JsonObject, classified: boolean): SearchAddress[] {
    const street = objectAt(element, 'streetAddress');
    const cadastral = objectAt(element, 'cadastralAddress');
    const norwegian = street ?? cadastral ?? objectAt(element, 'unknownResidence');
    if (norwegian === undefined) return [];
    const city = objectAt(norwegian, 'city');
    const number = objectAt(street, 'addressNumber');
    const municipality =
      textAt(norwegian, 'municipalityNumber') ??
      textAt(objectAt(cadastral, 'cadastralNumber'), 'municipalityNumber');
    const line = [
      textAt(street, 'addressName'),
      textAt(number, 'houseNumber'),
      textAt(number, 'houseLetter'),
    ].filter((piece) => piece !== undefined);
    return [
      {
        street: this.#keep(foldStreet(line.join(''))),
        postalCode: this.#keep(textAt(city, 'postalCode') ?? ''),
        city: this.#keep(foldName(textAt(city, 'cityName') ?? '')),
        municipality: this.#keep(municipality ?? ''),
        unit: this.#keep(textAt(element, 'fullBasicStatisticalUnitNumber') ?? ''),
        classified,
      },
    ];
  }

  #keep(text: string): string {
    const kept = this.#kept.get(text);
    if (kept !== undefined) return kept;
    this.#kept.set(text, text);
    return text;
  }
}
