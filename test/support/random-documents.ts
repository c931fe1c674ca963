import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../src/config/package-root.js';
import { isJsonList, type JsonObject, type JsonValue } from '../../src/mapping/json.js';
import { parseUpstreamEnums } from '../../src/mapping/upstream-enums.js';
import { syntheticNumber } from './synthetic-number.js';

const fileOf = (...path: readonly string[]): string => readFileSync(join(packageRoot(), ...path), 'utf8');

const description = z
  .strictObject({
    elements: z.array(z.string()),
    shapes: z.record(z.string(), z.record(z.string(), z.string())),
  })
  .parse(parse(fileOf('test', 'support', 'person-shapes.yaml')));
const enumerations = parseUpstreamEnums(fileOf('mappings', 'upstream-enums.yaml'));

/** What every element says besides: for how long it held. */
const ELEMENT: Readonly<Record<string, string>> = {
  registeredAt: 'time',
  isValid: 'flag',
  source: 'text',
  reason: 'text',
  validFrom: 'time',
  validTo: 'time',
};

interface Kind {
  readonly name: string;
  readonly isList: boolean;
  readonly mayBeNull: boolean;
}

function kindOf(notation: string): Kind {
  const [, isList = '', name = '', mark = ''] = /^(\[?)(\w+)\]?(!?)$/.exec(notation) ?? [];
  if (name === '') throw new TypeError(`not a kind: ${notation}`);
  return { name, isList: isList !== '', mayBeNull: mark === '' };
}

function membersOf(shape: string): readonly (readonly [member: string, kind: Kind])[] {
  const members = description.shapes[shape];
  if (members === undefined) throw new TypeError(`there is no shape ${shape}`);
  const all = description.elements.includes(shape) ? { ...ELEMENT, ...members } : members;
  return Object.entries(all).map(([member, notation]) => [member, kindOf(notation)]);
}

/** A validator for documents by the shapes of test/support/person-shapes.yaml. */
export function documentValidator(): ValidateFunction {
  const schemas = Object.fromEntries(
    Object.keys(description.shapes).map((shape) => [
      shape,
      {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(membersOf(shape).map(([member, kind]) => [member, schemaOf(kind)])),
      },
    ]),
  );
  return new Ajv({ strict: false }).compile({ $ref: '#/shapes/Person', shapes: schemas });
}

const TIME = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$';

function schemaOf({ name, isList, mayBeNull }: Kind): object {
  const scalars: Readonly<Record<string, object>> = {
    text: { type: 'string' },
    time: { type: 'string', pattern: TIME },
    flag: { type: 'boolean' },
    number: { type: 'integer' },
  };
  const members = enumerations.get(name);
  const one = scalars[name] ?? (members === undefined ? { $ref: `#/shapes/${name}` } : { enum: members });
  const value = isList ? { type: 'array', items: one } : one;
  return mayBeNull ? { anyOf: [{ type: 'null' }, value] } : value;
}

const time = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2029-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString());

/** Names and free text: letters of many scripts, markup, blanks, and what no XML may hold. */
const anyText = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('OLA', 'Kari-Anne', "d'Ark", 'Čáhppe', 'Østby', 'x'.repeat(120), '', ' '),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('<b>&amp;', ']]>', '\u0000\u0007', '\ud800', '\ufffe', 'a\r\nb\t'),
  },
);
const someNumber = fc.integer({ min: 0, max: 40 }).map((index) => syntheticNumber(index));
const country = fc.constantFrom('NOR', 'SWE', 'XXX', 'KOS', 'XUK', 'ZZZ', 'no');

