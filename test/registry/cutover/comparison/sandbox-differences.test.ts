import { expect } from 'chai';
import { kindOf, NationalIdKind } from '../../../../src/person/national-id.js';
import type { SearchHit } from '../../../../src/registry/search.js';
import {
  differenceNames,
  differences,
  type DifferenceName,
} from '../../../../src/sandbox/preg/differences.js';
import type { Difference } from '../../../../src/sandbox/preg/difference.js';
import { everyFixture, mapped } from '../../../support/person-documents.js';
import { createComparer } from '../../../../src/registry/cutover/comparison/create-comparer.js';
import { StandingClock } from '../../../support/standing-clock.js';
import { found, rules } from './compared.js';

/** When nothing in the fixtures is new any more. */
const comparer = createComparer(rules, new StandingClock('2035-01-01T12:00:00Z'));

/** Each register has help numbers of its own. */
const people: readonly SearchHit[] = everyFixture
  .map(({ document }) => mapped(document))
  .filter(({ person }) => kindOf(person.nin) !== NationalIdKind.HelpNumber);

/** What becomes of every fixture person to whom it can happen: the classes of the differences, of each person together. */
function classesOf(name: DifferenceName): readonly string[] {
  const difference: Difference = differences[name];
  return people.flatMap((hit) => {
    const told = difference.of(hit.person);
    if (told === undefined) return [];
    const old = told === 'nobody' ? undefined : { person: told, lineage: lineageOf(told, hit) };
    const compared = comparer.compare({ preg: found(old), persontjenesten: found(hit) });
    const classes = new Set(compared.map((difference) => difference.class));
    return [[...classes].toSorted().join(' and ')];
  });
}

/** PREG tells the same fields, and of addresses that it alone has, what it tells of any. */
function lineageOf(told: SearchHit['person'], { lineage }: SearchHit): SearchHit['lineage'] {
  if (told.addresses.length === 0 || lineage.has('addresses[0].st')) return lineage;
  const ofAddress = Object.keys(told.addresses[0] ?? {}).map((field) => `addresses[0].${field}`);
  return new Map([...lineage, ...ofAddress.map((place) => [place, { row: place, sources: [] }] as const)]);
}

/** The classes of what is found. */
const wanted = { equal: [''], expected: ['expected'], unexplained: ['unexplained'] } as const;

describe('a difference that the sandbox puts into PREG', () => {
  for (const name of differenceNames) {
    it(`comes out as it should: ${name}, ${differences[name].expectation}`, () => {
      const classes = classesOf(name);
      expect(classes).to.not.deep.equal([]);
      expect([...new Set(classes)]).to.deep.equal(wanted[differences[name].expectation]);
    });
  }
});
