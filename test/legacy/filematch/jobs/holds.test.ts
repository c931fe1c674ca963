import { expect } from 'chai';
import { setImmediate as turn } from 'node:timers/promises';
import { UpstreamUnavailable } from '../../../../src/errors/errors.js';
import { FolderUnusable } from '../../../../src/legacy/filematch/jobs/delivery.js';
import { rowOf } from '../../../../src/legacy/filematch/jobs/job-record.js';
import { FilematchWorld, plainFile } from '../../../support/filematch-world.js';
import { IdleClock } from '../../../support/idle-clock.js';

const found = (rows: number): string => plainFile(...Array<string>(rows).fill('found'));
const allRows = (rows: number): readonly string[] =>
  Array.from({ length: rows }, (_, index) => `R${index + 1} 11`);

function rowsOf(world: FilematchWorld, id: string): readonly string[] | undefined {
  return world.result(id)?.split('\n').slice(1, -2);
}

/** A world in which each batch takes some seconds. */
function slowWorld(...[settings, parts]: ConstructorParameters<typeof FilematchWorld>): FilematchWorld {
  const world = new FilematchWorld({ rowsPerBatch: 1, maxConcurrentBatches: 2, ...settings }, parts);
  world.matcher.before = async () => world.clock.sleep(5_000);
  return world;
}

describe('a Filematch job that is paused', () => {
  it('stands where it is: what was asked is written, nothing more is asked', async () => {
    const world = slowWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(20));
    await world.runUntil(engine, () => {
      const { rows } = engine.job(id)?.job.checkpoint ?? { rows: 0 };
      if (rows >= 4) engine.hold(id, 'paused');
      return rows >= 4 && world.clock.now().getTime() > Date.parse('2025-03-01T13:00:00Z');
    });
    expect(engine.job(id)).to.include({ hold: 'paused', waitingFor: 'resume' });
    expect(world.matcher.calls).to.have.length(6);
    expect(engine.job(id)?.job.checkpoint.rows).to.equal(6);
    expect(world.rows.audited).to.have.length(6);
    expect(engine.resume(id)).to.equal(true);
    const { job } = await world.runToEnd(engine, id);
    expect(job.state).to.equal('COMPLETED');
    expect(rowsOf(world, id)).to.deep.equal(allRows(20));
    expect(world.matcher.calls).to.have.length(20);
  });

  it('is noticed within a second when another process asks for it, and stops waiting for the register', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    world.matcher.before = () => {
      throw new UpstreamUnavailable('down');
    };
    const id = await world.accept(engine, found(3));
    let pausedAt = 0;
    await world.runUntil(engine, () => {
      const now = world.clock.now().getTime();
      if (pausedAt === 0 && world.matcher.calls.length === 5) {
        world.rows.setHold(id, 'paused');
        pausedAt = now;
      }
      return pausedAt > 0 && now > pausedAt + 1_000;
    });
    const claim = world.spool.claim(id);
    expect(claim).to.not.equal(undefined);
    claim?.release();
    // Patience counts from the end of the pause.
    await world.clock.sleep(3 * 60 * 60_000);
    world.matcher.before = () => undefined;
    engine.resume(id);
    expect((await world.runToEnd(engine, id)).job.state).to.equal('COMPLETED');
  });

  for (const [what, change] of [
    ['is delivered', { state: 'RUNNING' }],
    ['is put away', { state: 'FAILED', ending: { code: 'internal', reason: '' }, finishedAt: new Date(0) }],
  ] as const) {
    it(`is not held up by that when it ${what}, by this process or the next one`, async () => {
      const world = new FilematchWorld();
      const engine = world.engine();
      world.delivery.trouble = () => new FolderUnusable('the drop folder is not there');
      const id = await world.accept(engine, found(3));
      await world.runUntil(engine, () => engine.job(id)?.waitingFor === 'folder');
      expect(engine.hold(id, 'paused')).to.equal(false);
      // As when the last rows were under way while it was paused.
      world.rows.setHold(id, 'paused');
      const { job } = engine.job(id) ?? {};
      if (job === undefined) throw new Error('no job');
      world.rows.save(rowOf({ ...job, ...change }, null), []);
      expect(engine.job(id)?.hold).to.equal(null);
      expect(engine.job(id)?.waitingFor).to.equal(null);
      world.delivery.trouble = undefined;
      await world.runToEnd(world.engine(), id);
      expect(world.rows.peek(id)?.over).to.equal(true);
      expect(world.delivery.receipts).to.have.length(1);
    });
  }

  it('lets the next one of its client go first', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const first = await world.accept(engine, found(3));
    const second = await world.accept(engine, found(4));
    engine.hold(first, 'paused');
    await world.runToEnd(engine, second);
    expect(engine.job(first)?.job.state).to.equal('RECEIVED');
    engine.resume(first);
    await world.runToEnd(engine, first);
  });
});

