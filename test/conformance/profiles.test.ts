import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import type { Adapter } from '../../src/main.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import { isNationalId } from '../../src/person/national-id.js';
import { Population } from '../../src/sandbox/population/population.js';
import type { XmlElement } from '../../src/xml/element.js';
import { readXml } from '../../src/xml/reader.js';
import { contractFile } from '../legacy/hl7v3/schema/places.js';
import { getDemographicsRequest } from '../support/get-demographics-request.js';
import { contracts, writeSchemas } from '../support/preg-xml.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { xmllint } from '../support/xmllint.js';
import { elementAt, stumblingBlocks } from './answer-structure.js';
import { adapterOver, NOW, numbersAsked, posted } from './answered-people.js';
import { OwnSchema } from './own-schema.js';
import {
  blankIn,
  bodyOf,
  clientSeeing,
  firstRoleIn,
  left,
  leftOfRecord,
  lookupOf,
  matched,
  membersOf,
  segmentsFor,
  toldInElements,
  toldInRow,
  toldInSegments,
  tried,
} from './profiled-answers.js';

const setting = { name: 'profiled', access: 'full', fill: 'rich' } as const;

/** In Filematch the status follows from the mask as it is told; that a number is out of use is told with the others. */
const JUDGED: readonly string[] = ['matchStatus', 'matchMethod'];

describe('what is outside of a client’s profile', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();
  let population: Population;
  let numbers: readonly string[];
  let complete: Adapter;
  let schema: OwnSchema;

  before(async () => {
    population = await Population.create({
      personFolders: [join(packageRoot(), 'fixtures', 'persons')],
      generated: 0,
      seed: 1,
    });
    numbers = [...population.documents()].flatMap((document) =>
      numbersAsked(document, setting).filter(isNationalId).slice(0, 1),
    );
    complete = await adapterOver(population, setting);
    schema = new OwnSchema(await loadTypeTable(join(packageRoot(), 'mappings', 'hl7v3', 'types.yaml')));
  });

  after(() => {
    schema.dispose();
  });

  /** Every fifth is asked about by each profile, so that everybody has their turn. */
  const asked = (index: number): readonly string[] =>
    numbers.filter((_, person) => (person + index) % 5 === 0);

  for (const [index, [name, groups]] of tried.entries()) {
    describe(`(${name})`, () => {
      let adapter: Adapter;

      before(async () => {
        adapter = await adapterOver(population, { ...setting, visible: groups });
      });

      it('is left out of HL7 v3, whose answers stay valid and tell the rest as ever', async () => {
        const blank = blankIn('hl7v3', groups);
        for (const nin of asked(index)) {
          const request = getDemographicsRequest({ numbers: [nin], now: new Date(NOW) });
          const { envelope } = await posted(adapter, request);
          expect([schema.complaint(envelope), stumblingBlocks(readXml(envelope))], nin).to.deep.equal([
            undefined,
            [],
          ]);
          const whole = roleIn(readXml((await posted(complete, request)).envelope));
          expect(left(toldInElements(roleIn(readXml(envelope))), []), nin).to.deep.equal(
            left(toldInElements(whole), blank),
          );
        }
      });

      it('is nil in Personregister-XML, where every member stays in its place', async function () {
        const bodies = new Map<string, string>();
        for (const nin of asked(index)) {
          const body = await bodyOf(adapter, 'GetPerson', lookupOf(nin));
          const [person, whole] = [body, await bodyOf(complete, 'GetPerson', lookupOf(nin))].map((text) =>
            elementAt(readXml(text), 'GetPersonResult'),
          );
          expect(membersOf(person), nin).to.deep.equal(leftOfRecord(whole, groups));
          bodies.set(`GetPerson ${nin}`, body);
          bodies.set(`GetAddresses ${nin}`, await bodyOf(adapter, 'GetAddresses', lookupOf(nin)));
          bodies.set(`GetChildren ${nin}`, await bodyOf(adapter, 'GetChildren', `<NIN>${nin}</NIN>`));
        }
        const schemas = [writeSchemas(join(newFolder(), 'schemas'), contracts['2018'])];
        const published = contractFile('preg-xml/PersonService4.xsd');
        for (const file of published === undefined ? schemas : [...schemas, published]) {
          const validate = xmllint(file);
          if (validate === undefined) this.skip();
          expect(validate(newFolder(), bodies)).to.deep.equal([]);
        }
      });

      it('is an empty field of HL7 v2, and the others stay in theirs', async () => {
        const blank = blankIn('hl7v2', groups);
        for (const nin of asked(index)) {
          const lines = await segmentsFor(adapter, nin, clientSeeing(groups));
          expect(lines[0], nin).to.match(/^PID\|1\|\|\d{11}/);
          const whole = await segmentsFor(complete, nin, clientSeeing(fieldGroups));
          expect(left(toldInSegments(lines), []), nin).to.deep.equal(left(toldInSegments(whole), blank));
          expect(blank.includes('PID-33') && toldInSegments(lines).has('PID-33'), nin).to.equal(false);
        }
      });

      it('is blank in a Filematch result, whose records keep their form', async () => {
        const blank = blankIn('filematch', groups);
        for (const nin of asked(index)) {
          const { row, fixed, csv } = await matched(adapter, nin, clientSeeing(groups));
          const whole = await matched(complete, nin, clientSeeing(fieldGroups));
          expect(left(toldInRow(row), JUDGED), nin).to.deep.equal(
            left(toldInRow(whole.row), [...blank, ...JUDGED]),
          );
          const differs = row.changeMask?.includes('1') === true;
          expect([row.matchStatus, differs], nin).to.be.deep.oneOf([
            ['10', false],
            ['11', true],
          ]);
          expect(fixed.length, nin).to.equal(whole.fixed.length);
          expect(csv.split(';').length, nin).to.equal(whole.csv.split(';').length);
        }
      });
    });
  }

  it('would be seen here if it were told', async () => {
    const [nin = ''] = numbers;
    const whole = toldInSegments(await segmentsFor(complete, nin, clientSeeing(fieldGroups)));
    expect([...whole.keys()]).to.include.members(['PID-3', 'PID-5', 'PID-7', 'PID-8']);
    expect(toldInRow((await matched(complete, nin, clientSeeing(fieldGroups))).row).size).to.be.greaterThan(
      20,
    );
    const { envelope } = await posted(
      complete,
      getDemographicsRequest({ numbers: [nin], now: new Date(NOW) }),
    );
    expect(toldInElements(roleIn(readXml(envelope))).size).to.be.greaterThan(15);
  });
});

function roleIn(envelope: XmlElement): XmlElement {
  const role = firstRoleIn(envelope);
  if (role === undefined) throw new Error('nobody was found');
  return role;
}
