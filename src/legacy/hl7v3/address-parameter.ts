import type { SoughtAddress } from '../../registry/search.js';
import type { XmlElement } from '../../xml/element.js';
import { codesIn } from './element-content.js';
import { hasContent, isPunctuation, onlyValue, requireExpected, wordsIn } from './parameter-content.js';
import { parameterProblems, RefusedParameter, type ParameterProblem } from './refused-parameter.js';
import { childrenOf } from './request.js';

const PARAMETER = 'identifiedPersonAddress';

/** Countries by what a client may call them: the shape of mappings/codes/countries.yaml. */
export interface CountryCodes {
  byAlpha3(code: string): { readonly alpha3: string } | undefined;
  byAlpha2(code: string): { readonly alpha3: string } | undefined;
  /** By Norwegian name, however it is capitalised. */
  byName(name: string): { readonly alpha3: string } | undefined;
}

/** Which of a person's addresses a use means (preg-hl7v3 3.4). The 2021 client registers TMP and searches WP. */
const kinds: ReadonlyMap<string, SoughtAddress['kind']> = new Map([
  ['H', 'home'],
  ['HP', 'residential'],
  ['TMP', 'present'],
  ['WP', 'present'],
]);

const lineParts = ['streetAddressLine', 'deliveryAddressLine'];
const streetParts = ['streetName', 'houseNumber', 'houseNumberNumeric', 'buildingNumberSuffix'];
const placeParts = ['postalCode', 'city', 'county', 'country'];
const searchedParts = [...lineParts, ...streetParts, ...placeParts];
/** Known to the schema; the new search has no field for them. */
const otherParts = [
  ...['additionalLocator', 'careOf', 'censusTract', 'direction', 'precinct', 'postBox', 'state'],
  ...['streetNameBase', 'streetNameType', 'unitID', 'unitType', 'useablePeriod'],
  ...['deliveryInstallationArea', 'deliveryInstallationQualifier', 'deliveryInstallationType'],
  ...['deliveryMode', 'deliveryModeIdentifier'],
];

const problems = {
  street: { code: 'SYN102', text: 'has a house number without a street name, or a letter without a number' },
  postalCode: { code: 'SYN102', text: 'is not a Norwegian post code of four digits' },
  county: { code: 'SYN102', text: 'is neither a municipality number of four digits nor a name' },
  country: { code: 'SYN106', text: 'is not a country that is known by this code or name' },
} as const satisfies Readonly<Record<string, ParameterProblem>>;

/**
 * An address sought (AD, preg-hl7v3 3.4 and 4.1); undefined when nothing but a use is told.
 * @throws RefusedParameter for parts and uses that the search has nothing for
 */
export function soughtAddress(value: XmlElement, countries: CountryCodes): SoughtAddress | undefined {
  requireExpected(
    value,
    { attributes: ['use'], children: [...searchedParts, ...otherParts, 'delimiter'] },
    PARAMETER,
  );
  if (value.children.some(isNotSearchable)) {
    throw new RefusedParameter(PARAMETER, parameterProblems.partNotSearchable);
  }
  const place = {
    street: streetIn(value),
    postalCode: postalCodeIn(value),
    postalPlace: partIn(value, 'city'),
    ...municipalityIn(value),
    country: countryIn(value, countries),
  };
  const kind = kindIn(value);
  return Object.values(place).every((text) => text === undefined) ? undefined : { ...place, kind };
}

function isNotSearchable(part: XmlElement): boolean {
  if (part.localName === 'delimiter') return !isPunctuation(part);
  return otherParts.includes(part.localName) && hasContent(part);
}

/** The text of the part with that name; a part may be repeated, but not with another text. */
function partIn(value: XmlElement, ...names: readonly string[]): string | undefined {
  const texts = names.flatMap((name) =>
    childrenOf(value, name).map((part) => {
      requireExpected(part, { text: true }, `${PARAMETER} ${name}`);
      return wordsIn(part);
    }),
  );
  return onlyValue(`${PARAMETER} ${names[0] ?? ''}`, texts);
}

/** Street, house number and letter in one text, as the search takes them. Told as a line and in parts, it is told once. */
function streetIn(value: XmlElement): string | undefined {
  const line = partIn(value, ...lineParts);
  const name = partIn(value, 'streetName');
  const number = partIn(value, 'houseNumber', 'houseNumberNumeric');
  const suffix = partIn(value, 'buildingNumberSuffix');
  if ((name === undefined && number !== undefined) || (number === undefined && suffix !== undefined)) {
    throw new RefusedParameter(PARAMETER, problems.street);
  }
  const house = `${number ?? ''}${suffix ?? ''}`;
  const composed = name === undefined || house === '' ? name : `${name} ${house}`;
  return onlyValue(`${PARAMETER} streetAddressLine`, [line, composed]);
}

function postalCodeIn(value: XmlElement): string | undefined {
  const code = partIn(value, 'postalCode');
  if (code === undefined || /^[0-9]{4}$/.test(code)) return code;
  throw new RefusedParameter(`${PARAMETER} postalCode`, problems.postalCode);
}

/** The clients put the municipality in `county`, by number or by name. */
function municipalityIn(value: XmlElement): Pick<SoughtAddress, 'municipality' | 'municipalityName'> {
  const county = partIn(value, 'county');
  if (county === undefined) return {};
  if (/^[0-9]{4}$/.test(county)) return { municipality: county };
  if (/\p{N}/u.test(county)) throw new RefusedParameter(`${PARAMETER} county`, problems.county);
  return { municipalityName: county };
}

function countryIn(value: XmlElement, countries: CountryCodes): string | undefined {
  const told = partIn(value, 'country');
  if (told === undefined) return undefined;
  const code = told.toUpperCase();
  const country = countries.byAlpha3(code) ?? countries.byAlpha2(code) ?? countries.byName(told);
  // Countries that are no more have a name and no code.
  if (country === undefined || country.alpha3 === '') {
    throw new RefusedParameter(`${PARAMETER} country`, problems.country);
  }
  return country.alpha3;
}

/** Several uses may be told of one address, as long as they mean the same one. A home in the register is a residence. */
function kindIn(value: XmlElement): SoughtAddress['kind'] {
  const told = new Set(codesIn(value, 'use').map((use) => kinds.get(use) ?? 'unknown'));
  if (told.has('residential')) told.delete('home');
  const [kind] = told;
  if (told.size > 1 || kind === 'unknown') {
    throw new RefusedParameter(PARAMETER, parameterProblems.useNotSearchable);
  }
  return kind;
}
