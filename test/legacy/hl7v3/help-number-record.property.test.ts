import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { loadMappings } from '../../../src/config/mapping-files.js';
import { packageRoot } from '../../../src/config/package-root.js';
import { readHelpNumberRecord } from '../../../src/legacy/hl7v3/help-number-record-reader.js';
import { registrationControlAct } from '../../../src/legacy/hl7v3/reply.js';
import { isCalendarDate } from '../../../src/person/calendar-date.js';
import type { HelpNumberRecord, RecordedAddress } from '../../../src/person/help-number-record.js';
import { pregPersonOf } from '../../../src/registry/help-numbers/preg-person-of.js';
import type { XmlElement, XmlNode } from '../../../src/xml/element.js';
import { readXml } from '../../../src/xml/reader.js';
import { writeXml } from '../../../src/xml/writer.js';
import { helpNumber } from '../../support/help-numbers.js';
import { codes, reread, the, writer } from '../../support/hl7v3-message.js';
import { runs } from '../../support/long-runs.js';
import { dayIn } from '../../support/preg-person.js';
import { noQuirks } from '../../support/quirks.js';
import { renderer } from '../../support/registration-message.js';

const { countries } = await loadMappings(join(packageRoot(), 'mappings'));

const word = fc.stringMatching(/^[A-ZÆØÅČŊ][a-zæøå’&<-]{0,8}[a-zæøå]$/);
const words = fc.array(word, { minLength: 1, maxLength: 3 }).map((list) => list.join(' '));
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const lines = fc.array(words, { minLength: 1, maxLength: 3 });

const place = {
  lines,
  postalCode: maybe(fc.stringMatching(/^[0-9]{4}$/)),
  postalPlace: maybe(word),
  careOf: maybe(words),
};
const municipality = maybe(fc.constantFrom('5001', 'Trondheim'));
/** Mail goes by post code; a municipality number is of no use for it, and stays in the record alone. */
const municipalityName = maybe(fc.constant('Trondheim'));
const address: fc.Arbitrary<RecordedAddress> = fc.oneof(
  fc.record({
    ...place,
    municipality,
    kind: fc.constant('stay' as const),
    country: fc.constantFrom(null, 'NOR'),
  }),
  fc.record({
    ...place,
    municipality: municipalityName,
    kind: fc.constant('home-abroad' as const),
    country: fc.constantFrom('POL', 'SWE'),
  }),
  fc.record({
    ...place,
    municipality: municipalityName,
    kind: fc.constant('mail' as const),
    country: fc.constantFrom(null, 'POL'),
  }),
);
const life = fc.constantFrom(
  { deceased: null, dateOfDeath: null },
  { deceased: false, dateOfDeath: null },
  { deceased: true, dateOfDeath: null },
  { deceased: true, dateOfDeath: dayIn('2024-02-29') },
);
const record: fc.Arbitrary<HelpNumberRecord> = fc
  .tuple(
    life,
    fc.record({
      name: fc.record({ given: maybe(words), middle: maybe(words), family: maybe(words) }),
      gender: fc.constantFrom('F' as const, 'M' as const, null),
      birth: fc.constantFrom(null, '1990', '1990-02', '1990-02-10'),
      addresses: fc.array(address, { maxLength: 3 }),
      telecoms: fc.array(
        fc.record({
          value: fc.constantFrom('tel:+4799999999', 'mailto:noen@example.invalid'),
          use: fc.constantFrom(null, 'MC', 'H WP'),
        }),
        { maxLength: 3 },
      ),
      foreignIds: fc.array(fc.record({ root: fc.constant('2.16.840.1.113883.4.330.616'), extension: word }), {
        maxLength: 2,
      }),
      citizenships: fc.uniqueArray(fc.constantFrom('POL', 'SWE', 'NOR'), { maxLength: 2 }),
    }),
  )
  .map(([death, told]) => ({ ...told, ...death }));

const uses = { stay: 'TMP', 'home-abroad': 'H', mail: 'PST' } as const;

function element(name: string, attributes: Record<string, string>, content: (XmlNode | string)[]): XmlNode {
  return { name, attributes, content };
}

function textParts(name: string, text: string | null, attributes: Record<string, string> = {}): XmlNode[] {
  return (text?.split(' ') ?? []).map((part) => element(name, attributes, [part]));
}

function whole(name: string, text: string | null): XmlNode[] {
  return text === null ? [] : [element(name, {}, [text])];
}

function value(name: string, told: string | null, attribute = 'value'): XmlNode[] {
  return told === null ? [] : [element(name, { [attribute]: told }, [])];
}

