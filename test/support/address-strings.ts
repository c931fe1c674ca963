import { isJsonList, isJsonObject, type JsonValue } from '../../src/mapping/json.js';

/** Parts of a Person document that tell where a person is. */
const ADDRESS_PARTS = [
  'residentialAddress',
  'presentAddress',
  'sharedResidence',
  'postalAddress',
  'foreignPostalAddress',
  'preferredContactAddress',
  'stayOnSvalbard',
  'residuaryEstateContactInformation',
] as const;

/** Members of an address that name or number a place, or somebody who lives there. */
const TELLING: ReadonlySet<string> = new Set([
  'addressName',
  'addressAdditionalName',
  'coAddressName',
  'cityName',
  'city',
  'cityOrPlaceName',
  'postalCode',
  'postCode',
  'municipalityName',
  'municipalityNumber',
  'addressLine',
  'adresselinje',
  'postBoxIdentification',
  'postBoxOwner',
  'building',
  'region',
  'separatelyOccupiedUnitNumber',
  'basicStatisticalUnitName',
  'urbanDistrictName',
  'geographicalUrbanDistrictName',
  'cadastralIdentifier',
]);

/** Which elements of a part to look at: those that hold today, those that do not, or all. */
export type Age = 'current' | 'former' | 'any';

/** Everything in a document's addresses by which a place could be recognised, upper case, names of one place apart. */
export function addressStrings(
  document: Readonly<Record<string, JsonValue | undefined>>,
  age: Age,
): Set<string> {
  const found = new Set<string>();
  for (const part of ADDRESS_PARTS) {
    const value = document[part];
    const elements = isJsonList(value) ? value.filter(isJsonObject) : isJsonObject(value) ? [value] : [];
    for (const element of elements) {
      const former = element['isValid'] === false;
      if (age !== 'any' && former !== (age === 'former')) continue;
      collect(element, false, found);
    }
  }
  return found;
}

function collect(value: JsonValue | undefined, telling: boolean, found: Set<string>): void {
  if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) collect(member, TELLING.has(name), found);
  } else if (isJsonList(value)) {
    for (const item of value) collect(item, telling, found);
  } else if (telling && typeof value === 'string') {
    // A municipality has up to three names: "Nordreisa - Ráisa - Raisi".
    for (const name of value.split(' - ')) if (name.trim() !== '') found.add(name.trim().toUpperCase());
  }
}
