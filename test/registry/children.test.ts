import { expect } from 'chai';
import { UpstreamInvalidAnswer, UpstreamUnavailable } from '../../src/errors/errors.js';
import type { JsonObject } from '../../src/mapping/json.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import { blankPerson } from '../../src/person/blank-person.js';
import type { ChildrenAnswer } from '../../src/registry/person-registry.js';
import { discontinued, element, inUse } from '../support/person-documents.js';
import { rejectionOf } from '../support/rejection.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { manyBench, someone } from './many-bench.js';
import { caller } from './registry-bench.js';

const PARENT = syntheticNumber(0);

function child(index: number, members: JsonObject = {}): JsonObject {
  return element({
    relatedPerson: syntheticNumber(index),
    relatedPersonsRole: 'Child',
    validFrom: `20${String(10 + index)}-01-01`,
    ...members,
  });
}

function parent(...familyRelation: JsonObject[]): JsonObject {
  return someone(0, { familyRelation });
}

function named(answer: ChildrenAnswer): readonly unknown[] {
  if (answer.outcome !== 'found') throw new Error('nobody was found');
  return answer.children.map(({ person }) => [person.nin, person.givenName]);
}

describe('children', () => {
  it('are told in the order of the parent’s document', async () => {
    const bench = manyBench([parent(child(2), child(3), child(1)), someone(1), someone(2), someone(3)]);
    expect(named(await bench.children(PARENT))).to.deep.equal([
      [syntheticNumber(2), 'NAVN2'],
      [syntheticNumber(3), 'NAVN3'],
      [syntheticNumber(1), 'NAVN1'],
    ]);
  });

  it('are told in that order beyond the tenth as well', async () => {
    const many = Array.from({ length: 12 }, (_, index) => index + 1);
    const bench = manyBench([
      parent(...many.map((index) => child(index))),
      ...many.map((index) => someone(index)),
    ]);
    expect(named(await bench.children(PARENT))).to.deep.equal(
      many.map((index) => [syntheticNumber(index), `NAVN${index}`]),
    );
  });

  it('are those of today, and no other relatives', async () => {
    const bench = manyBench([
      parent(
        child(1, { isValid: false }),
        child(2, { relatedPersonsRole: 'Sibling' }),
        child(3, { relatedPersonsRole: 'StillbornChild' }),
        child(4),
      ),
      ...[1, 2, 3, 4].map((index) => someone(index)),
    ]);
    expect(named(await bench.children(PARENT))).to.deep.equal([[syntheticNumber(4), 'NAVN4']]);
  });

  it('whose number the register does not know are blank but for it', async () => {
    const bench = manyBench([parent(child(1), child(2)), someone(2)]);
    const answer = await bench.children(PARENT);
    expect(named(answer)).to.deep.equal([
      [syntheticNumber(1), null],
      [syntheticNumber(2), 'NAVN2'],
    ]);
    expect(answer)
      .to.have.nested.property('children[0].person')
      .that.deep.equals({
        ...blankPerson,
        nin: syntheticNumber(1),
      });
  });

  it('without a number are left out', async () => {
    const unnamed = { relatedPerson: null, relatedPersonWithoutIdentifier: { name: { givenName: 'Liten' } } };
    const bench = manyBench([
      parent(child(1, unnamed), child(2, { relatedPerson: 'ukjent' }), child(3)),
      someone(3),
    ]);
    expect(named(await bench.children(PARENT))).to.deep.equal([[syntheticNumber(3), 'NAVN3']]);
  });

  it('who are one person by two numbers are told of once', async () => {
    const changed = someone(2, {
      norwegianIdentificationNumber: [inUse(syntheticNumber(2)), discontinued(syntheticNumber(1))],
    });
    const bench = manyBench([parent(child(1), child(3), child(2)), changed, someone(3)]);
    expect(named(await bench.children(PARENT))).to.deep.equal([
      [syntheticNumber(2), 'NAVN2'],
      [syntheticNumber(3), 'NAVN3'],
    ]);
  });

  it('of a parent by an old number are found', async () => {
    const old = syntheticNumber(9);
    const document = {
      ...parent(child(1)),
      norwegianIdentificationNumber: [inUse(PARENT), discontinued(old)],
    };
    const bench = manyBench([document, someone(1)]);
    expect(named(await bench.children(old))).to.deep.equal([[syntheticNumber(1), 'NAVN1']]);
  });

  it('of nobody are not found; somebody without children has none', async () => {
    expect(await manyBench([]).children(PARENT)).to.deep.equal({ outcome: 'not-found' });
    const bench = manyBench([someone(0)]);
    expect(await bench.children(PARENT)).to.deep.equal({ outcome: 'found', children: [] });
    expect(bench.calls).to.have.length(2);
  });

  it('take no more of the parent than the relations and the numbers', async () => {
    const bench = manyBench([parent(child(1)), someone(1)]);
    await bench.children(PARENT);
    const ofParent = bench.calls.filter(({ nins }) => nins.includes(PARENT));
    expect(ofParent.map(({ parts }) => parts)).to.deep.equal([
      ['FamilyRelation', 'NorwegianIdentificationNumber'],
      ['NorwegianIdentificationNumber'],
    ]);
  });

  it('are not asked for on behalf of a client that may not see relatives', async () => {
    const bench = manyBench([parent(child(1)), someone(1)]);
    const asking = caller({ visible: new Set(fieldGroups.filter((group) => group !== 'family')) });
    expect(await bench.children(PARENT, asking)).to.deep.equal({ outcome: 'found', children: [] });
    expect(bench.calls.flatMap(({ parts }) => parts)).to.not.include('FamilyRelation');
  });

  it('fail with a call that fails, and for a document that does not list the parent', async () => {
    const trouble = new UpstreamUnavailable('status 503');
    const people = [parent(child(1)), someone(1)];
    const broken = manyBench(people, ({ operation }, documents) =>
      operation === 'bulk-by-nin' ? trouble : documents,
    );
    expect(await rejectionOf(broken.children(PARENT))).to.equal(trouble);
    const wrong = manyBench(people, () => [someone(5)]);
    expect(await rejectionOf(wrong.children(PARENT))).to.be.instanceOf(UpstreamInvalidAnswer);
  });
});
