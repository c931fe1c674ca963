import { expect } from 'chai';
import type { Random } from '../../../src/runtime/random.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { openTestStore } from '../../store/store-fixture.js';
import { changeBy, helpNumberBench, numberAdded } from '../../support/help-number-bench.js';
import { helpNumber, recordOf } from '../../support/help-numbers.js';
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
    // The first six draws are the same number; everybody asks about it before anybody writes it.
    let draws = 0;
    const random: Random = {
      uuid: () => systemRandom.uuid(),
      bytes: (length) => {
        draws += 1;
        return draws <= 6 ? new Uint8Array(length) : systemRandom.bytes(length);
      },
    };
    const bench = helpNumberBench({ series: narrow, random });
    const adding = Array.from({ length: 6 }, () => numberAdded(bench.register.add(recordOf(), changeBy())));
    expect(new Set(await Promise.all(adding)).size).to.equal(6);
    const asked = bench.source.lookups.map(({ id }) => id);
    expect(asked.slice(0, 6)).to.deep.equal(Array.from({ length: 6 }, () => helpNumber(0)));
    expect(asked.length).to.be.at.least(11);
  });
});
