import type { Access } from '../../src/registry/person-registry.js';
import type { DayRange, SearchQuery, SoughtAddress, SoughtName } from '../../src/registry/search.js';
import {
  elementsOf,
  isCurrent,
  objectAt,
  textAt,
  type JsonObject,
  type PersonDocument,
} from '../../src/sandbox/population/person-document.js';
import { mappings } from './person-documents.js';

/** Whether a person fits a query; undefined where the register knows too little to tell. */
export type Verdict = boolean | undefined;

/**
 * The judge of searches: goes through a whole stored document, criterion by criterion, without index, limit or count.
 * Knows nothing of how the registry asks.
 */
export function fitsQuery(document: PersonDocument, query: SearchQuery, access: Access = 'full'): Verdict {
  const { name, birth, gender, address, deceased, death } = query;
  const numbers = elementsOf(document, 'norwegianIdentificationNumber');
  const isDead = (): boolean =>
    valueOf(document, 'status', 'status') === 'Deceased' || current(document, 'death').length > 0;
  const criteria: readonly (() => Verdict)[] = [
    () => name === undefined || current(document, 'name').some((one) => isNamed(one, name)),
    () => birth === undefined || isBorn(current(document, 'birth')[0], birth),
    () =>
      query.withHelpNumbers || numbers.some((number) => number['identificationNumberType'] !== HELP_NUMBER),
    // Restricted access is told of no former numbers, so a person with no other cannot be told of.
    () => access === 'full' || numbers.some((number) => number['status'] !== 'Discontinued') || undefined,
    () =>
      gender === undefined || valueOf(document, 'gender', 'gender') === { F: 'Female', M: 'Male' }[gender],
    () => deceased === undefined || isDead() === deceased,
    () =>
      death === undefined || isWithin((valueOf(document, 'death', 'deceasedDate') ?? '').slice(0, 10), death),
    () =>
      Object.values(address ?? {}).every((part) => part === undefined) ||
      (!isProtected(document) && livesAt(document, address ?? {})),
  ];
  let verdict: Verdict = true;
  for (const fits of criteria) {
    const one = fits();
    if (one === false) return false;
    if (one === undefined) verdict = undefined;
  }
  return verdict;
}

const HELP_NUMBER = 'AlternateIdentificationNumber';

function current(document: PersonDocument, part: string): readonly JsonObject[] {
  return elementsOf(document, part).filter(isCurrent);
}

function valueOf(document: PersonDocument, part: string, member: string): string | undefined {
  return textAt(current(document, part)[0], member);
}

const plainTexts = new Map<string, string>();

function plain(text: string | undefined): string {
  if (text === undefined) return '';
  const known = plainTexts.get(text);
  if (known !== undefined) return known;
  const made = text.normalize('NFC').toLocaleLowerCase('nb').trim().split(/\s+/).join(' ');
  plainTexts.set(text, made);
  return made;
}

function begins(text: string | undefined, sought: string | undefined): boolean {
  return sought === undefined || plain(text).startsWith(plain(sought.replace('*', '')));
}

function isNamed(name: JsonObject, { given, middle, family, full }: SoughtName): boolean {
  const parts = ['givenName', 'middleName', 'familyName'].map((member) => textAt(name, member));
  const words = plain(parts.join(' ')).split(' ');
  const beginnings = [...words, ...words.flatMap((word) => word.split('-'))];
  return (
    begins(parts[0], given) &&
    begins(parts[1], middle) &&
    begins(parts[2], family) &&
    plain(full?.replace('*', ''))
      .split(' ')
      .every((sought) => beginnings.some((word) => word.startsWith(sought)))
  );
}

function isBorn(birth: JsonObject | undefined, range: DayRange): Verdict {
  const day = textAt(birth, 'birthDate');
  if (day !== undefined) return isWithin(day.slice(0, 10), range);
  const year = textAt(birth, 'birthYear');
  if (year === undefined) return false;
  const mayBe =
    isWithin(`${year}-01-01`, { to: range.to }) && isWithin(`${year}-12-31`, { from: range.from });
  return mayBe ? undefined : false;
}

function isWithin(day: string, { from, to }: DayRange): boolean {
  return day !== '' && (from === undefined || day >= from) && (to === undefined || day <= to);
}

