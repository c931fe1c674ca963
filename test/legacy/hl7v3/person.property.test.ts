import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { createHl7v3Metadata } from '../../../src/legacy/hl7v3/schema/metadata.js';
import type { PregAddress, PregPerson } from '../../../src/person/preg-person.js';
import type { XmlElement } from '../../../src/xml/element.js';
import { readXml } from '../../../src/xml/reader.js';
import { writeXml } from '../../../src/xml/writer.js';
import { types } from '../../support/hl7v3-message.js';
import { demographicsBody } from '../../support/hl7v3-reply.js';
import { dayIn, pregAddress, pregPerson } from '../../support/preg-person.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { xmllint } from '../../support/xmllint.js';
import { noQuirks } from '../../support/quirks.js';

/** Text as it should never come: blank, with control characters, halves of characters, markup. */
const text = fc.oneof(
  fc.constantFrom('', ' ', '\t\u00a0', 'A', '<b>&amp;]]>', '\u0000', '\uD800', 'ČÁPPA O’MYR'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const maybeText = fc.option(text, { nil: null });
const number = fc.nat({ max: 40 }).map(syntheticNumber);
const relative = fc.oneof(number, text);
const maybeDay = fc.constantFrom(null, dayIn('1950-12-31'), dayIn('2024-02-29'));
const postalType = fc.constantFrom(null, 0, 1, 2, 3, 4, 5, 6, 7, 8, 99);

/** Telecoms are URLs; the register takes no others. */
const telecom = fc.record({
  value: fc.constantFrom('', ' ', 'tel:+4799999999', 'mailto:æ@example.invalid'),
  use: fc.constantFrom(null, 'MC', 'H WP'),
});

const address: fc.Arbitrary<PregAddress> = fc
  .record({
    postalType,
    source: fc.constantFrom('residential' as const, 'present' as const, null),
    postalAddress: maybeText,
    postalCode: maybeText,
    postalPlace: maybeText,
    st: maybeText,
    streetName: maybeText,
    houseNumber: fc.option(fc.nat(), { nil: null }),
    houseLetter: maybeText,
    apartmentNumber: maybeText,
    coAddress: maybeText,
    countryCode: maybeText,
    mailing: fc.option(
      fc.record({
        lines: fc.array(text, { maxLength: 4 }),
        postalCode: maybeText,
        postalPlace: maybeText,
        countryCode: maybeText,
        isForeignStay: fc.boolean(),
      }),
      { nil: null },
    ),
  })
  .map((known) => pregAddress(known));

const person: fc.Arbitrary<PregPerson> = fc
  .record({
    nin: number,
    addresses: fc.array(address, { maxLength: 2 }),
    givenName: maybeText,
    middleName: maybeText,
    sn: maybeText,
    dateName: maybeDay,
    gender: fc.constantFrom('F' as const, 'M' as const, null),
    dateOfBirth: maybeDay,
    deceased: fc.constantFrom(true, false, null),
    dateOfDeath: maybeDay,
    maritalStatus: fc.option(fc.nat({ max: 12 }), { nil: null }),
    citizenships: fc.array(text, { maxLength: 3 }),
    dufNo: fc.option(fc.oneof(text, fc.constant('209900000417')), { nil: null }),
    mothersNIN: fc.option(relative, { nil: null }),
    fathersNIN: fc.option(relative, { nil: null }),
    spouseNIN: fc.option(relative, { nil: null }),
    childrensNINs: fc.array(relative, { maxLength: 3 }),
    supersededNINs: fc.array(number, { maxLength: 2 }),
    alternativeNINs: fc.array(number, { maxLength: 2 }),
    telecoms: fc.array(telecom, { maxLength: 2 }),
    foreignIds: fc.array(fc.record({ root: text, extension: text }), { maxLength: 2 }),
  })
  .map((known) => pregPerson(known));

const quirks = fc
  .constantFrom('send' as const, 'omit' as const)
  .map((noFixedAbode) => ({ ...noQuirks, noFixedAbode }));

/** Where a message breaks the rules of the road (preg-hl7v3 2.2): empty attributes, blank text, parts without text. */
function emptyPlaces(element: XmlElement, path = element.localName): readonly string[] {
  const { text: said, children } = element;
  const attributes = [...element.attributes];
  const saysNothing = said === '' && children.length === 0 && attributes.length === 0;
  return [
    ...attributes.filter(([, value]) => value.trim() === '').map(([name]) => `${path}/@${name}`),
    ...(saysNothing || (said !== '' && said.trim() === '') ? [path] : []),
    ...children.flatMap((child) => emptyPlaces(child, `${path}/${child.localName}`)),
  ];
}

describe('any person in HL7 v3', () => {
  const newFolder = temporaryFolders();

  it('is written by the schema, without anything empty, and can be read', () => {
    fc.assert(
      fc.property(person, quirks, (someone, quirk) => {
        const body = readXml(writeXml(demographicsBody(someone, quirk)));
        expect(emptyPlaces(body)).to.deep.equal([]);
      }),
      { numRuns: 300 },
    );
  });

  it('shows no address with a protected code', () => {
    const hidden = fc.tuple(person, address, fc.constantFrom(4, 6, 7));
    fc.assert(
      fc.property(hidden, ([someone, place, code]) => {
        const body = demographicsBody({ ...someone, addresses: [{ ...place, postalType: code }] });
        expect(writeXml(body)).not.to.contain('<addr');
      }),
      { numRuns: 100 },
    );
  });

  it('is valid by our own published schema', function () {
    const folder = newFolder();
    const validate = xmllint(writeSchemas(join(folder, 'schemas')));
    if (validate === undefined) this.skip();
    const bodies = fc.sample(person, 60).map((someone, index) => {
      return [`person-${index}`, writeXml(demographicsBody(someone))] as const;
    });
    expect(validate(folder, new Map(bodies))).to.deep.equal([]);
  });
});

/** The schemas as clients get them, but for required attributes, which the wire leaves out (preg-hl7v3 2.2). */
function writeSchemas(folder: string): string {
  mkdirSync(folder);
  const { schemas } = createHl7v3Metadata(types)('https://preg.example/P.svc');
  for (const [name, schema] of schemas) {
    const onTheWire = schema.replaceAll('use="required"', '');
    writeFileSync(join(folder, `${name}.xsd`), onTheWire.replaceAll(/https:[^"]+\?xsd=(\w+)/g, '$1.xsd'));
  }
  return join(folder, 'xsd0.xsd');
}
