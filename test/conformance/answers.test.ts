import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import type { Population } from '../../src/sandbox/population/population.js';
import { numbersOf } from '../../src/sandbox/population/person-document.js';
import type { XmlElement } from '../../src/xml/element.js';
import { readXml } from '../../src/xml/reader.js';
import { contractFile } from '../legacy/hl7v3/schema/places.js';
import { addressStrings } from '../support/address-strings.js';
import { xmllint } from '../support/xmllint.js';
import { foundStrings, isProtectedNow, leakedStrings } from './address-leaks.js';
import { elementAt, everyElement, stumblingBlocks } from './answer-structure.js';
import { answersTo, everybody, type Answer, type Setting } from './answered-people.js';
import { OwnSchema } from './own-schema.js';

const FIXTURES = 86 + 18;

const settings: readonly (Setting & { readonly generated: number })[] = [
  { name: 'full access, faithful fill', access: 'full', fill: 'faithful', generated: 1000 },
  { name: 'restricted access, rich fill', access: 'restricted', fill: 'rich', generated: 200 },
  { name: 'version 2, rich fill', access: 'full', fill: 'rich', upstream: 2, generated: 200 },
];

/** The person's part of an answer: subject1's role. */
function roleIn(envelope: XmlElement): XmlElement | undefined {
  return elementAt(
    envelope,
    'Body',
    'GetDemographicsResponse',
    'GetDemographicsResult',
    'controlActProcess',
    'subject',
    'registrationEvent',
    'subject1',
    'identifiedPerson',
  );
}

/** A valid answer, and the same with the date of birth behind the addresses, where .NET would lose it. */
function birthTimeMoved(envelope: string): string {
  return envelope.replace(/(<birthTime [^>]*>)(.*<\/addr>)/, '$2$1');
}

