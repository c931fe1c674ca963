import { expect } from 'chai';
import type { PregPerson } from '../../../src/person/preg-person.js';
import { ChosenDifferences } from '../../../src/sandbox/preg/chosen-differences.js';
import { differenceNames } from '../../../src/sandbox/preg/differences.js';
import { dayIn, pregPerson } from '../../support/preg-person.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const people: readonly PregPerson[] = Array.from({ length: 1_000 }, (_, index) =>
  pregPerson({ nin: syntheticNumber(index + 1), sn: 'ÅSEN', dateOfBirth: dayIn('1980-01-01') }),
);

const chosenBy = (choice: ChosenDifferences): readonly (string | undefined)[] =>
  people.map((person) => choice.of(person));

describe('who differs', () => {
  it('is nobody of none in a hundred, and everybody of a hundred', () => {
    const none = new ChosenDifferences({ seed: 1, differingPercent: 0 });
    expect(new Set(chosenBy(none))).to.deep.equal(new Set([undefined]));
    expect(none.told(people[0] ?? pregPerson())).to.equal(people[0]);
    expect(chosenBy(new ChosenDifferences({ seed: 1, differingPercent: 100 }))).to.not.include(undefined);
  });

  it('are about as many as were wanted, each always in the same thing', () => {
    const chosen = chosenBy(new ChosenDifferences({ seed: 1, differingPercent: 10 }));
    expect(chosen.filter((name) => name !== undefined).length).to.be.within(70, 130);
    expect(chosenBy(new ChosenDifferences({ seed: 1, differingPercent: 10 }))).to.deep.equal(chosen);
    expect(chosenBy(new ChosenDifferences({ seed: 2, differingPercent: 10 }))).to.not.deep.equal(chosen);
  });

  it('differ in whatever can be of them', () => {
    const chosen = new Set(chosenBy(new ChosenDifferences({ seed: 1, differingPercent: 100 })));
    expect([...chosen]).to.have.members([
      'noise',
      'spelling',
      'former-name',
      'only-preg-knows',
      'birth-date',
      'missing',
    ]);
    expect(differenceNames).to.include.members([...chosen]);
  });

  it('can be chosen one by one, whatever the seed says, until that is forgotten', () => {
    const [one = pregPerson(), other = pregPerson()] = people;
    const choice = new ChosenDifferences({ seed: 1, differingPercent: 100 });
    const before = choice.of(one);
    choice.choose(one.nin, 'missing');
    choice.choose(other.nin, 'none');
    expect(choice.told(one)).to.equal('nobody');
    expect(choice.told(other)).to.equal(other);
    choice.forget();
    expect(choice.of(one)).to.equal(before);
  });

  it('does not differ in what cannot be of them', () => {
    const [one = pregPerson()] = people;
    const choice = new ChosenDifferences({ seed: 1, differingPercent: 0 });
    choice.choose(one.nin, 'open-in-preg');
    expect(choice.of(one)).to.equal(undefined);
    expect(choice.told(one)).to.equal(one);
  });

  it('differs the same by a number that gave way', () => {
    const [one = pregPerson()] = people;
    const choice = new ChosenDifferences({ seed: 1, differingPercent: 0 });
    choice.choose(one.nin, 'missing');
    expect(choice.told({ ...one, nin: syntheticNumber(5_000), newNIN: one.nin })).to.equal('nobody');
  });

  it('may become more while it runs', () => {
    const choice = new ChosenDifferences({ seed: 1, differingPercent: 0 });
    choice.setDifferingPercent(100);
    expect(chosenBy(choice)).to.not.include(undefined);
  });
});