describe('a Filematch job that is resumed', () => {
  it('is one that was paused, and none that is at work or waits', async () => {
    const world = slowWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(5));
    expect(engine.resume(id)).to.equal(false);
    await world.runUntil(engine, () => (engine.job(id)?.job.checkpoint.rows ?? 0) > 0);
    expect(engine.resume(id)).to.equal(false);
    engine.hold(id, 'paused');
    expect(engine.resume(id)).to.equal(true);
    expect(engine.resume(id)).to.equal(false);
  });

  it('is none that failed while its files are put away, and goes on once they are', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    let isBroken = true;
    world.matcher.before = () => {
      if (isBroken) throw new TypeError('undefined is not a function');
    };
    world.delivery.trouble = () => new FolderUnusable('the drop folder is not there');
    const id = await world.accept(engine, found(3));
    let wasResumed: boolean | undefined;
    await world.runUntil(engine, () => {
      if (engine.job(id)?.waitingFor === 'folder') wasResumed ??= engine.resume(id);
      return wasResumed !== undefined;
    });
    expect(engine.job(id)?.job.state).to.equal('FAILED');
    expect(wasResumed).to.equal(false);
    isBroken = false;
    world.delivery.trouble = undefined;
    // The process that put them away is gone.
    expect(engine.resume(id)).to.equal(true);
    expect((await world.runToEnd(world.engine(), id)).job).to.include({ state: 'COMPLETED', ending: null });
  });
});

describe('a Filematch job that is cancelled', () => {
  it('fails at once, says so, and leaves none of its files', async () => {
    const world = slowWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(20));
    await world.runUntil(engine, () => {
      if ((engine.job(id)?.job.checkpoint.rows ?? 0) >= 4) engine.hold(id, 'cancelled');
      return world.rows.peek(id)?.over === true;
    });
    const { job, hold } = engine.job(id) ?? {};
    expect(job).to.deep.include({
      state: 'FAILED',
      ending: { code: 'cancelled', reason: 'Jobben ble avbrutt på bestilling.' },
    });
    expect(hold).to.equal(null);
    expect(world.delivery.receipts[0]).to.include({ state: 'FAILED', errorCode: 'cancelled' });
    for (const file of ['input', 'result', 'rejects'] as const)
      expect(world.spool.has(id, file)).to.equal(false);
    expect(world.events.of.filematchJobFailed[0]).to.not.have.property('error');
    expect(engine.resume(id)).to.equal(false);
    expect(engine.hold(id, 'paused')).to.equal(false);
  });

  it('is none when it has completed, even if its files are still being put away', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(3));
    world.delivery.onSettle = () => {
      throw new FolderUnusable('the drop folder is not there');
    };
    await world.runUntil(engine, () => engine.job(id)?.job.state === 'COMPLETED');
    expect(world.rows.peek(id)?.over).to.equal(false);
    for (const hold of ['paused', 'cancelled'] as const) expect(engine.hold(id, hold)).to.equal(false);
    expect(engine.resume(id)).to.equal(false);
  });

  it('does not complete, even if it is cancelled after its last file was delivered', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(3));
    world.delivery.onReceipt = () => {
      // By another process.
      if (engine.job(id)?.job.state === 'RUNNING') expect(world.rows.setHold(id, 'cancelled')).to.equal(true);
    };
    const { job } = await world.runToEnd(engine, id);
    expect(job.ending?.code).to.equal('cancelled');
    expect(world.delivery.receipts.map(({ state }) => state)).to.deep.equal(['COMPLETED', 'FAILED']);
  });

  it('does not wait for a folder that is gone', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    world.delivery.trouble = () => new FolderUnusable('the drop folder is not there');
    const id = await world.accept(engine, found(3));
    await world.runUntil(engine, () => engine.job(id)?.waitingFor === 'folder');
    const at = world.clock.now().getTime();
    engine.hold(id, 'cancelled');
    const { job } = await world.runToEnd(engine, id);
    expect(job).to.include({ state: 'FAILED', delivered: false });
    expect(world.clock.now().getTime() - at).to.be.lessThan(2_000);
  });

  it('ends while another job of its client is at work, and its content may come again', async () => {
    const world = slowWorld();
    const engine = world.engine();
    const first = await world.accept(engine, found(20));
    const others: string[] = [];
    for (let rows = 1; rows <= 6; rows += 1) others.push(await world.accept(engine, found(rows)));
    await world.runUntil(engine, () => {
      const isBegun = (engine.job(first)?.job.checkpoint.rows ?? 0) > 0;
      if (isBegun) for (const id of others) engine.hold(id, 'cancelled');
      return others.every((id) => world.rows.peek(id)?.over === true);
    });
    expect(others.map((id) => engine.job(id)?.job.ending?.code)).to.deep.equal(Array(6).fill('cancelled'));
    expect(engine.job(first)?.job.state).to.equal('RUNNING');
    expect(engine.job(first)?.job.checkpoint.rows).to.be.lessThan(20);
    await world.accept(engine, found(1));
    await world.runToEnd(engine, first);
    expect(rowsOf(world, first)).to.deep.equal(allRows(20));
  });

  it('ends even when it was paused, or belongs to a command line that is gone', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const paused = await world.accept(engine, found(3));
    const orphan = await world.accept(engine, found(4), { door: 'command-line', clientId: 'lab' });
    engine.hold(paused, 'paused');
    engine.hold(paused, 'cancelled');
    engine.hold(orphan, 'cancelled');
    await world.runToEnd(engine, paused);
    await world.runToEnd(engine, orphan);
    expect(engine.job(orphan)?.job.ending?.code).to.equal('cancelled');
    expect(world.matcher.calls).to.deep.equal([]);
  });
});