/** Texts that stand in addresses: each is told from every other text of a document, so that a leak is seen. */
/** How every such text looks, in whatever case. */
export const PLACE = /Zq[bcdfghjklmnpqrstvwxz]{3,}/;
const place = fc.stringMatching(/^[bcdfghjklmnpqrstvwxz]{7,9}$/).map((word) => `Zq${word}`);
/** Digits that are no year, no number of a person and nothing else that is shown. */
const placeDigits = fc.integer({ min: 5_000, max: 9_999 }).map(String);
const otherDigits = fc.integer({ min: 101, max: 1_999 }).map((number) => String(number).padStart(4, '0'));

const ADDRESS_SHAPES = new Set([
  'StreetAddress',
  'CadastralAddress',
  'UnknownResidence',
  'InternationalAddress',
  'FreeformAddress',
  'PostBoxAddress',
  'StreetAddressForPost',
  'FreeFormPostalAddress',
  'FreeFormInternationalAddress',
  'ContactAddressForResiduaryEstate',
  'ResidentialAddress',
  'PresentAddress',
  'SharedResidence',
  'ContactAddress',
  'City',
  'CadastralNumber',
]);

/** Members that are a person's number when they are anything. */
const NUMBERS =
  /^(?:identificationNumber|relatedPerson|responsible|subjectOfResponsibility|relatedByMaritalStatus|norwegianIdentificationNumber|correctIdentityFromIdentificationNumber)$/;

function textIn(shape: string, member: string): fc.Arbitrary<string> {
  if (member === 'countryCode' || /[cC]ountry$|^citizenship$|^abroad$/.test(member)) return country;
  if (/^postal?Code$|^municipalityNumber$|^postCode$/.test(member)) {
    return ADDRESS_SHAPES.has(shape) ? placeDigits : otherDigits;
  }
  if (NUMBERS.test(member))
    return fc.oneof({ weight: 5, arbitrary: someNumber }, { weight: 1, arbitrary: anyText });
  if (member === 'houseNumber') return fc.integer({ min: 1, max: 99 }).map(String);
  if (member === 'houseLetter') return fc.constantFrom('A', 'b', 'Æ');
  return ADDRESS_SHAPES.has(shape) ? place : anyText;
}

function scalarOf(shape: string, member: string, name: string): fc.Arbitrary<JsonValue> | undefined {
  const members = enumerations.get(name);
  if (members !== undefined) return fc.constantFrom(...members);
  if (name === 'text') return textIn(shape, member);
  if (name === 'time') return time;
  if (name === 'flag')
    return member === 'isValid'
      ? fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean())
      : fc.boolean();
  return name === 'number' ? fc.integer({ min: 0, max: 99_999_999 }) : undefined;
}

function valueOf(shape: string, member: string, { name, isList, mayBeNull }: Kind): fc.Arbitrary<JsonValue> {
  const one = scalarOf(shape, member, name) ?? documentOf(name);
  const value: fc.Arbitrary<JsonValue> = isList ? fc.array(one, { maxLength: 3 }) : one;
  return mayBeNull ? fc.option(value, { freq: 8 }) : value;
}

const made = new Map<string, fc.Arbitrary<JsonObject>>();

function documentOf(shape: string): fc.Arbitrary<JsonObject> {
  const known = made.get(shape);
  if (known !== undefined) return known;
  const members = membersOf(shape).map(([member, kind]) => [member, valueOf(shape, member, kind)] as const);
  const one: fc.Arbitrary<JsonObject> = fc.record(Object.fromEntries(members), { requiredKeys: [] });
  made.set(shape, one);
  return one;
}

/** Any document that the API's own description allows, of a person whom `number` belongs to. */
export function randomDocument(number: string): fc.Arbitrary<JsonObject> {
  const own: JsonObject = {
    isValid: true,
    status: 'InUse',
    identificationNumber: number,
    identificationNumberType: 'NationalIdentityNumber',
  };
  return documentOf('Person').map((document) => {
    const others = document['norwegianIdentificationNumber'];
    return {
      ...document,
      id: 'e1',
      norwegianIdentificationNumber: [own, ...(isJsonList(others) ? others : [])],
    };
  });
}