const LEVELS = [
  ['addressProtection', 'protectionLevel'],
  ['residentialAddress', 'addressConfidentiality'],
  ['presentAddress', 'addressConfidentiality'],
  ['sharedResidence', 'addressConfidentiality'],
  ['postalAddress', 'addressConfidentiality'],
  ['foreignPostalAddress', 'addressConfidentiality'],
  ['preferredContactAddress', 'addressConfidentiality'],
] as const;

/** Whether anything protects the person's addresses today. */
export function isProtected(document: PersonDocument): boolean {
  return LEVELS.some(([part, member]) =>
    current(document, part).some((element) => (textAt(element, member) ?? 'Unclassified') !== 'Unclassified'),
  );
}

function livesAt(document: PersonDocument, sought: SoughtAddress): boolean {
  const { country, kind, ...place } = sought;
  const lists = {
    residential: ['residentialAddress'],
    present: ['presentAddress'],
    home: ['residentialAddress', 'presentAddress'],
    any: ['residentialAddress', 'presentAddress', 'sharedResidence', 'foreignPostalAddress'],
  }[kind ?? 'any'];
  return lists.some((list) =>
    current(document, list).some((element) => {
      const forms = ['streetAddress', 'cadastralAddress', 'unknownResidence'];
      const home = forms.map((form) => objectAt(element, form)).find((form) => form !== undefined);
      if (country !== undefined && countryIn(element, home) !== country) return false;
      if (home !== undefined) return isPlace(home, place) && !(kind === 'home' && list === 'presentAddress');
      const abroad = objectAt(element, 'foreignAddress') ?? objectAt(element, 'freeFormForeignAddress');
      if (abroad === undefined) return false;
      return isPlaceAbroad(abroad, place);
    }),
  );
}

function countryIn(element: JsonObject, home: JsonObject | undefined): string | undefined {
  if (home !== undefined) return 'NOR';
  const abroad = objectAt(element, 'foreignAddress') ?? objectAt(element, 'freeFormForeignAddress');
  return mappings.countries.byAlpha2(textAt(abroad, 'countryCode') ?? '')?.alpha3;
}

function isPlaceAbroad(abroad: JsonObject, sought: Omit<SoughtAddress, 'country' | 'kind'>): boolean {
  const lines = [textAt(abroad, 'addressName'), ...textsAt(abroad, 'addressLine')];
  const closeUp = (text: string | undefined): string => plain(text).split(' ').join('');
  return (
    sought.municipality === undefined &&
    sought.municipalityName === undefined &&
    (sought.street === undefined ||
      lines.some((line) => closeUp(line).startsWith(closeUp(sought.street?.replace('*', ''))))) &&
    (sought.postalCode === undefined || textAt(abroad, 'postCode') === sought.postalCode) &&
    begins(textAt(abroad, 'cityOrPlaceName'), sought.postalPlace)
  );
}

function textsAt(object: JsonObject, member: string): readonly string[] {
  const list = object[member];
  return Array.isArray(list) ? list.filter((text): text is string => typeof text === 'string') : [];
}

function isPlace(home: JsonObject, sought: Omit<SoughtAddress, 'country' | 'kind'>): boolean {
  const town = objectAt(home, 'cadastralNumber') ?? home;
  const number = objectAt(home, 'addressNumber');
  const line = [
    textAt(home, 'addressName'),
    textAt(number, 'houseNumber'),
    textAt(number, 'houseLetter'),
  ].join('');
  const street = home['addressNumber'] === undefined && home['addressName'] === undefined ? '' : line;
  const closeUp = (text: string): string => plain(text).split(' ').join('');
  const municipality = plain(textAt(town, 'municipalityName'));
  return (
    (sought.street === undefined || closeUp(street).startsWith(closeUp(sought.street.replace('*', '')))) &&
    (sought.postalCode === undefined || textAt(objectAt(home, 'city'), 'postalCode') === sought.postalCode) &&
    begins(textAt(objectAt(home, 'city'), 'cityName'), sought.postalPlace) &&
    (sought.municipality === undefined || textAt(town, 'municipalityNumber') === sought.municipality) &&
    [municipality, ...municipality.split(' - ')].some((name) => begins(name, sought.municipalityName))
  );
}
