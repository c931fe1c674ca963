import { join } from 'node:path';
import { noQuirks } from '../support/quirks.js';
import type { LegacyClient, Protocol } from '../../src/access/legacy-client.js';
import { packageRoot } from '../../src/config/package-root.js';
import { createMatcher } from '../../src/legacy/filematch/matching/create-matcher.js';
import { loadLayouts } from '../../src/legacy/filematch/layout/load-layouts.js';
import type { OutputRow } from '../../src/legacy/filematch/record.js';
import { createResultWriter } from '../../src/legacy/filematch/writing/create-result-writer.js';
import { loadFilematchTexts } from '../../src/legacy/filematch/writing/filematch-texts.js';
import type { Adapter } from '../../src/main.js';
import { fieldGroups, type FieldGroup } from '../../src/person/field-groups.js';
import { isNationalId } from '../../src/person/national-id.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import type { XmlElement } from '../../src/xml/element.js';
import { CountedRandom } from '../support/counted-random.js';
import { inputRow } from '../support/filematch-rows.js';
import { mappings } from '../support/person-documents.js';
import { personServiceRequest, PERSON_SERVICE_PATH } from '../support/person-service-request.js';
import { contracts } from '../support/preg-xml.js';
import { toldByGroup } from '../support/told-by-group.js';
import { everyElement } from './answer-structure.js';
import { NOW, posted } from './answered-people.js';

/** What a protocol tells of a person: by place, everything that stands there. */
export type Told = ReadonlyMap<string, string>;

/** The elements of HL7 v3 in a role, by path; relatives and middle names apart, as their codes tell. */
export function toldInElements(role: XmlElement): Told {
  const told = new Map<string, string>();
  const add = (element: XmlElement, place: string): void => {
    const attributes = Array.from(element.attributes, ([name, value]) => `${name}=${value}`).join(' ');
    told.set(place, `${told.get(place) ?? ''}<${attributes}>${element.text}`);
    for (const child of element.children) add(child, `${place}/${child.localName}${distinctionOf(child)}`);
  };
  for (const child of role.children) add(child, child.localName);
  return told;
}

function distinctionOf({ localName, attributes, children }: XmlElement): string {
  const code =
    localName === 'personalRelationship'
      ? children.find((child) => child.localName === 'code')?.attributes.get('code')
      : attributes.get('qualifier');
  return code === undefined ? '' : ` (${code})`;
}

/** The content of a reply's Body. */
export async function bodyOf(adapter: Adapter, operation: string, content: string): Promise<string> {
  const request = personServiceRequest({ operation, content, now: new Date(NOW) });
  const { envelope } = await posted(adapter, request, PERSON_SERVICE_PATH);
  return envelope.slice(envelope.indexOf('<s:Body>') + 8, envelope.indexOf('</s:Body>'));
}

/** The parameters of GetPerson and GetAddresses. */
export function lookupOf(nin: string): string {
  return `<parameters xmlns:b="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"><b:NIN>${nin}</b:NIN></parameters>`;
}

/** The answer to a query of HL7 v2 by number, segment by segment behind the acknowledgement of the query. */
export async function segmentsFor(
  adapter: Adapter,
  nin: string,
  client: LegacyClient,
): Promise<readonly string[]> {
  const lines = await linesFor(adapter, `@PID.3.1^${nin}`, client);
  return lines.slice(lines.findIndex((line) => line.startsWith('QPD')) + 1);
}

/** The answer to a query of HL7 v2, line by line. @param parameters QPD-3 */
export async function linesFor(
  adapter: Adapter,
  parameters: string,
  client: LegacyClient,
): Promise<readonly string[]> {
  const message = [
    'MSH|^~\\&|EPJ|A|PREG|B|20250301120000||QBP^Q22^QBP_Q21|1|P|2.5|||||NOR|UNICODE UTF-8',
    `QPD|IHE PDQ Query|T1|${parameters}`,
    'RCP|I',
  ].join('\r');
  const { octets } = await adapter.hl7v2.answer(Buffer.from(`${message}\r`), {
    remoteAddress: '127.0.0.1',
    signal: new AbortController().signal,
    identify: () => client,
  });
  const lines = Buffer.from(octets).toString('utf8').split('\r');
  return lines.filter((line) => line !== '');
}

/** Who asks, with a profile that grants these groups. */
export function clientSeeing(visible: readonly FieldGroup[]): LegacyClient {
  return {
    id: 'conformance',
    protocols: new Set(['hl7v2', 'filematch']),
    organisation: { parent: '310000027' },
    access: 'full',
    visible: new Set(visible),
    quirks: noQuirks,
  };
}

/** Fields of segments by place: `PID-5`, and relatives by their code. */
export function toldInSegments(lines: readonly string[]): Told {
  const told = new Map<string, string>();
  for (const line of lines) {
    const [name = '', ...fields] = line.split('|');
    if (name === 'NK1') told.set(`NK1 ${fields[2] ?? ''}`, fields.slice(1).join('|'));
    else {
      for (const [index, field] of fields.entries()) {
        const place = `${name}-${index + 1}`;
        if (field === '') continue;
        const [first = '', ...others] = place === 'PID-3' ? field.split('~') : [field];
        told.set(place, first);
        if (others.length > 0) told.set('PID-3, further numbers', others.join('~'));
      }
    }
  }
  return told;
}