describe('the window of Filematch', () => {
  const window = { from: '20:00', to: '06:00' };

  it('is waited for, but a bad file is rejected at once', async () => {
    const world = new FilematchWorld({ window }, { clock: new IdleClock('2025-03-01T18:50:00Z') });
    const engine = world.engine();
    const good = await world.accept(engine, found(3));
    const bad = await world.accept(engine, 'OTHER\n', { clientId: 'lab' });
    await world.runToEnd(engine, bad);
    await world.runUntil(engine, () => engine.job(good)?.waitingFor === 'window');
    expect(engine.job(good)?.job.survey?.rows).to.equal(3);
    await world.runUntil(engine, () => world.clock.now().toISOString() >= '2025-03-01T18:59:59');
    expect(world.matcher.calls).to.deep.equal([]);
    await world.runToEnd(engine, good);
    // 20:00 in Norway.
    expect(world.clock.now().toISOString()).to.match(/^2025-03-01T19:00:0[0-2]/);
  });

  it('closes on a job at work, which goes on when it opens again', async () => {
    const window = { from: '06:20', to: '06:00' };
    const world = slowWorld({ window }, { clock: new IdleClock('2025-03-02T04:59:50Z') });
    const engine = world.engine();
    const id = await world.accept(engine, found(30));
    await world.runUntil(engine, () => world.clock.now().toISOString() > '2025-03-02T05:19');
    const { rows } = engine.job(id)?.job.checkpoint ?? { rows: 0 };
    expect(rows).to.be.within(4, 8);
    expect(world.rows.audited).to.have.length(rows);
    expect(world.matcher.calls).to.have.length(rows);
    expect(engine.job(id)?.waitingFor).to.equal('window');
    await world.runToEnd(engine, id);
    expect(rowsOf(world, id)).to.deep.equal(allRows(30));
  });
});

describe('what Filematch jobs take of the register', () => {
  it('is no more rows in a second than allowed, of all jobs together', async () => {
    const world = new FilematchWorld({ rowsPerSecond: 2, rowsPerBatch: 4 });
    const engine = world.engine();
    const start = world.clock.now().getTime();
    const jobs = [
      await world.accept(engine, found(20)),
      await world.accept(engine, found(20), { clientId: 'lab' }),
    ];
    await world.runUntil(engine, () => jobs.every((id) => world.rows.peek(id)?.over === true));
    expect(world.clock.now().getTime() - start).to.be.within(18_000, 20_000);
  });

  it('is asked for only when it is in nobody’s way, and in batches as small as that wants', async () => {
    let mayGo = false;
    let asked = 0;
    const politeness = {
      rowsPerBatch: 2,
      standAside: async () => {
        asked += 1;
        while (!mayGo) await turn();
      },
    };
    const world = new FilematchWorld({ rowsPerBatch: 5 }, { politeness });
    const engine = world.engine();
    const id = await world.accept(engine, found(6));
    const start = world.clock.now().getTime();
    await world.runUntil(engine, () => {
      if (world.clock.now().getTime() > start + 10_000) mayGo = true;
      else expect(world.matcher.calls).to.deep.equal([]);
      return world.rows.peek(id)?.over === true;
    });
    expect(world.matcher.calls.map((rows) => rows.length)).to.deep.equal([2, 2, 2]);
    expect(asked).to.equal(3);
  });
});

describe('the end of the process', () => {
  it('leaves jobs where they stand, and the next one goes on', async () => {
    const world = slowWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(10));
    await world.runUntil(engine, () => (engine.job(id)?.job.checkpoint.rows ?? 0) >= 4);
    expect(world.spool.claim(id)).to.not.equal(undefined);
    world.spool.crash(true);
    const { rows } = engine.job(id)?.job.checkpoint ?? { rows: 0 };
    expect(rows).to.be.within(4, 6);
    await world.runToEnd(world.engine(), id);
    expect(rowsOf(world, id)).to.deep.equal(allRows(10));
    expect(world.rows.audited).to.have.length(10);
  });

  it('leaves the job of a command line where it stands', async () => {
    const world = slowWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(10), { door: 'command-line' });
    const ending = new AbortController();
    const view = await engine.finish(id, ending.signal, ({ job }) => {
      if (job.checkpoint.rows >= 4) ending.abort();
    });
    expect(view.job.state).to.equal('RUNNING');
    expect(view.job.checkpoint.rows).to.equal(4);
    const { job } = await world.engine().finish(id, new AbortController().signal, () => undefined);
    expect(job.state).to.equal('COMPLETED');
    expect(rowsOf(world, id)).to.deep.equal(allRows(10));
  });
});
