import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import {
  elementsOf,
  isCurrent,
  numbersOf,
  objectAt,
  textAt,
  type PersonDocument,
} from '../../src/sandbox/population/person-document.js';
import type { Population } from '../../src/sandbox/population/population.js';
import { escapeText } from '../../src/xml/escape.js';
import type { XmlElement } from '../../src/xml/element.js';
import { readXml } from '../../src/xml/reader.js';
import { contractFile } from '../legacy/hl7v3/schema/places.js';
import { findCandidatesRequest } from '../support/find-candidates-request.js';
import { all } from '../support/hl7v3-message.js';
import { xmllint } from '../support/xmllint.js';
import { isProtectedNow, leakedStrings } from './address-leaks.js';
import { stumblingBlocks } from './answer-structure.js';
import { adapterOver, everybody, NOW, posted, type Setting } from './answered-people.js';
import { OwnSchema } from './own-schema.js';

const settings: readonly Setting[] = [
  { name: 'full access, faithful fill', access: 'full', fill: 'faithful' },
  { name: 'restricted access, rich fill', access: 'restricted', fill: 'rich' },
];

/** The answer to the search for one person, by what the person's document says. */
interface SearchAnswer {
  readonly document: PersonDocument;
  readonly by: 'birth' | 'address';
  readonly status: number;
  readonly envelope: string;
  readonly root: XmlElement;
}

/** Parameters that fit a person: by name and birth day, and by name and post code or municipality. */
function parametersFor(document: PersonDocument): readonly (readonly [SearchAnswer['by'], string])[] {
  const current = (part: string): ReturnType<typeof elementsOf> =>
    elementsOf(document, part).filter(isCurrent);
  const name = current('name')[0];
  const parts = [
    ['given', 'givenName', ''],
    ['family', 'middleName', ' qualifier="MID"'],
    ['family', 'familyName', ''],
  ].map(([part = '', member = '', qualifier = '']) => {
    const text = textAt(name, member);
    return text === undefined ? '' : `<${part}${qualifier}>${escapeText(text)}</${part}>`;
  });
  const named = `<personName><value>${parts.join('')}</value></personName>`;
  const day = textAt(current('birth')[0], 'birthDate')?.slice(0, 10).replaceAll('-', '');
  const homes = ['residentialAddress', 'presentAddress', 'sharedResidence'].flatMap(current);
  const codes = homes.flatMap(
    (home) => textAt(objectAt(objectAt(home, 'streetAddress'), 'city'), 'postalCode') ?? [],
  );
  return [
    ...(day === undefined
      ? []
      : [['birth', `<personBirthTime><value value="${day}"/></personBirthTime>${named}`] as const]),
    ...codes.map(
      (code) =>
        [
          'address',
          `<identifiedPersonAddress><value><postalCode>${code}</postalCode></value></identifiedPersonAddress>${named}`,
        ] as const,
    ),
  ];
}

async function answersTo(population: Population, setting: Setting): Promise<readonly SearchAnswer[]> {
  const adapter = await adapterOver(population, setting);
  const answers: SearchAnswer[] = [];
  for (const document of population.documents()) {
    for (const [by, parameters] of parametersFor(document)) {
      const request = findCandidatesRequest({ parameters, now: new Date(NOW) });
      const { status, envelope } = await posted(adapter, request);
      answers.push({ document, by, status, envelope, root: readXml(envelope) });
    }
  }
  return answers;
}

/** The numbers of the people told. */
function told({ root }: SearchAnswer): readonly string[] {
  return all(root, 'subject1').map((subject) => all(subject, 'id')[0]?.attributes.get('extension') ?? '');
}

function holdsPerson(answer: SearchAnswer): boolean {
  const numbers = numbersOf(answer.document);
  return told(answer).some((number) => numbers.includes(number));
}

/** Nobody can be told without a number, and restricted access lists none that are out of use. */
function isTold(document: PersonDocument): boolean {
  return elementsOf(document, 'norwegianIdentificationNumber').some(
    (number) => isCurrent(number) && textAt(number, 'status') !== 'Discontinued',
  );
}

describe('answers to FindCandidates', function () {
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
      let answers: readonly SearchAnswer[];
      let found: readonly SearchAnswer[];

      before(async () => {
        answers = await answersTo(await everybody(150), setting);
        found = answers.filter(({ status }) => status === 200);
      });

      it('are lists, but where the new register does not take a name', () => {
        expect(found.length).to.be.greaterThan(300);
        for (const { envelope } of answers.filter(({ status }) => status !== 200)) {
          expect(envelope).to.match(/cannot be answered as it stands. personName: /);
        }
        expect(answers.length - found.length).to.be.lessThan(15);
      });

      it('are valid by the schema that we serve', () => {
        const complaints = found.flatMap(({ envelope }) => schema.complaint(envelope) ?? []);
        expect(complaints).to.deep.equal([]);
      });

      it('are valid by the published schema in xmllint', function () {
        const published = contractFile('preg-hl7v3/wire.xsd');
        const validate = published === undefined ? undefined : xmllint(published);
        if (validate === undefined) this.skip();
        const bodies = new Map(
          found.map(({ envelope }, index) => [`answer-${String(index)}`, bodyOf(envelope)]),
        );
        const folder = mkdtempSync(join(tmpdir(), 'preg-adapter-searches-'));
        try {
          expect(validate(folder, bodies)).to.deep.equal([]);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      });

      it('have nothing empty, no layout, and name and address parts in order', () => {
        expect(found.flatMap(({ root }) => stumblingBlocks(root))).to.deep.equal([]);
      });

      it('hold the person who was sought by name and birth day', () => {
        const lacking = found.filter(
          (answer) => answer.by === 'birth' && isTold(answer.document) && !holdsPerson(answer),
        );
        expect(lacking.map(({ document }) => document.id)).to.deep.equal([]);
      });

      it('hold nobody who is protected when an address was sought by, and everybody else (Safety S2)', () => {
        const byAddress = found.filter(({ by }) => by === 'address');
        for (const answer of byAddress.filter(({ document }) => isTold(document))) {
          expect(holdsPerson(answer), answer.document.id).to.equal(!isProtectedNow(answer.document));
        }
        expect(byAddress.filter(({ document }) => isProtectedNow(document))).to.have.length.greaterThan(8);
      });

      it('hold no string of the protected address of the one who was sought', () => {
        const alone = found.filter(
          (answer) => isProtectedNow(answer.document) && holdsPerson(answer) && told(answer).length < 2,
        );
        expect(alone.flatMap(({ document, root }) => leakedStrings(document, root))).to.deep.equal([]);
        expect(alone.length).to.be.greaterThan(8);
      });
    });
  }
});

function bodyOf(envelope: string): string {
  return envelope.slice(envelope.indexOf('<s:Body>') + '<s:Body>'.length, envelope.indexOf('</s:Body>'));
}
