import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import type { Adapter } from '../../src/main.js';
import { fieldGroups, type FieldGroup } from '../../src/person/field-groups.js';
import { Population } from '../../src/sandbox/population/population.js';
import type { XmlElement } from '../../src/xml/element.js';
import { readXml } from '../../src/xml/reader.js';
import { findCandidatesRequest } from '../support/find-candidates-request.js';
import { contracts, writeSchemas } from '../support/preg-xml.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { xmllint } from '../support/xmllint.js';
import { elementAt, stumblingBlocks } from './answer-structure.js';
import { adapterOver, NOW, posted } from './answered-people.js';
import { OwnSchema } from './own-schema.js';
import {
  blankIn,
  bodyOf,
  clientSeeing,
  firstRoleIn,
  left,
  leftOfRecord,
  linesFor,
  membersOf,
  toldInElements,
  toldInSegments,
  tried,
} from './profiled-answers.js';

const setting = { name: 'profiled', access: 'full', fill: 'rich' } as const;

/** What is asked: two criteria of somebody who lives in fixtures/persons, in each protocol, by the group that they are of. */
const criteria: Readonly<
  Partial<
    Record<
      FieldGroup,
      { readonly hl7v3: string; readonly pregXml: readonly [string, string]; readonly hl7v2: string }
    >
  >
> = {
  names: {
    hl7v3: '<personName><value><family>Granbar</family></value></personName>',
    pregXml: ['LastName', 'Granbar'],
    hl7v2: '@PID.5.1^Granbar',
  },
  birth: {
    hl7v3: '<personBirthTime><value value="19840611"/></personBirthTime>',
    pregXml: ['DateOfBirth', '1984-06-11T00:00:00'],
    hl7v2: '@PID.7^19840611',
  },
  addresses: {
    hl7v3: '<identifiedPersonAddress><value><postalCode>0580</postalCode></value></identifiedPersonAddress>',
    pregXml: ['ZipCode', '0580'],
    hl7v2: '@PID.11.5^0580',
  },
};

/** In the order of the types. */
const questions: readonly (readonly FieldGroup[])[] = [
  ['birth', 'names'],
  ['addresses', 'names'],
];

function parts<Part>(
  question: readonly FieldGroup[],
  of: (one: NonNullable<(typeof criteria)['names']>) => Part,
) {
  return question.flatMap((group) => {
    const one = criteria[group];
    return one === undefined ? [] : [of(one)];
  });
}

describe('a search by a client with a profile', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();
  let population: Population;
  let complete: Adapter;
  let schema: OwnSchema;

  before(async () => {
    population = await Population.create({
      personFolders: [join(packageRoot(), 'fixtures', 'persons')],
      generated: 0,
      seed: 1,
    });
    complete = await adapterOver(population, setting);
    schema = new OwnSchema(await loadTypeTable(join(packageRoot(), 'mappings', 'hl7v3', 'types.yaml')));
  });

  after(() => {
    schema.dispose();
  });

  const findCandidates = async (adapter: Adapter, question: readonly FieldGroup[]): Promise<XmlElement> => {
    const parameters = parts([...question].sort(byPlace), ({ hl7v3 }) => hl7v3).join('');
    const { envelope } = await posted(adapter, findCandidatesRequest({ parameters, now: new Date(NOW) }));
    expect([schema.complaint(envelope), stumblingBlocks(readXml(envelope))]).to.deep.equal([undefined, []]);
    return readXml(envelope);
  };
  const search = (adapter: Adapter, question: readonly FieldGroup[]): Promise<string> => {
    const members = parts(question, ({ pregXml }) => pregXml).sort(([one], [other]) =>
      one < other ? -1 : 1,
    );
    const content = members.map(([name, value]) => `<${name}>${value}</${name}>`).join('');
    return bodyOf(adapter, 'Search', `<parameters>${content}</parameters>`);
  };
  const query = (adapter: Adapter, question: readonly FieldGroup[], groups: readonly FieldGroup[]) =>
    linesFor(adapter, parts(question, ({ hl7v2 }) => hl7v2).join('~'), clientSeeing(groups));

  for (const [name, groups] of tried) {
    for (const question of questions) {
      const isAllowed = question.every((group) => groups.includes(group));
      const title = `${name}, by ${question.join(' and ')}`;

      if (isAllowed) {
        it(`(${title}) tells what the profile grants, in valid answers`, async function () {
          const adapter = await adapterOver(population, { ...setting, visible: groups });
          const [role, wholeRole] = [
            firstRoleIn(await findCandidates(adapter, question)),
            firstRoleIn(await findCandidates(complete, question)),
          ];
          if (role === undefined || wholeRole === undefined) throw new Error('nobody was found');
          expect(left(toldInElements(role), [])).to.deep.equal(
            left(toldInElements(wholeRole), blankIn('hl7v3', groups)),
          );
          const body = await search(adapter, question);
          const [person, whole] = [body, await search(complete, question)].map((text) =>
            elementAt(readXml(text), 'SearchResult', 'Persons', 'Person'),
          );
          expect(membersOf(person).length).to.be.greaterThan(20);
          expect(membersOf(person)).to.deep.equal(leftOfRecord(whole, groups));
          const [lines, wholeLines] = [
            await query(adapter, question, groups),
            await query(complete, question, fieldGroups),
          ].map((all) => all.slice(all.findIndex((line) => line.startsWith('PID'))));
          expect(toldInSegments(lines ?? []).size).to.be.greaterThan(2);
          expect(left(toldInSegments(lines ?? []), [])).to.deep.equal(
            left(toldInSegments(wholeLines ?? []), blankIn('hl7v2', groups)),
          );
          const validate = xmllint(writeSchemas(join(newFolder(), 'schemas'), contracts['2018']));
          if (validate === undefined) this.skip();
          expect(validate(newFolder(), new Map([['Search', body]]))).to.deep.equal([]);
        });
      } else {
        it(`(${title}) is refused, and never looks like nobody`, async () => {
          const adapter = await adapterOver(population, { ...setting, visible: groups });
          const parameters = parts([...question].sort(byPlace), ({ hl7v3 }) => hl7v3).join('');
          const { status, envelope } = await posted(
            adapter,
            findCandidatesRequest({ parameters, now: new Date(NOW) }),
          );
          expect([status, firstRoleIn(readXml(envelope))]).to.deep.equal([500, undefined]);
          expect(envelope).to.contain('Fault>').and.to.contain('outside the access profile');
          const body = await search(adapter, question);
          expect(body).to.contain('Fault>').and.to.contain('outside the access profile');
          const lines = await query(adapter, question, groups);
          expect(lines.filter((line) => line.startsWith('PID'))).to.deep.equal([]);
          expect(lines.join('\n'))
            .to.match(/^MSA\|AE\|/m)
            .and.to.contain('outside the access profile');
        });
      }
    }
  }
});

/** The parameters of FindCandidates have an order of their own. */
const places: readonly string[] = ['addresses', 'birth', 'names'];

function byPlace(one: FieldGroup, other: FieldGroup): number {
  return places.indexOf(one) - places.indexOf(other);
}
