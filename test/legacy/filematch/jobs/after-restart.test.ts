import { expect } from 'chai';
import { UpstreamTimeout } from '../../../../src/errors/errors.js';
import { FilematchWorld, plainFile } from '../../../support/filematch-world.js';

const found = (rows: number): string => plainFile(...Array<string>(rows).fill('found'));

describe('a Filematch job that an earlier process left', () => {
  it('gives up the row at its end that gets no answer, since rows done before are answered', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 3, maxConcurrentBatches: 1, patienceHours: 2 });
    world.matcher.before = (rows) => {
      if (rows.some(({ ownRef }) => ownRef === 'R7')) throw new UpstreamTimeout('no answer');
    };
    const first = world.engine();
    const id = await world.accept(first, found(7));
    await world.runUntil(first, () => first.job(id)?.job.checkpoint.rows === 6);
    const { job } = await world.runToEnd(world.engine(), id);
    expect(job.state).to.equal('COMPLETED');
    expect(job.checkpoint.totals).to.include({ matched: 6, technical: 1 });
    expect(world.rows.audited).to.have.length(7);
  });

  it('is delivered once, though the process ended as it had been delivered', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(1));
    const ending = new AbortController();
    let deliveries = 0;
    const deliver = world.delivery.deliver.bind(world.delivery);
    world.delivery.deliver = async (...what) => {
      await deliver(...what);
      deliveries += 1;
      ending.abort(new Error('SIGTERM'));
    };
    await engine.run(ending.signal);
    expect(engine.job(id)?.job).to.include({ state: 'COMPLETED', delivered: true });
    await world.runToEnd(world.engine(), id);
    expect(deliveries).to.equal(1);
  });
});
