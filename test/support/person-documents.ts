import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadMappings } from '../../src/config/mapping-files.js';
import type { Fill } from '../../src/mapping/information-parts.js';
import { isJsonObject, isJsonValue, type JsonObject, type JsonValue } from '../../src/mapping/json.js';
import { mapPerson, type MappedPerson, type Mappings } from '../../src/mapping/person-mapper.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import { isCalendarDate, type CalendarDate } from '../../src/person/calendar-date.js';
import { isNationalId, type NationalId } from '../../src/person/national-id.js';
import type { PregAddress, PregPerson } from '../../src/person/preg-person.js';
import { syntheticNumber } from './synthetic-number.js';

/** The folder of the mapping data as it is shipped. */
export const mappingFolder = fileURLToPath(new URL('../../../mappings/', import.meta.url));
const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));

/** The mapping as it is shipped. */
export const mappings: Mappings = await loadMappings(mappingFolder);

/** A text that is known to be a day. */
export function day(text: string): CalendarDate {
  if (!isCalendarDate(text)) throw new RangeError(`${text} is no day`);
  return text;
}

/** A text that is known to have the form of a number. */
export function number(text: string): NationalId {
  if (!isNationalId(text)) throw new RangeError('no number');
  return text;
}

/** The day on which all mapping tests take place. */
export const TODAY = day('2025-03-01');

/** The number of the person in `person()`. */
export const OWN_NUMBER = syntheticNumber();

/** A current element: `isValid` is true unless told otherwise. */
export function element(members: JsonObject): JsonObject {
  return { isValid: true, ...members };
}

/** A Person document with one number in use and the parts given. */
export function person(parts: JsonObject = {}): JsonObject {
  return { id: 'e1', sequenceNumber: 1, norwegianIdentificationNumber: [inUse(OWN_NUMBER)], ...parts };
}

/** A number in use. */
export function inUse(nin: string, members: JsonObject = {}): JsonObject {
  return element({
    identificationNumber: nin,
    identificationNumberType: 'NationalIdentityNumber',
    status: 'InUse',
    validFrom: '1980-01-01T00:00:00Z',
    ...members,
  });
}

/** A number that gave way to another. */
export function discontinued(nin: string, members: JsonObject = {}): JsonObject {
  return inUse(nin, { status: 'Discontinued', isValid: false, ...members });
}

/** A street address as a residence holds it. */
export function street(members: JsonObject = {}): JsonObject {
  return {
    municipalityNumber: '0301',
    municipalityName: 'Oslo',
    addressName: 'Oppdiktet vei',
    addressNumber: { houseNumber: '5', houseLetter: 'b' },
    addressCode: '12345',
    city: { cityName: 'Oslo', postalCode: '0585' },
    separatelyOccupiedUnitNumber: 'H0101',
    coAddressName: 'c/o Noen',
    ...members,
  };
}

/** A current residential address that nothing protects. */
export function residence(members: JsonObject = {}): JsonObject {
  return element({
    addressConfidentiality: 'Unclassified',
    validFrom: '2020-02-02T00:00:00Z',
    streetAddress: street(),
    ...members,
  });
}

interface MapOptions {
  readonly nin?: NationalId;
  readonly today?: CalendarDate;
  readonly fill?: Fill;
  readonly mappings?: Mappings;
  readonly on?: CalendarDate | undefined;
  readonly addresses?: 'current' | 'all';
}

/** Translates a document; about its preferred number unless told otherwise. */
export function mapped(document: JsonObject, options: MapOptions = {}): MappedPerson {
  const nin = options.nin ?? numbersIn(document)[0]?.nin ?? OWN_NUMBER;
  return mapPerson(document, options.mappings ?? mappings, {
    nin,
    today: options.today ?? TODAY,
    fill: options.fill ?? 'faithful',
    on: options.on,
    addresses: options.addresses,
  });
}

/** The person that a document with these parts gives. */
export function personWith(parts: JsonObject, options: MapOptions = {}): PregPerson {
  return mapped(person(parts), options).person;
}

/** The one address that a document with these parts gives. */
export function addressWith(parts: JsonObject, options: MapOptions = {}): PregAddress {
  return onlyAddress(personWith(parts, options));
}

/** The person's one address. */
export function onlyAddress({ addresses }: PregPerson): PregAddress {
  const [address] = addresses;
  if (address === undefined || addresses.length > 1) throw new RangeError(`${addresses.length} addresses`);
  return address;
}

/** One file of fixtures/persons or fixtures/persons-irregular, with its row in the folder's README. */
export interface PersonFixture {
  readonly name: string;
  readonly document: JsonObject;
  /** The cells of its row, without the file's name. */
  readonly cells: readonly string[];
}

/** Every person of a folder, in order. */
export function personFixtures(folder: 'persons' | 'persons-irregular'): readonly PersonFixture[] {
  const rows = new Map(
    readFileSync(`${fixtures}${folder}/README.md`, 'utf8')
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, name = '', ...cells]) => [name, cells.slice(0, -1)] as const),
  );
  return readdirSync(fixtures + folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({
      name,
      cells: rows.get(name) ?? [],
      document: jsonObject(JSON.parse(readFileSync(`${fixtures}${folder}/${name}`, 'utf8'))),
    }));
}

/** All fixture persons, regular and irregular. */
export const everyFixture: readonly PersonFixture[] = [
  ...personFixtures('persons'),
  ...personFixtures('persons-irregular'),
];

/** The document of the fixture whose name begins with these digits. */
export function fixture(digits: string, folder: 'persons' | 'persons-irregular' = 'persons'): JsonObject {
  const found = personFixtures(folder).find(({ name }) => name.startsWith(`${digits}-`));
  if (found === undefined) throw new RangeError(`no fixture ${digits}`);
  return found.document;
}

function jsonObject(value: unknown): JsonObject {
  if (!isJsonValue(value) || !isJsonObject(value)) throw new TypeError('not a JSON object');
  return value;
}

/** Every text and number anywhere in a JSON value, as text. */
export function leavesOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}
