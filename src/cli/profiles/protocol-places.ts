import type { Protocol, Quirks } from '../../access/legacy-client.js';
import type { Configuration } from '../../config/schema.js';
import type { Contract } from '../../contract/preg-xml/contract.js';
import { changeMask } from '../../legacy/filematch/matching/change-mask.js';
import { PersonFields } from '../../legacy/filematch/matching/person-fields.js';
import type { InputRow } from '../../legacy/filematch/record.js';
import { Hl7v2Codes } from '../../legacy/hl7v2/codes.js';
import { partOf } from '../../legacy/hl7v2/message/message.js';
import { PersonSegments } from '../../legacy/hl7v2/person/person-segments.js';
import { Hl7v3Codes } from '../../legacy/hl7v3/codes.js';
import { PersonRenderer } from '../../legacy/hl7v3/person.js';
import { inKnownStructure } from '../../legacy/preg-xml/known-structure.js';
import { personRecord } from '../../legacy/preg-xml/person-record.js';
import type { Mappings } from '../../mapping/person-mapper.js';
import type { PlacesOf } from './places.js';

/** What the protocols write by. */
export interface ProtocolParts {
  readonly mappings: Pick<Mappings, 'codes' | 'countries'>;
  /** Personregister-XML in the version that is served. */
  readonly contract: Contract;
  readonly hl7v2: Pick<Configuration['hl7v2'], 'identifierTypes'>;
}

/** Where each protocol tells of a person, found out by having it written: no list of this is kept anywhere. */
export function protocolPlaces({
  mappings,
  contract,
  hl7v2,
}: ProtocolParts): Readonly<Record<Protocol, PlacesOf>> {
  return {
    hl7v3: hl7v3Places(new PersonRenderer(new Hl7v3Codes(mappings.codes))),
    'preg-xml': pregXmlPlaces(contract),
    hl7v2: hl7v2Places(new PersonSegments(new Hl7v2Codes(mappings.codes, hl7v2.identifierTypes))),
    filematch: filematchPlaces(new PersonFields(mappings)),
  };
}

const quirks: Quirks = { noFixedAbode: 'send', refusedSearch: 'fault', maxReplyBytes: 65_536 };

/** Elements of the role, as `identifiedPerson/birthTime`. */
function hl7v3Places(renderer: PersonRenderer): PlacesOf {
  return (person) => {
    const { registrationEvent } = renderer.subject(person, quirks);
    return elementsIn(memberOf(memberOf(registrationEvent, 'subject1'), 'identifiedPerson'), '');
  };
}

function elementsIn(value: unknown, place: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => elementsIn(one, place));
  if (value === undefined) return [];
  const here = place === '' ? [] : [`${place}${relationOf(value)}`];
  if (typeof value !== 'object' || value === null) return here;
  const below = Object.entries(value).flatMap(([name, content]: [string, unknown]) => {
    if (name.startsWith('@') || name === '#text') return [];
    if (name === 'parts') return partsIn(content, here.join(''));
    return elementsIn(content, [...here, name].join('/'));
  });
  return [...here, ...below];
}

/** Relatives are told apart by their code: `personalRelationship (MTH)`. */
function relationOf(value: unknown): string {
  const code =
    memberOf(value, '@classCode') === 'PRS' ? memberOf(memberOf(value, 'code'), '@code') : undefined;
  return typeof code === 'string' ? ` (${code})` : '';
}

/** Parts of a name or an address; a middle name is a surname with a qualifier. */
function partsIn(content: unknown, place: string): readonly string[] {
  const parts: readonly unknown[] = Array.isArray(content) ? content : [];
  return parts.map((part) => {
    const given: readonly unknown[] = Array.isArray(part) ? part : [];
    const [name, attributes] = given;
    const qualifier = memberOf(attributes, '@qualifier');
    return `${place}/${String(name)}${typeof qualifier === 'string' ? ` (${qualifier})` : ''}`;
  });
}

/** Members of Person, as `Sn`, and of its addresses, as `Addresses/St`, that the served version has. */
function pregXmlPlaces({ types }: Contract): PlacesOf {
  const membersOf = (name: string): readonly string[] => {
    const type = types.get(name);
    return type?.kind === 'record' ? type.members.map((member) => member.name) : [];
  };
  const [personMembers, addressMembers] = [membersOf('Person'), membersOf('Address')];
  return (person, visible) => {
    const { Addresses: addresses, ...record } = personRecord(
      inKnownStructure({ person }, { visible }).person,
      'nil',
    );
    const told = (value: unknown, known: readonly string[]): readonly string[] =>
      Object.entries(typeof value === 'object' && value !== null ? value : {}).flatMap(([name, content]) =>
        content === null || !known.includes(name) ? [] : [name],
      );
    const each: readonly unknown[] = Array.isArray(addresses) ? addresses : [];
    return [
      ...told(record, personMembers),
      ...each.flatMap((address) => [
        'Addresses',
        ...told(address, addressMembers).map((name) => `Addresses/${name}`),
      ]),
    ];
  };
}

/** Fields as `PID-5`; relatives by their code, as `NK1 MTH`. */
function hl7v2Places(segments: PersonSegments): PlacesOf {
  return (person, visible) =>
    segments.of(person, { version: '2.6', visible }).flatMap(({ name, fields }) => {
      if (name === 'NK1') return [`NK1 ${partOf(fields[2]?.[0], 1)}`];
      return fields.flatMap((field, index) => {
        if (field.length === 0) return [];
        const place = `${name}-${index + 1}`;
        return place === 'PID-3' && field.length > 1 ? [place, 'PID-3, further numbers'] : [place];
      });
    });
}

const blankRow: InputRow = {
  number: 1,
  line: 1,
  ownRef: '',
  nin: '',
  dateOfBirth: null,
  surname: '',
  givenName: '',
  middleName: '',
  street: '',
  postalCode: '',
  municipality: '',
  sex: '',
  problem: null,
};

/** Fields of the result, and the positions of the mask that are not withheld. */
function filematchPlaces(fields: PersonFields): PlacesOf {
  return (person, visible) => {
    const sex = fields.sexOf(person);
    const mask = changeMask({ row: blankRow, person, number: 'same', sex, visible });
    return [
      ...Object.keys(fields.of(person)),
      ...Array.from(mask, (value, index) =>
        value === '3' ? [] : [`changeMask position ${index + 1}`],
      ).flat(),
    ];
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}
