import { expect } from 'chai';
import { FolderUnusable } from '../../../../src/legacy/filematch/jobs/delivery.js';
import { FilematchWorld, plainFile } from '../../../support/filematch-world.js';

const DAY = 24 * 60 * 60_000;

/** Starts an engine, which looks at once what has had its time, and ends it again. */
async function purge(world: FilematchWorld): Promise<void> {
  const until = world.clock.now().getTime() + 2_000;
  await world.runUntil(world.engine(), () => world.clock.now().getTime() > until);
}

async function completedJob(world: FilematchWorld): Promise<string> {
  const engine = world.engine();
  const id = await world.accept(engine, plainFile('found'));
  await world.runToEnd(engine, id);
  return id;
}

describe('retention of Filematch jobs', () => {
  it('deletes a job with all its files when it has been over for so many days, not before', async () => {
    const world = new FilematchWorld();
    const id = await completedJob(world);
    await world.clock.sleep(14 * DAY - 60_000);
    await purge(world);
    expect(world.rows.peek(id)).to.not.equal(undefined);
    await world.clock.sleep(60_000);
    await purge(world);
    expect(world.rows.peek(id)).to.equal(undefined);
    expect(world.spool.has(id)).to.equal(false);
    expect(world.delivery.discarded).to.deep.equal([id]);
    expect(world.events.of.filematchJobsDeleted).to.deep.equal([{ deleted: 1, left: 0 }]);
    expect(world.rows.audited).to.have.length(1);
  });

  it('goes on hourly while the process runs', async () => {
    const world = new FilematchWorld({ retentionDays: 0 });
    const engine = world.engine();
    const id = await world.accept(engine, plainFile('found'));
    await world.runUntil(engine, () => world.rows.peek(id) === undefined);
    expect(world.clock.now().getTime()).to.be.within(
      Date.parse('2025-03-01T13:00:00Z'),
      Date.parse('2025-03-01T13:00:05Z'),
    );
  });

  it('keeps nothing but the row of a job whose folder cannot be used, and tries again', async () => {
    const world = new FilematchWorld({ keepInput: true });
    const id = await completedJob(world);
    await world.clock.sleep(15 * DAY);
    world.delivery.trouble = () => new FolderUnusable('the drop folder is not there');
    await purge(world);
    for (const file of ['input', 'result', 'rejects'] as const)
      expect(world.spool.has(id, file)).to.equal(false);
    expect(world.rows.peek(id)?.over).to.equal(true);
    expect(world.engine().receipt(id)).to.include({ state: 'COMPLETED' }).and.not.have.property('outputFile');
    expect(world.events.of.filematchJobsDeleted).to.deep.equal([{ deleted: 0, left: 1 }]);
    world.delivery.trouble = undefined;
    await purge(world);
    expect(world.rows.peek(id)).to.equal(undefined);
  });

  it('gives a folder up that cannot be used for months', async () => {
    const world = new FilematchWorld();
    const id = await completedJob(world);
    world.delivery.trouble = () => new FolderUnusable('the drop folder is not there');
    await world.clock.sleep((14 + 90) * DAY - 60_000);
    await purge(world);
    expect(world.rows.peek(id)).to.not.equal(undefined);
    await world.clock.sleep(60_000);
    await purge(world);
    expect(world.rows.peek(id)).to.equal(undefined);
  });

  it('comes to what can be deleted behind any number of jobs that cannot', async function () {
    this.timeout(20_000);
    const world = new FilematchWorld();
    const first = await completedJob(world);
    const row = world.rows.peek(first);
    if (row === undefined) throw new Error('no row');
    for (let each = 0; each < 1_000; each += 1) {
      const id = `00000000000000000000000${String(each).padStart(3, '0')}`;
      world.rows.add({ ...row, id }, { sha256: String(each), forced: false });
    }
    const engine = world.engine();
    const last = await world.accept(engine, plainFile('none'), { door: 'http' });
    await world.runToEnd(engine, last);
    world.delivery.troubleFor = ({ door }) =>
      door === 'folder' ? new FolderUnusable('the drop folder is not there') : undefined;
    await world.clock.sleep(15 * DAY);
    await purge(world);
    expect(world.rows.peek(last)).to.equal(undefined);
    expect(world.events.of.filematchJobsDeleted).to.deep.equal([{ deleted: 1, left: 1_001 }]);
  });

  it('deletes what a crash left of a file on its way in, but nothing that is on its way', async () => {
    const world = new FilematchWorld();
    await world.spool.create('01JBR8Q2W5N7K3M4P6T8V9X0YA');
    await world.spool.create('01JBR8Q2W5N7K3M4P6T8V9X0YB');
    world.spool.claim('01JBR8Q2W5N7K3M4P6T8V9X0YB');
    await purge(world);
    expect(await world.spool.jobs()).to.deep.equal(['01JBR8Q2W5N7K3M4P6T8V9X0YB']);
  });

  it('ends a job of the command line that nobody took up again', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, plainFile('found'), { door: 'command-line' });
    const busy = await world.accept(engine, plainFile('none'), { door: 'command-line' });
    world.spool.claim(busy);
    await world.clock.sleep(14 * DAY + 1);
    await purge(world);
    expect(world.rows.peek(id)?.state).to.equal('FAILED');
    expect(world.rows.peek(busy)?.state).to.equal('RECEIVED');
    await world.clock.sleep(14 * DAY + 1);
    await purge(world);
    expect(world.rows.peek(id)).to.equal(undefined);
  });

  it('leaves alone what somebody is at, and is not taken up while it is deleted', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    world.matcher.before = () => {
      throw new TypeError('undefined is not a function');
    };
    const id = await world.accept(engine, plainFile('found'));
    await world.runToEnd(engine, id);
    const claim = world.spool.claim(id);
    expect(await engine.remove(id)).to.equal(false);
    claim?.release();
    const resumed: boolean[] = [];
    world.delivery.onDiscard = () => {
      resumed.push(world.engine().resume(id));
    };
    expect(await engine.remove(id)).to.equal(true);
    expect(resumed).to.deep.equal([false]);
    expect(world.rows.peek(id)).to.equal(undefined);
    expect(await world.spool.jobs()).to.deep.equal([]);
  });

  it('does not make a folder for a job that there is not', async () => {
    const world = new FilematchWorld();
    const before = world.faults.count;
    expect(await world.engine().remove('01JBR8Q2W5N7K3M4P6T8V9X0YZ')).to.equal(false);
    expect(world.faults.log.slice(before)).to.deep.equal(['rows.byId']);
  });

  it('does not end a job of the command line that somebody was faster to finish', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, plainFile('found'), { door: 'command-line' });
    await world.clock.sleep(14 * DAY + 1);
    const claim = world.spool.claim.bind(world.spool);
    world.spool.claim = (jobId) => {
      const row = world.rows.peek(jobId);
      if (row?.over === false)
        world.rows.save({ ...row, state: 'COMPLETED', over: true, overAt: new Date() }, []);
      return claim(jobId);
    };
    await purge(world);
    expect(world.rows.peek(id)?.state).to.equal('COMPLETED');
  });

  it('deletes at once what its client does not want any more, if it is over', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const waiting = await world.accept(engine, plainFile('none'));
    expect(await engine.remove(waiting)).to.equal(false);
    const id = await completedJob(world);
    expect(await engine.remove(id)).to.equal(true);
    expect(world.spool.has(id)).to.equal(false);
    expect(engine.job(id)).to.equal(undefined);
    expect(await engine.remove(id)).to.equal(false);
  });
});