/** The record as a client would send it. */
function roleFor(told: HelpNumberRecord): XmlElement {
  const { given, middle, family } = told.name;
  const name = [
    ...textParts('given', given),
    ...textParts('family', middle, { qualifier: 'MID' }),
    ...textParts('family', family),
  ];
  const person = [
    ...(name.length === 0 ? [] : [element('name', {}, name)]),
    ...told.telecoms.map(({ value: url, use }) =>
      element('telecom', { value: url, ...(use === null ? {} : { use }) }, []),
    ),
    ...value('administrativeGenderCode', told.gender, 'code'),
    ...value('birthTime', told.birth?.replaceAll('-', '') ?? null),
    ...value('deceasedInd', told.deceased === null ? null : String(told.deceased)),
    ...value('deceasedTime', told.dateOfDeath?.replaceAll('-', '') ?? null),
    ...told.addresses.map((one) =>
      element('addr', { use: uses[one.kind] }, [
        ...one.lines.flatMap((line) => whole('streetAddressLine', line)),
        ...whole('postalCode', one.postalCode),
        ...whole('city', one.postalPlace),
        ...whole('county', one.municipality),
        ...whole('careOf', one.careOf),
        ...whole('country', one.country),
      ]),
    ),
    ...told.citizenships.map((code) =>
      element('asCitizen', {}, [element('politicalNation', {}, [element('code', { code }, [])])]),
    ),
    ...told.foreignIds.map((id) => element('asOtherIDs', {}, [element('id', { ...id }, [])])),
  ];
  return readXml(
    writeXml({
      name: 'identifiedPerson',
      attributes: { xmlns: 'urn:hl7-org:v3' },
      content: [element('identifiedPerson', {}, person)],
    }),
  );
}

/** The role of the reply that a client gets when this is stored. */
function replyFor(told: HelpNumberRecord): XmlElement {
  const { person } = pregPersonOf(told, helpNumber(0), [], { countries, fill: 'rich' });
  const act = registrationControlAct({
    subjects: [renderer.subject(person, noQuirks, { identifiedBy: false })],
  });
  const written = writer.write('act', 'PRPA_IN101319NO01.MFMI_MT700701UV01.ControlActProcess', act);
  const read = reread({ name: 'reply', attributes: { xmlns: 'urn:hl7-org:v3' }, content: [written] });
  const [role] = the(read, 'subject1').children;
  if (role === undefined) throw new Error('no role');
  return role;
}

function recordIn(role: XmlElement): Partial<HelpNumberRecord> {
  const told = readHelpNumberRecord(role, codes, dayIn('9999-12-31'));
  if ('refused' in told) throw new Error(told.refused.map(({ text }) => text).join(' '));
  return told.record;
}

/** Only what is told, in the way of a message. */
function toldIn(whole: HelpNumberRecord): Partial<HelpNumberRecord> {
  const isEmptyName = Object.values(whole.name).every((part) => part === null);
  const entries = Object.entries(whole).filter(
    ([key, part]) =>
      !(part === null || (Array.isArray(part) && part.length === 0) || (key === 'name' && isEmptyName)),
  );
  return {
    ...Object.fromEntries(entries),
    ...(whole.deceased === false ? { dateOfDeath: null } : {}),
  };
}

/** Every word of an address, whichever part it stands in. */
function wordsOf(one: RecordedAddress): ReadonlySet<string> {
  const texts = [...one.lines, one.postalCode, one.postalPlace, one.municipality, one.careOf, one.country];
  return new Set(texts.flatMap((text) => text?.toUpperCase().replaceAll(',', ' ').split(' ') ?? []));
}

describe('any record of a help number', () => {
  it('is read as it was sent', () => {
    fc.assert(
      fc.property(record, (told) => {
        expect(recordIn(roleFor(told))).to.deep.equal(toldIn(told));
      }),
      { numRuns: runs(200) },
    );
  });

  it('comes back in the reply: names and places in upper case, the birth date where the day is known', () => {
    fc.assert(
      fc.property(record, (told) => {
        const back = recordIn(replyFor(told));
        const upper = (text: string | null): string | null => text?.toUpperCase() ?? null;
        const { given, middle, family } = told.name;
        const { addresses: told1 = [], ...others } = toldIn({
          ...told,
          name: { given: upper(given), middle: upper(middle), family: upper(family) },
          birth: told.birth !== null && isCalendarDate(told.birth) ? told.birth : null,
        });
        const { addresses = [], ...rest } = back;
        expect(rest).to.deep.equal(others);
        expect(addresses.map(({ kind }) => kind)).to.deep.equal(told1.map(({ kind }) => kind));
        for (const [index, one] of told1.entries()) {
          const found = addresses[index];
          const missing = [...wordsOf(one)].filter(
            (part) => found === undefined || !wordsOf(found).has(part),
          );
          expect(missing).to.deep.equal([]);
        }
      }),
      { numRuns: runs(200) },
    );
  });
});
