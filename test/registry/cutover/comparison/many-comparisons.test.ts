import { expect } from 'chai';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import { ChosenDifferences } from '../../../../src/sandbox/preg/chosen-differences.js';
import { runs } from '../../../support/long-runs.js';
import { memoryInUse } from '../../../support/memory-in-use.js';
import { everyFixture, mapped } from '../../../support/person-documents.js';
import { comparer, found, hit } from './compared.js';

const COMPARISONS = runs(2_000);
/** In octets: what the first comparisons leave in caches of the engine. */
const LEEWAY = 8 * 1024 * 1024;

describe('many comparisons', function () {
  this.timeout(600_000);

  const people = everyFixture.map(({ document }) => mapped(document).person);
  const preg = new ChosenDifferences({ seed: 1, differingPercent: 50 });

  function compareAll(count: number): number {
    let different = 0;
    for (let index = 0; index < count; index += 1) {
      const person: PregPerson | undefined = people[index % people.length];
      if (person === undefined) throw new Error('there are no people');
      const told = preg.told(person);
      const differences = comparer.compare({
        preg: found(told === 'nobody' ? undefined : hit(told)),
        persontjenesten: found(hit(person)),
      });
      different += differences.length > 0 ? 1 : 0;
    }
    return different;
  }

  it('leave nothing behind in memory', () => {
    compareAll(500);
    const before = memoryInUse();
    const different = compareAll(COMPARISONS);
    expect(different).to.be.greaterThan(COMPARISONS / 10);
    expect(memoryInUse() - before).to.be.lessThan(LEEWAY);
  });
});
