import { isNationalId, type NationalId } from '../person/national-id.js';
import type { ElementIndex } from './element-index.js';
import { elementsOf, everyAmong, isLocatedObject, type Located } from './elements.js';
import { textIn, type JsonObject } from './json.js';

/** One of a person's Norwegian identification numbers. */
export interface OwnNumber {
  readonly nin: NationalId;
  readonly inUse: boolean;
  /** Known to be out of use; a number whose status nobody knows is neither. */
  readonly discontinued: boolean;
  readonly type: string;
  readonly validFrom: string;
  readonly element: Located<JsonObject>;
}

/** The list of a person's numbers. */
const NUMBERS = 'norwegianIdentificationNumber';

/** The order in which a person's numbers in use are preferred (preg-hl7v3 4.2). */
const preference = ['NationalIdentityNumber', 'DNumber', 'AlternateIdentificationNumber'];

/** A person's numbers, the preferred first: in use before out of use, then by type, then the newest. */
export function numbersIn(document: JsonObject): readonly OwnNumber[] {
  return numbersAmong(everyAmong(elementsOf(document, NUMBERS)));
}

/** The numbers of the person in one document; read once, though half of the rows ask for them. */
export class OwnNumbers {
  readonly #known = new Map<readonly Located[], readonly OwnNumber[]>();

  constructor(private readonly elements: ElementIndex) {}

  /** All of them, the preferred first. */
  get all(): readonly OwnNumber[] {
    return this.among(this.elements.every(NUMBERS));
  }

  /** Those in some elements of this document, the preferred first. */
  among(elements: readonly Located[]): readonly OwnNumber[] {
    const known = this.#known.get(elements);
    if (known !== undefined) return known;
    const numbers = numbersAmong(elements);
    this.#known.set(elements, numbers);
    return numbers;
  }
}

function numbersAmong(elements: readonly Located[]): readonly OwnNumber[] {
  const numbers = elements.filter(isLocatedObject).flatMap(numberOf);
  return numbers.length < 2 ? numbers : numbers.toSorted(byPreference);
}

function numberOf(element: Located<JsonObject>): readonly OwnNumber[] {
  const { value } = element;
  const nin = textIn(value, 'identificationNumber');
  if (nin === undefined || !isNationalId(nin)) return [];
  // An ended element without a status of its own is not a number in use.
  const status = textIn(value, 'status') ?? (value['isValid'] === false ? 'Discontinued' : 'InUse');
  return [
    {
      nin,
      inUse: status === 'InUse',
      discontinued: status === 'Discontinued',
      type: textIn(value, 'identificationNumberType') ?? '',
      validFrom: textIn(value, 'validFrom') ?? '',
      element,
    },
  ];
}

function byPreference(a: OwnNumber, b: OwnNumber): number {
  if (a.inUse !== b.inUse) return a.inUse ? -1 : 1;
  if (a.inUse && a.type !== b.type) return rank(a.type) - rank(b.type);
  return a.validFrom === b.validFrom ? 0 : a.validFrom < b.validFrom ? 1 : -1;
}

function rank(type: string): number {
  const index = preference.indexOf(type);
  return index === -1 ? preference.length : index;
}

/** Whether the type is one that this adapter knows, or not told. */
export function isKnownType({ type }: OwnNumber): boolean {
  return type === '' || preference.includes(type);
}
