import { expect } from 'chai';
import { UpstreamUnavailable } from '../../src/errors/errors.js';
import { checkDigitsFor, type NationalId } from '../../src/person/national-id.js';
import { changeBy, helpNumberBench, numberAdded } from '../support/help-number-bench.js';
import { helpNumber, recordOf } from '../support/help-numbers.js';
import { pregPerson } from '../support/preg-person.js';
import { rejectionOf } from '../support/rejection.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const small = [{ from: '800000000', to: '800000099' }];

/** Every number of that series that can be given out. */
const usable: readonly NationalId[] = Array.from({ length: 100 }, (_, index) => helpNumber(index)).filter(
  (number) => number.slice(0, 9) <= '800000099',
);

describe('S8: help numbers are unique', () => {
  it('a number that somebody has upstream is never given out', async () => {
    const free = helpNumber(42);
    const people = usable.filter((number) => number !== free).map((nin) => pregPerson({ nin }));
    const { register } = helpNumberBench({ people, series: small });
    expect(await numberAdded(register.add(recordOf(), changeBy()))).to.equal(free);
    expect(await register.add(recordOf(), changeBy())).to.deep.equal({
      outcome: 'refused',
      rule: 'series-exhausted',
    });
  });

  it('a number is asked for upstream before it is written', async () => {
    const { register, source, repository } = helpNumberBench();
    const asked: NationalId[] = [];
    const lookup = source.lookup.bind(source);
    source.lookup = (query, caller) => {
      expect(repository.people([], 0).entries).to.deep.equal([]);
      asked.push(query.id);
      return lookup(query, caller);
    };
    expect(asked).to.deep.equal([]);
    const number = await numberAdded(register.add(recordOf(), changeBy()));
    expect(asked).to.deep.equal([number]);
  });

  it('no more of a person is asked for than whether the number is taken', async () => {
    const { register, source } = helpNumberBench();
    await register.add(recordOf(), changeBy());
    expect(source.lookups.map(({ visible }) => [...visible])).to.deep.equal([[]]);
  });

  it('a register that cannot tell means that nothing is given out', async () => {
    const { register, source, repository } = helpNumberBench();
    source.lookupTrouble = new UpstreamUnavailable('down');
    expect(await rejectionOf(register.add(recordOf(), changeBy()))).to.equal(source.lookupTrouble);
    expect(repository.people([], 0).entries).to.deep.equal([]);
  });

  it('a number that was given out is never given out again, whatever became of it', async () => {
    const survivor = syntheticNumber(1);
    const { register } = helpNumberBench({ people: [pregPerson({ nin: survivor })], series: small });
    const given: NationalId[] = [];
    for (const [round] of usable.entries()) {
      const number = await numberAdded(register.add(recordOf(), changeBy()));
      expect(given).not.to.include(number);
      given.push(number);
      if (round % 3 > 0) await register.link(survivor, [number], changeBy());
      if (round % 3 > 1) await register.unlink(survivor, number, changeBy());
    }
    expect([...given].sort()).to.deep.equal(usable);
  });

  it('a number always has check digits, and those of the rule', async () => {
    const { register } = helpNumberBench({ series: small });
    for (const [given] of usable.entries()) {
      const number = await numberAdded(register.add(recordOf(), changeBy()));
      expect(checkDigitsFor(number.slice(0, 9)), `number ${given}`).to.equal(number.slice(9));
    }
  });

  it('the same message of the same client gets the same number, and with other content none', async () => {
    const { register, repository } = helpNumberBench();
    const change = changeBy({ messageId: 'm-1' });
    const record = recordOf({ gender: 'F' });
    const number = await numberAdded(register.add(record, change));
    for (let time = 0; time < 3; time += 1) {
      expect(await numberAdded(register.add(record, change))).to.equal(number);
    }
    expect(await register.add(recordOf({ gender: 'M' }), change)).to.deep.equal({
      outcome: 'refused',
      rule: 'message-id-reused',
    });
    expect(repository.people([], 0).entries.map((entry) => entry.number)).to.deep.equal([number]);
  });
});
