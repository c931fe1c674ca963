import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { JsonValue } from '../../../src/sandbox/population/person-document.js';
import { UnusablePersonFile } from '../../../src/sandbox/population/person-folder.js';
import { Population } from '../../../src/sandbox/population/population.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { discontinued, inUse, writePersons } from '../support/person-files.js';

function person(id: string, ...numbers: readonly JsonValue[]): JsonValue {
  return { id, sequenceNumber: 1, norwegianIdentificationNumber: numbers };
}

async function refusalOf(...personFolders: readonly string[]): Promise<UnusablePersonFile> {
  try {
    await Population.create({ personFolders, generated: 0, seed: 1 });
  } catch (error) {
    if (error instanceof UnusablePersonFile) return error;
    throw error;
  }
  throw new Error('the folders were accepted');
}

describe('folders with Person documents', () => {
  const newFolder = temporaryFolders();
  const load = (...personFolders: readonly string[]): Promise<Population> =>
    Population.create({ personFolders, generated: 0, seed: 1 });

  it('give a person for every JSON file, in order of name, and nothing for what else is there', async () => {
    const folder = newFolder();
    writePersons(folder, person('a', inUse(syntheticNumber(0))), person('b', inUse(syntheticNumber(1))));
    writeFileSync(path.join(folder, 'README.md'), 'not a person');
    mkdirSync(path.join(folder, 'deeper'));
    writePersons(path.join(folder, 'deeper'), person('c', inUse(syntheticNumber(2))));
    mkdirSync(path.join(folder, 'named-as-a-file.json'));
    const population = await load(folder);
    expect([...population.documents()].map(({ id }) => id)).to.deep.equal(['a', 'b']);
  });

  it('may be several, and may be empty', async () => {
    const [one, other, empty] = [newFolder(), newFolder(), newFolder()];
    writePersons(one, person('a', inUse(syntheticNumber(0))));
    writePersons(other, person('b', inUse(syntheticNumber(1))));
    expect((await load(one, other, empty)).size).to.equal(2);
  });

  it('may hold members and codes that nobody has heard of', async () => {
    const folder = newFolder();
    const document = {
      id: 'a',
      sequenceNumber: 1,
      norwegianIdentificationNumber: [inUse(syntheticNumber(0))],
      status: [{ status: 'OnTheMoon', since: 'yesterday' }],
      horoscope: { sign: 'Ferret' },
    };
    writePersons(folder, document);
    expect((await load(folder)).get('a')).to.deep.equal(document);
  });

  it('may hold a person without number, who is found by id', async () => {
    const folder = newFolder();
    writePersons(folder, person('a'));
    expect((await load(folder)).get('a')?.id).to.equal('a');
  });

  it('may begin with a byte order mark', async () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, '0.json'), `\uFEFF${JSON.stringify(person('a'))}`);
    expect((await load(folder)).size).to.equal(1);
  });

  it('keep their numbers from the generated persons', async () => {
    const folder = newFolder();
    const generated = await Population.create({ personFolders: [], generated: 20, seed: 5 });
    const [victim] = generated.documents();
    if (victim === undefined) throw new Error('nobody was generated');
    writePersons(folder, { ...victim, id: 'loaded' });
    const population = await Population.create({ personFolders: [folder], generated: 20, seed: 5 });
    expect(population.size).to.equal(21);
    const numbers = [...population.documents()].flatMap((document) =>
      JSON.stringify(document['norwegianIdentificationNumber']),
    );
    expect(new Set(numbers).size).to.equal(21);
  });

  for (const [name, text, problem] of [
    ['no JSON', '{ "id": ', /is not JSON$/],
    ['a list', '[]', /not a Person document: it is no JSON object/],
    ['another kind of document', '{ "name": "package", "id": "x" }', /name is no list of objects/],
    ['no id', '{ "status": [] }', /no id of 1 to 64/],
    ['an id of 65 characters', JSON.stringify({ id: 'x'.repeat(65), status: [] }), /no id of 1 to 64/],
    ['no information part', '{ "id": "x", "sequenceNumber": 1 }', /no information part/],
    ['a sequence number in words', '{ "id": "x", "sequenceNumber": "one", "status": [] }', /sequenceNumber/],
    ['a list where an object belongs', '{ "id": "x", "death": [] }', /death is no object/],
    ['an object where a list belongs', '{ "id": "x", "status": {} }', /status is no list/],
  ] as const) {
    it(`are refused with the name of the file for ${name}`, async () => {
      const folder = newFolder();
      const file = path.join(folder, 'odd.json');
      writeFileSync(file, text);
      const refusal = await refusalOf(folder);
      expect(refusal.file).to.equal(file);
      expect(refusal.message).to.match(problem).and.to.contain(file);
    });
  }

  it('are refused when a number is used already, superseded ones too, without telling the number', async () => {
    const folder = newFolder();
    const number = syntheticNumber(0);
    writePersons(
      folder,
      person('a', inUse(number)),
      person('b', inUse(syntheticNumber(1)), discontinued(number)),
    );
    const { file, message } = await refusalOf(folder);
    expect(file).to.equal(path.join(folder, '1.json'));
    expect(message).to.contain(path.join(folder, '0.json')).and.not.to.contain(number);
  });

  it('are refused when an id is used already', async () => {
    const [one, other] = [newFolder(), newFolder()];
    writePersons(one, person('a', inUse(syntheticNumber(0))));
    writePersons(other, person('a', inUse(syntheticNumber(1))));
    const { file, message } = await refusalOf(one, other);
    expect(file).to.equal(path.join(other, '0.json'));
    expect(message).to.contain('id');
  });

  it('are refused by name when they are not there', async () => {
    const folder = path.join(newFolder(), 'missing');
    expect((await refusalOf(folder)).message).to.contain(folder);
  });
});
