import type { RecordedAddress } from '../../person/help-number-record.js';
import type { XmlElement } from '../../xml/element.js';
import { codesIn, saysSomething, tellNotKept, textOf } from './element-content.js';
import type { Findings } from './findings.js';
import { childrenOf } from './request.js';

/** Parts that make a line of their own, in the order in which they stand. */
const lineParts = new Set([
  'streetAddressLine',
  'deliveryAddressLine',
  'additionalLocator',
  'unitID',
  'postBox',
  'precinct',
  'state',
]);
/** Parts of one line, put together. */
const streetParts = new Set(['streetName', 'houseNumber', 'houseNumberNumeric', 'buildingNumberSuffix']);
const kept = new Set([
  ...lineParts,
  ...streetParts,
  ...['postalCode', 'city', 'county', 'country', 'careOf', 'delimiter'],
]);
const known = new Set([
  ...['direction', 'streetNameBase', 'streetNameType', 'unitType', 'censusTract'],
  ...['deliveryInstallationType', 'deliveryInstallationArea', 'deliveryInstallationQualifier'],
  ...['deliveryMode', 'deliveryModeIdentifier', 'useablePeriod'],
]);

const uses = new Set('BAD CONF H HP HV TMP WP DIR PUB PHYS PST'.split(' '));
const norway = new Set(['NO', 'NOR', '578', 'NORGE', 'NOREG', 'NORWAY']);

/** An address as told (preg-hl7v3 3.4); undefined when nothing is told, or nothing that may be kept. */
export function recordedAddress(address: XmlElement, findings: Findings): RecordedAddress | undefined {
  if (!saysSomething(address)) return undefined;
  const codes = codesIn(address, 'use');
  if (codes.some((code) => !uses.has(code))) {
    findings.refuse('SYN106', 'The element addr has a use that is not known.');
    return undefined;
  }
  if (codes.includes('CONF')) {
    // Everybody who may look the number up would see it.
    findings.refuse('SYN106', 'A confidential address (use CONF) cannot be protected here.');
    return undefined;
  }
  if (codes.includes('BAD')) {
    findings.notKept('An address that is said to be unusable (use BAD)');
    return undefined;
  }
  tellNotKept(address, kept, known, findings);
  const country = single(address, 'country', findings);
  return {
    kind: kindOf(codes, country),
    lines: linesOf(address, findings),
    postalCode: single(address, 'postalCode', findings),
    postalPlace: single(address, 'city', findings),
    municipality: single(address, 'county', findings),
    careOf: single(address, 'careOf', findings),
    country,
  };
}

/** TMP and WP are alike: the 2021 client means a stay in Norway by both. */
function kindOf(codes: readonly string[], country: string | null): RecordedAddress['kind'] {
  if (codes.includes('PST')) return 'mail';
  if (codes.includes('TMP') || codes.includes('WP')) return 'stay';
  return country === null || norway.has(country.toUpperCase()) ? 'stay' : 'home-abroad';
}

/** The lines in the order of their parts. A street line told twice, as a whole and in parts, is one line. */
function linesOf(address: XmlElement, findings: Findings): readonly string[] {
  const street = streetLine(address, findings);
  const lines: string[] = [];
  const text = textOf({ ...address, children: [] }, findings);
  if (text !== undefined) lines.push(text);
  for (const part of address.children) {
    const line = lineParts.has(part.localName) ? textOf(part, findings) : undefined;
    if (line !== undefined) lines.push(line);
  }
  if (street === undefined || lines.some((line) => line.toUpperCase() === street.toUpperCase())) return lines;
  return [street, ...lines];
}

function streetLine(address: XmlElement, findings: Findings): string | undefined {
  const [name, number, suffix] = [
    single(address, 'streetName', findings),
    single(address, 'houseNumber', findings) ?? single(address, 'houseNumberNumeric', findings),
    single(address, 'buildingNumberSuffix', findings),
  ];
  const house = `${number ?? ''}${suffix ?? ''}`;
  const line = [name ?? '', house].filter((part) => part !== '').join(' ');
  return line === '' ? undefined : line;
}

function single(address: XmlElement, name: string, findings: Findings): string | null {
  const texts = childrenOf(address, name).flatMap((part) => textOf(part, findings) ?? []);
  if (texts.length > 1) findings.refuse('SYN108', `The element addr has more than one ${name}.`);
  return texts[0] ?? null;
}
