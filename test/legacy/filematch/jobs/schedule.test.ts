import { expect } from 'chai';
import { StoreFailed } from '../../../../src/errors/errors.js';
import { FolderUnusable } from '../../../../src/legacy/filematch/jobs/delivery.js';
import { FilematchWorld, plainFile } from '../../../support/filematch-world.js';

const found = (rows: number): string => plainFile(...Array<string>(rows).fill('found'));

describe('the order of Filematch jobs', () => {
  it('is one of each client at a time, the oldest first, and clients side by side', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 1, maxConcurrentBatches: 1 });
    const engine = world.engine();
    const begun: string[] = [];
    const atWork = new Set<string>();
    let together = 0;
    world.matcher.before = async ([row], { clientId }) => {
      const name = row?.ownRef.split('-')[0] ?? '';
      if (!begun.includes(name)) begun.push(name);
      expect(atWork.has(clientId)).to.equal(false);
      atWork.add(clientId);
      together = Math.max(together, atWork.size);
      await world.clock.sleep(1_500);
      atWork.delete(clientId);
    };
    const ids: string[] = [];
    for (const [name, clientId] of [
      ['first', 'ward'],
      ['second', 'ward'],
      ['other', 'lab'],
    ] as const) {
      const text = `TEST\n${[1, 2, 3].map((row) => `${name}-${row};found`).join('\n')}\n`;
      ids.push(await world.accept(engine, text, { clientId }));
      await world.clock.sleep(5);
    }
    expect(engine.job(ids[1] ?? '')?.waitingFor).to.equal('turn');
    await world.runUntil(engine, () => ids.every((id) => world.rows.peek(id)?.over === true));
    expect(together).to.equal(2);
    expect(begun.indexOf('first')).to.be.lessThan(begun.indexOf('second'));
    expect(begun.indexOf('other')).to.be.lessThan(begun.indexOf('second'));
  });

  it('tells a job that was begun before and waits for its turn from one that is at work', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 1, maxConcurrentBatches: 1 });
    const engine = world.engine();
    world.matcher.before = async () => world.clock.sleep(1_500);
    const first = await world.accept(engine, found(9));
    await world.runUntil(engine, () => (engine.job(first)?.job.checkpoint.rows ?? 0) > 0);
    engine.hold(first, 'paused');
    const second = await world.accept(engine, found(10));
    const seen = new Set<unknown>();
    await world.runUntil(engine, () => {
      if ((engine.job(second)?.job.checkpoint.rows ?? 0) > 0) engine.resume(first);
      const { hold, waitingFor } = engine.job(first) ?? {};
      if (hold === null && engine.job(second)?.job.checkpoint.complete === false) {
        expect(engine.job(second)?.waitingFor).to.equal(null);
        seen.add(waitingFor);
      }
      return world.rows.peek(second)?.over === true;
    });
    expect([...seen]).to.deep.equal(['turn']);
  });

  it('does not wait for the folder that an earlier result of the client waits for', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const first = await world.accept(engine, found(3));
    world.delivery.trouble = () => new FolderUnusable('the drop folder is not there');
    await world.runUntil(engine, () => engine.job(first)?.waitingFor === 'folder');
    const second = await world.accept(engine, found(4));
    const start = world.clock.now().getTime();
    await world.runUntil(engine, () => engine.job(second)?.waitingFor === 'folder');
    expect(world.clock.now().getTime() - start).to.be.lessThan(60_000);
    expect(engine.job(second)?.job.checkpoint.complete).to.equal(true);
  });

  it('is taken up again by itself when the store can be read again, and trouble is told once', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(3));
    const list = world.rows.list.bind(world.rows);
    let failures = 0;
    world.rows.list = (which) => {
      if (failures < 5 && which.over === false) {
        failures += 1;
        throw new StoreFailed('locked');
      }
      return list(which);
    };
    await world.runToEnd(engine, id);
    expect(world.events.of.filematchJobsNotRead).to.have.length(1);
  });

  it('passes over a job that cannot be read, says so once, and lists the others', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const unreadable = await world.accept(engine, found(3));
    const row = world.rows.peek(unreadable);
    if (row === undefined) throw new Error('no row');
    world.rows.save({ ...row, record: '{"id":"other"}' }, []);
    const id = await world.accept(engine, found(4));
    await world.runToEnd(engine, id);
    expect(world.events.of.filematchJobFailed.map(({ jobId, code }) => [jobId, code])).to.deep.equal([
      [unreadable, 'internal'],
    ]);
    expect(engine.jobs({ limit: 10 }).map(({ job }) => job.id)).to.deep.equal([id]);
  });

  for (const [when, rowsDone] of [
    ['is looked up', 6],
    ['is delivered', 12],
  ] as const) {
    it(`leaves a job that is not there any more while it ${when}, and goes on with the next one`, async () => {
      const world = new FilematchWorld();
      const engine = world.engine();
      const id = await world.accept(engine, found(12));
      const next = await world.accept(engine, found(3));
      const remove = (): void => {
        if ((engine.job(id)?.job.checkpoint.rows ?? 0) >= rowsDone) world.rows.remove(id);
      };
      world.matcher.before = remove;
      world.delivery.onReceipt = remove;
      const start = world.clock.now().getTime();
      await world.runToEnd(engine, next);
      expect(world.rows.peek(id)).to.equal(undefined);
      expect(engine.job(next)?.job.state).to.equal('COMPLETED');
      expect(world.clock.now().getTime() - start).to.be.lessThan(10_000);
      expect(world.events.of.filematchJobFailed).to.deep.equal([]);
      expect(world.events.of.filematchJobWaiting).to.deep.equal([]);
    });
  }

  it('lets no client’s flood hide the jobs of another', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const first = await world.accept(engine, plainFile('found'), { door: 'http' });
    const row = world.rows.peek(first);
    if (row === undefined) throw new Error('no row');
    for (let each = 0; each < 600; each += 1) {
      const id = `00000000000000000000000${String(each).padStart(3, '0')}`;
      world.rows.add({ ...row, id, door: 'command-line' }, { sha256: String(each), forced: false });
    }
    const id = await world.accept(engine, found(3), { clientId: 'lab' });
    await world.runToEnd(engine, id);
  });

  it('tells a job to its own client alone', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(3));
    expect(engine.job(id, 'ward')?.job.id).to.equal(id);
    expect(engine.job(id, 'lab')).to.equal(undefined);
    expect(engine.jobs({ clientId: 'lab', limit: 10 })).to.deep.equal([]);
    expect(engine.job('01JBR8Q2W5N7K3M4P6T8V9X0YZ')).to.equal(undefined);
  });
});
