import { expect } from 'chai';
import { politeTo } from '../../../../src/legacy/filematch/jobs/politeness.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { rejectionOf } from '../../../support/rejection.js';

describe('a job that heeds people', () => {
  it('goes on at once with all the rows it likes while nobody asks', async () => {
    const clock = new ManualClock();
    const politeness = politeTo({ somebody: false }, clock);
    await politeness.standAside(new AbortController().signal);
    expect(clock.sleeps).to.deep.equal([]);
    expect(politeness.rowsPerBatch).to.equal(Number.POSITIVE_INFINITY);
  });

  it('takes few rows, and pauses, while somebody waits', async () => {
    const clock = new ManualClock();
    const politeness = politeTo({ somebody: true }, clock);
    await politeness.standAside(new AbortController().signal);
    expect(clock.sleeps).to.deep.equal([60]);
    expect(politeness.rowsPerBatch).to.equal(20);
  });

  it('does not sit a pause out when it is to end', async () => {
    const politeness = politeTo({ somebody: true }, new ManualClock());
    const reason = new Error('ending');
    expect(await rejectionOf(politeness.standAside(AbortSignal.abort(reason)))).to.equal(reason);
  });
});