/** The role of the first person that an answer of HL7 v3 tells of; undefined where it tells of nobody. */
export function firstRoleIn(envelope: XmlElement): XmlElement | undefined {
  return [...everyElement(envelope)].find(([path]) => path.endsWith('/subject1/identifiedPerson'))?.[1];
}

/** The members of a record in their order, and what stands in each. */
export function membersOf(
  record: XmlElement | undefined,
): readonly (readonly [name: string, content: string])[] {
  return (record?.children ?? []).map((member) => [member.localName, contentOf(member)]);
}

function contentOf({ attributes, children, text }: XmlElement): string {
  if ([...attributes].some(([name, value]) => name.endsWith('nil') && value === 'true')) return 'nil';
  return `${text}${children.map((child) => `${child.localName}(${contentOf(child)})`).join('')}`;
}

const addressType = contracts['2018'].types.get('Address');

/** What everybody has in Personregister-XML whose addresses may not be told: one of which nothing is. */
function blankAddressOf(nin: string): string {
  const members = addressType?.kind === 'record' ? addressType.members : [];
  const told: Readonly<Record<string, string>> = { NIN: nin, CurrentAddress: 'true' };
  return `Address(${members.map(({ name }) => `${name}(${told[name] ?? 'nil'})`).join('')})`;
}

/** What of a record of Personregister-XML is left when a profile grants these groups: every member, nil where it is outside. */
export function leftOfRecord(
  record: XmlElement | undefined,
  groups: readonly FieldGroup[],
): ReturnType<typeof membersOf> {
  const blank = blankIn('preg-xml', groups);
  const members = membersOf(record);
  const nin = members.find(([name]) => name === 'NIN')?.[1] ?? '';
  return members.map(([name, content]) => {
    if (name === 'Addresses' && !groups.includes('addresses')) return [name, blankAddressOf(nin)];
    return [name, isWithin(name, blank) ? 'nil' : content];
  });
}

/** What of all that is told may not be. */
export function blankIn(protocol: Protocol, groups: readonly FieldGroup[]): readonly string[] {
  return fieldGroups
    .filter((group) => !groups.includes(group))
    .flatMap((group) => toldByGroup[group][protocol]);
}

function isWithin(place: string, places: readonly string[]): boolean {
  return places.some((one) => place === one || place.startsWith(`${one}/`));
}

/**
 * What is left when those places are blank. Of the last day on which something was taken down, which lists came along with the
 * visible fields decides: no other place depends on a group that is not its own.
 */
export function left(told: Told, blank: readonly string[]): Readonly<Record<string, string>> {
  const kept = [...told].filter(([place]) => !isWithin(place, blank) && place !== 'PID-33');
  return Object.fromEntries(kept);
}

/** Each group left out alone, each one granted alone, and none at all. */
export const tried: readonly (readonly [name: string, groups: readonly FieldGroup[]])[] = [
  ...fieldGroups.map((group) => [`without ${group}`, fieldGroups.filter((one) => one !== group)] as const),
  ...fieldGroups.map((group) => [`with ${group} alone`, [group]] as const),
  ['without anything', []],
];

/** What Filematch tells of a number: its fields, and the record in both forms. */
export interface MatchedRow {
  readonly row: OutputRow;
  readonly fixed: string;
  readonly csv: string;
}

const layouts = await loadLayouts([]);
const texts = await loadFilematchTexts(join(packageRoot(), 'mappings'));

/** Matches one number, of which nothing else is told. */
export async function matched(
  adapter: Adapter,
  nin: string,
  { id, organisation, access, visible }: LegacyClient,
): Promise<MatchedRow> {
  const matcher = createMatcher({
    registry: adapter.registry,
    settings: { strongScore: 85, weakScore: 60, checkDigits: 'until-2032' },
    codes: mappings.codes,
    countries: mappings.countries,
  });
  if (!isNationalId(nin)) throw new RangeError('not a number');
  const caller = {
    clientId: id,
    organisation,
    access,
    visible,
    correlationId: newCorrelationId(new CountedRandom()),
    signal: new AbortController().signal,
  };
  const [outcome] = await matcher.match([inputRow({ nin })], caller, { weakMatches: 'mask' });
  const row = outcome?.told ?? {};
  return { row, fixed: written('pfm-fixed', row), csv: written('pfm-csv', row) };
}

function written(name: string, row: OutputRow): string {
  const layout = layouts.get(name);
  if (layout === undefined) throw new RangeError('no such layout');
  const header = { orgNumber: '310000027', customerRef: '', createdAt: '', mode: 'V' } as const;
  const facts = { header, jobId: 'JOB', registerTimestamp: new Date(NOW) };
  const writer = createResultWriter(layout, 'UTF-8', facts, texts);
  return Buffer.from(writer.row(row).octets).toString('utf8');
}

/** The same with the positions of the mask one by one; those that are withheld are not told. */
export function toldInRow({ changeMask = '', ...row }: OutputRow): Told {
  return new Map([
    ...Object.entries(row),
    ...Array.from(changeMask, (value, index) => [`changeMask position ${index + 1}`, value] as const).filter(
      ([, value]) => value !== '3',
    ),
  ]);
}
