import { expect } from 'chai';
import type { NationalId } from '../../../src/person/national-id.js';
import { openTestStore } from '../../store/store-fixture.js';
import { changeBy, helpNumberBench, numberAdded } from '../../support/help-number-bench.js';
import { recordOf } from '../../support/help-numbers.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

/** 249 numbers with check digits: few enough that many draw the same one. */
const narrow = [{ from: '800000000', to: '800000299' }];

describe('people added side by side', () => {
  const folder = temporaryFolders();

  it('get 200 different numbers', async () => {
    const store = openTestStore(folder());
    const { register } = helpNumberBench({ series: narrow, repository: store.helpNumbers });
    const adding = Array.from({ length: 200 }, () => numberAdded(register.add(recordOf(), changeBy())));
    const numbers = await Promise.all(adding);
    expect(new Set(numbers).size).to.equal(200);
    store.close();
  });

  it('get different numbers from two registers over one database', async () => {
    const directory = folder();
    const stores = [openTestStore(directory), openTestStore(directory)];
    const adding = stores.flatMap((store) => {
      const { register } = helpNumberBench({ series: narrow, repository: store.helpNumbers });
      return Array.from({ length: 100 }, () => numberAdded(register.add(recordOf(), changeBy())));
    });
    expect(new Set(await Promise.all(adding)).size).to.equal(200);
    for (const store of stores) store.close();
  });

  it('draw again when another one was faster', async () => {
    const bench = helpNumberBench({ series: [{ from: '800000000', to: '800000009' }] });
    // Everybody asks about the number drawn before anybody writes one.
    const given: Promise<NationalId>[] = [];
    for (let index = 0; index < 6; index += 1) {
      given.push(numberAdded(bench.register.add(recordOf(), changeBy())));
    }
    expect(new Set(await Promise.all(given)).size).to.equal(6);
    expect(bench.source.lookups.length).to.be.greaterThan(6);
  });
});