describe('answers to GetDemographics', function () {
  this.timeout(60_000);
  let schema: OwnSchema;

  before(async () => {
    schema = new OwnSchema(await loadTypeTable(join(packageRoot(), 'mappings', 'hl7v3', 'types.yaml')));
  });

  after(() => {
    schema.dispose();
  });

  for (const setting of settings) {
    describe(`with ${setting.name}`, () => {
      let population: Population;
      let answers: readonly (Answer & { readonly root: XmlElement })[];

      before(async () => {
        population = await everybody(setting.generated);
        const given = await answersTo(population, setting);
        answers = given.map((answer) => ({ ...answer, root: readXml(answer.envelope) }));
      });

      it('are given for everybody who has a number', () => {
        const answered = new Set(answers.map(({ document }) => document.id));
        const listed = setting.access === 'full' ? /"identificationNumber":/ : /"status":"InUse"/;
        const askable = [...population.documents()].filter((one) => listed.test(JSON.stringify(one)));
        expect(answered.size).to.equal(askable.length);
        expect(askable.length).to.be.greaterThan(0.95 * (setting.generated + FIXTURES));
        expect(answers.filter(({ status }) => status !== 200).map(({ name }) => name)).to.deep.equal([]);
      });

      it('are valid by the schema that we serve', () => {
        const complaints = answers.flatMap(({ name, envelope }) => {
          const complaint = schema.complaint(envelope);
          return complaint === undefined ? [] : [`${name}: ${complaint}`];
        });
        expect(complaints).to.deep.equal([]);
      });

      it('are valid by the published schema in xmllint', function () {
        const published = contractFile('preg-hl7v3/wire.xsd');
        const validate = published === undefined ? undefined : xmllint(published);
        if (validate === undefined) this.skip();
        const bodies = new Map(answers.map(({ name, envelope }) => [name, bodyOf(envelope)]));
        expect(bodies.size).to.equal(answers.length);
        expect(inFolder((folder) => validate(folder, bodies))).to.deep.equal([]);
      });

      it('have nothing empty, no layout, and name and address parts in order', () => {
        const problems = answers.flatMap(({ name, root }) =>
          stumblingBlocks(root).map((problem) => `${name}: ${problem}`),
        );
        expect(problems).to.deep.equal([]);
      });

      it('begin with a number of the person, which the inner person repeats', () => {
        for (const { name, document, root } of answers) {
          const [first] = roleIn(root)?.children ?? [];
          const inner = elementAt(roleIn(root), 'identifiedPerson')?.children[0];
          expect([first?.localName, inner?.localName], name).to.deep.equal(['id', 'id']);
          expect(numbersOf(document), name).to.include(first?.attributes.get('extension'));
          expect(first?.attributes.get('root'), name).to.match(/^2\.16\.578\.1\.12\.4\.1\.4\.[123]$/);
          expect(inner?.attributes, name).to.deep.equal(first?.attributes);
        }
      });

      it('have names and addresses in upper case', () => {
        const parts = answers.flatMap(({ root }) =>
          Array.from(everyElement(root), ([path, { text }]) => [path, text] as const).filter(([path]) =>
            /\/(?:name|addr)\/(?!validTime)/.test(path),
          ),
        );
        const personal = parts.filter(([path]) => !path.includes('scopingOrganization'));
        expect(personal.filter(([, text]) => text !== text.toUpperCase())).to.deep.equal([]);
        expect(personal.length).to.be.greaterThan(answers.length * 3);
      });

      it('hold no address of a protected person, and the confidentiality code of no other', () => {
        const wrong = answers.filter(({ document, root }) => {
          const role = roleIn(root);
          const addresses = elementAt(role, 'identifiedPerson', 'addr');
          const confidentiality = elementAt(role, 'confidentialityCode')?.attributes.get('code');
          return isProtectedNow(document)
            ? addresses !== undefined || !['R', 'V'].includes(confidentiality ?? '')
            : confidentiality !== undefined;
        });
        expect(wrong.map(({ name }) => name)).to.deep.equal([]);
        expect(answers.filter(({ document }) => isProtectedNow(document))).to.have.length.greaterThan(15);
      });

      it('hold no string of a protected address, nor of anybody’s former address', () => {
        const leaks = answers.flatMap(({ name, document, root }) =>
          leakedStrings(document, root).map((text) => `${name}: ${text}`),
        );
        expect(leaks).to.deep.equal([]);
      });
    });
  }

  describe('would be refused', () => {
    let answers: readonly Answer[];
    let envelope: string;

    before(async () => {
      answers = await answersTo(await everybody(0), { name: '', access: 'full', fill: 'faithful' });
      envelope = answers[0]?.envelope ?? '';
    });

    it('by both schemas, were an element out of order', function () {
      const moved = birthTimeMoved(envelope);
      expect(moved).not.to.equal(envelope);
      expect(schema.complaint(envelope)).to.equal(undefined);
      expect(schema.complaint(moved)).to.contain('birthTime');
      const published = contractFile('preg-hl7v3/wire.xsd');
      const validate = published === undefined ? undefined : xmllint(published);
      if (validate === undefined) this.skip();
      const complaints = inFolder((folder) => validate(folder, new Map([['moved', bodyOf(moved)]])));
      expect(complaints.join()).to.contain('birthTime');
    });

    for (const [what, from, to] of [
      ['an empty attribute', 'use="HP"', 'use=""'],
      ['an empty part', '<city>OSLO</city>', '<city/>'],
      ['an empty address', '<maritalStatusCode', '<addr use="HP"/><maritalStatusCode'],
      ['an element without anything', '<receiver', '<languageCode/><receiver'],
      ['layout', '<receiver', ' <receiver'],
      ['address parts in another order', /(<postalCode>.*?)(<city>.*?<\/city>)/, '$2$1'],
    ] as const) {
      it(`for ${what}`, () => {
        const spoilt = envelope.replace(from, to);
        expect(spoilt).not.to.equal(envelope);
        expect(stumblingBlocks(readXml(envelope))).to.deep.equal([]);
        expect(stumblingBlocks(readXml(spoilt))).not.to.deep.equal([]);
      });
    }

    it('for a protected address', () => {
      const shielded = answers.find(({ document }) => isProtectedNow(document));
      const [street = ''] = /(?<="addressName":")[^"]+/.exec(JSON.stringify(shielded?.document)) ?? [];
      const spoilt = shielded?.envelope.replace(
        '<birthTime',
        `<desc>${street.toUpperCase()} 1</desc><birthTime`,
      );
      const found = shielded === undefined ? [] : leakedStrings(shielded.document, readXml(spoilt ?? ''));
      expect(found).to.deep.equal([street.toUpperCase()]);
    });

    it('for the strings of an open address, were it a protected one', () => {
      const withStreet = answers.filter(({ envelope }) => envelope.includes('<streetName>'));
      expect(withStreet).to.have.length.greaterThan(50);
      for (const { name, document, envelope } of withStreet) {
        const found = foundStrings([...addressStrings(document, 'current')], readXml(envelope));
        // Street, post code and place at the least.
        expect(found, name).to.have.length.greaterThan(2);
      }
    });
  });
});

function bodyOf(envelope: string): string {
  return envelope.slice(envelope.indexOf('<s:Body>') + '<s:Body>'.length, envelope.indexOf('</s:Body>'));
}

function inFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'preg-adapter-answers-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
