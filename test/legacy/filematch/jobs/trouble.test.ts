import { expect } from 'chai';
import {
  InternalError,
  TokenRefused,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../../../src/errors/errors.js';
import { FolderUnusable } from '../../../../src/legacy/filematch/jobs/delivery.js';
import type { FileForms } from '../../../../src/legacy/filematch/jobs/file-forms.js';
import { plainForms } from '../../../support/filematch-forms.js';
import { filematchClient, FilematchWorld, plainFile } from '../../../support/filematch-world.js';

const HOUR = 60 * 60_000;
const found = (rows: number): string => plainFile(...Array<string>(rows).fill('found'));

/** The rows of a result, without opening and closing. */
function rowsOf(world: FilematchWorld, id: string): readonly string[] | undefined {
  return world.result(id)?.split('\n').slice(1, -2);
}

describe('a Filematch job in trouble', () => {
  it('waits for Persontjenesten for an hour, says so once, and gives up no row', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const start = world.clock.now().getTime();
    const waitedFor = new Set<unknown>();
    let id = '';
    world.matcher.before = ([row]) => {
      const isDown = world.clock.now().getTime() - start < HOUR;
      // One batch is answered before the others are in trouble.
      if (isDown && row?.ownRef !== 'R1') throw new UpstreamUnavailable('down');
      if (isDown) waitedFor.add(engine.job(id)?.waitingFor);
    };
    id = await world.accept(engine, found(10));
    await world.runUntil(engine, () => {
      waitedFor.add(engine.job(id)?.waitingFor);
      return world.rows.peek(id)?.over === true;
    });
    expect([...waitedFor]).to.have.members([null, 'register']);
    expect(rowsOf(world, id)).to.deep.equal(Array.from({ length: 10 }, (_, index) => `R${index + 1} 11`));
    expect(world.rows.audited).to.have.length(10);
    expect(world.events.of.filematchJobWaiting).to.have.length(1);
    expect(world.events.of.filematchJobWaiting[0]).to.include({ jobId: id, waitingFor: 'register' });
    // Two batches side by side, each tried every minute or so, and with it a row that was answered before.
    expect(world.matcher.calls.length).to.be.lessThan(400);
  });

  it('tries again after one second, then ever later up to a minute', async () => {
    const world = new FilematchWorld({ maxConcurrentBatches: 1 });
    const engine = world.engine();
    const at: number[] = [];
    world.matcher.before = () => {
      at.push(world.clock.now().getTime());
      if (at.length < 12) throw new UpstreamRateLimited('busy');
    };
    await world.runToEnd(engine, await world.accept(engine, found(1)));
    const pauses = at.slice(1).map((time, index) => (time - (at[index] ?? 0)) / 1_000);
    const longest = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60];
    pauses.forEach((pause, index) => {
      expect(pause).to.be.within((longest[index] ?? 0) / 2, longest[index] ?? 0);
    });
    expect(new Set(pauses.slice(6)).size).to.be.greaterThan(1);
  });

  it('leaves Persontjenesten alone for as long as it asks', async () => {
    const world = new FilematchWorld({ maxConcurrentBatches: 1 });
    const engine = world.engine();
    const at: number[] = [];
    world.matcher.before = () => {
      at.push(world.clock.now().getTime());
      if (at.length === 1) throw new UpstreamRateLimited('busy', 200);
    };
    await world.runToEnd(engine, await world.accept(engine, found(1)));
    expect((at[1] ?? 0) - (at[0] ?? 0)).to.equal(200_000);
  });

  it('gives up when nothing is answered for too long, keeps everything, and goes on when it is taken up again', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    let isDown = true;
    world.matcher.before = ([row]) => {
      if (isDown && row?.ownRef !== 'R1') throw new UpstreamUnavailable('down');
    };
    const id = await world.accept(engine, found(8));
    const start = world.clock.now().getTime();
    const { job } = await world.runToEnd(engine, id);
    expect(world.clock.now().getTime() - start).to.be.within(2 * HOUR, 2 * HOUR + 5 * 60_000);
    expect(job).to.deep.include({
      state: 'FAILED',
      ending: { code: 'gave-up', reason: 'Persontjenesten svarte ikke på 2 timer. Jobben kan gjenopptas.' },
    });
    expect(job.checkpoint.rows).to.equal(3);
    expect(world.delivery.receipts[0]).to.include({ state: 'FAILED', errorCode: 'gave-up' });
    expect(world.delivery.receipts[0]).to.not.have.property('outputFile');
    expect(world.events.of.filematchJobFailed[0]).to.include({ code: 'gave-up', rowsDone: 3 });
    expect(world.events.of.filematchJobFailed[0]?.error).to.be.instanceOf(UpstreamUnavailable);
    isDown = false;
    expect(engine.resume(id)).to.equal(true);
    expect(engine.job(id)?.job).to.include({ state: 'RUNNING', ending: null, finishedAt: null });
    const again = await world.runToEnd(engine, id);
    expect(again.job.state).to.equal('COMPLETED');
    expect(rowsOf(world, id)).to.have.length(8);
    expect(world.rows.audited).to.have.length(8);
    expect(engine.resume(id)).to.equal(false);
  });

  it('counts its patience from the last answer', async () => {
    const world = new FilematchWorld({ maxConcurrentBatches: 1 });
    const engine = world.engine();
    let answeredAt = world.clock.now().getTime();
    world.matcher.before = ([row]) => {
      const now = world.clock.now().getTime();
      if (now - answeredAt < 1.5 * HOUR) throw new UpstreamRateLimited(row?.ownRef ?? '');
      answeredAt = now;
    };
    const { job } = await world.runToEnd(engine, await world.accept(engine, found(9)));
    expect(job.state).to.equal('COMPLETED');
  });

  it('says that it waits no longer than it does', async () => {
    const world = new FilematchWorld({ maxConcurrentBatches: 1, rowsPerBatch: 1 });
    const engine = world.engine();
    const start = world.clock.now().getTime();
    world.matcher.before = async () => {
      if (world.clock.now().getTime() - start < 60_000) throw new UpstreamRateLimited('busy');
      await world.clock.sleep(5_000);
    };
    const id = await world.accept(engine, found(5));
    await world.runUntil(engine, () => engine.job(id)?.waitingFor === 'register');
    const again = world.engine();
    await world.runUntil(again, () => {
      const view = again.job(id);
      if ((view?.job.checkpoint.rows ?? 0) > 0) expect(view?.waitingFor).to.equal(null);
      return world.rows.peek(id)?.over === true;
    });
  });

  it('waits for the disk no longer than until rows are done again', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 1, maxConcurrentBatches: 1 });
    const engine = world.engine();
    const read = world.spool.read.bind(world.spool);
    let reads = 0;
    world.spool.read = (id, file, extent) => {
      reads += 1;
      // After the survey.
      if (reads === 2) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
      return read(id, file, extent);
    };
    const waitedFor: unknown[] = [];
    world.matcher.before = () => {
      waitedFor.push(engine.job(id)?.waitingFor);
    };
    const id = await world.accept(engine, found(5));
    await world.runToEnd(engine, id);
    expect(waitedFor.slice(0, 1)).to.deep.equal(['disk']);
    expect(waitedFor.slice(-2)).to.deep.equal([null, null]);
  });

  it('asks row by row when Persontjenesten refuses a batch, and gives up the one it refuses alone', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 5 });
    const engine = world.engine();
    world.matcher.before = (rows) => {
      if (rows.some(({ ownRef }) => ownRef === 'R3')) throw new UpstreamRejected('status 422');
    };
    const id = await world.accept(engine, found(5));
    const start = world.clock.now();
    await world.runToEnd(engine, id);
    expect(rowsOf(world, id)).to.deep.equal(['R1 11', 'R2 11', 'R3 90', 'R4 11', 'R5 11']);
    expect(world.rows.audited.map(({ outcome }) => outcome)[2]).to.equal('upstream-rejected');
    expect(world.matcher.calls.map((rows) => rows.length)).to.deep.equal([5, 1, 1, 1, 1, 1]);
    expect(world.clock.now().getTime() - start.getTime()).to.be.lessThan(2_000);
  });

  for (const error of [new TokenRefused('invalid_client'), new UpstreamRateLimited('busy')]) {
    it(`makes no row pay for what is not of its question: ${error.name}`, async () => {
      const world = new FilematchWorld();
      const engine = world.engine();
      world.matcher.before = ([row]) => {
        if (row?.ownRef === 'R4') throw error;
      };
      const id = await world.accept(engine, found(9));
      const { job } = await world.runToEnd(engine, id);
      expect(job.ending?.code).to.equal('gave-up');
      expect(world.matcher.calls.every((rows) => rows.length === 3)).to.equal(true);
    });
  }

  it('gives up the one row that gets no answer while others do', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 4, maxConcurrentBatches: 1 });
    const engine = world.engine();
    world.matcher.before = (rows) => {
      if (rows.some(({ ownRef }) => ownRef === 'R2')) throw new UpstreamTimeout('no answer');
    };
    const id = await world.accept(engine, found(8));
    const start = world.clock.now().getTime();
    await world.runToEnd(engine, id);
    expect(rowsOf(world, id)?.slice(0, 4)).to.deep.equal(['R1 11', 'R2 90', 'R3 11', 'R4 11']);
    expect(world.rows.audited[1]?.outcome).to.equal('upstream-timeout');
    expect(world.clock.now().getTime() - start).to.be.lessThan(2 * 60_000);
  });

  it('gives up a row that is alone in its batch while rows of others are answered', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 1, maxConcurrentBatches: 1 });
    const engine = world.engine();
    world.matcher.before = (rows) => {
      if (rows.some(({ ownRef }) => ownRef === 'R2')) throw new UpstreamTimeout('no answer');
    };
    const id = await world.accept(engine, found(3));
    const start = world.clock.now().getTime();
    await world.runToEnd(engine, id);
    expect(rowsOf(world, id)).to.deep.equal(['R1 11', 'R2 90', 'R3 11']);
    expect(world.clock.now().getTime() - start).to.be.lessThan(2 * 60_000);
  });

  it('gives up no row in an outage, however often somebody is answered in it', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 5, maxConcurrentBatches: 2 });
    const engine = world.engine();
    const start = world.clock.now().getTime();
    let answers = 0;
    world.matcher.before = () => {
      const minutes = (world.clock.now().getTime() - start) / 60_000;
      if (minutes > 90) return;
      // Up for one question every quarter of an hour.
      if (minutes < 15 * (answers + 1)) throw new UpstreamUnavailable('down');
      answers += 1;
    };
    const id = await world.accept(engine, found(20));
    await world.runToEnd(engine, id);
    expect(answers).to.equal(5);
    expect(new Set(rowsOf(world, id)?.map((row) => row.split(' ')[1]))).to.have.keys('11');
    expect(rowsOf(world, id)).to.have.length(20);
  });

  it('takes no row for answered by the register that is answered without it', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 1, maxConcurrentBatches: 1 });
    const id = await world.accept(world.engine(), found(4));
    const match = world.matcher.match.bind(world.matcher);
    world.matcher.match = async (rows, caller) =>
      rows[0]?.ownRef === 'R1'
        ? [
            {
              ...world.matcher.givenUp(rows[0], 'E901', 'invalid-query'),
              status: '51',
              told: { ownRef: 'R1', matchStatus: '51' },
            },
          ]
        : match(rows, caller);
    const engine = world.engine();
    // Down for all others; a second process goes on behind the first row.
    let start = Infinity;
    world.matcher.before = () => {
      start = Math.min(start, world.clock.now().getTime());
      if (world.clock.now().getTime() - start < HOUR) throw new UpstreamUnavailable('down');
    };
    await world.runUntil(engine, () => engine.job(id)?.waitingFor === 'register');
    await world.runToEnd(world.engine(), id);
    expect(rowsOf(world, id)).to.deep.equal(['R1 51', 'R2 11', 'R3 11', 'R4 11']);
  });

  it('asks for the rest of a batch together again once one of its rows was answered', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 50, maxConcurrentBatches: 1 });
    const engine = world.engine();
    const start = world.clock.now().getTime();
    world.matcher.before = () => {
      if (world.clock.now().getTime() - start < 60_000) throw new UpstreamUnavailable('down');
    };
    const id = await world.accept(engine, found(50));
    await world.runToEnd(engine, id);
    expect(world.matcher.calls.slice(-2).map((rows) => rows.length)).to.deep.equal([1, 49]);
    expect(rowsOf(world, id)?.every((row) => row.endsWith(' 11'))).to.equal(true);
  });

  it('breaks off a batch that gets no answer in its time, and tells whoever asks', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    let calls = 0;
    world.matcher.before = async (_rows, { signal }) => {
      calls += 1;
      if (calls > 1) return;
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('given up'));
        });
      });
    };
    const id = await world.accept(engine, found(2));
    const start = world.clock.now().getTime();
    const { job } = await world.runToEnd(engine, id);
    expect(job.state).to.equal('COMPLETED');
    expect(world.clock.now().getTime() - start).to.be.within(120_000, 125_000);
    expect(world.events.of.filematchJobWaiting[0]?.error).to.be.instanceOf(UpstreamTimeout);
  });

  it('leaves a batch more time the more searches there are in it', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 100 });
    const engine = world.engine();
    // Four side by side, each of them slow.
    world.matcher.before = ({ length }) => world.clock.sleep((length / 4) * 20_000);
    const id = await world.accept(engine, plainFile(...Array<string>(100).fill('')));
    const { job } = await world.runToEnd(engine, id);
    expect(job.checkpoint.totals.matched).to.equal(100);
    expect(world.matcher.calls).to.have.length(1);
    expect(world.events.of.filematchJobWaiting).to.deep.equal([]);
  });

  it('fails alone by a fault of ours, tells it in full, and can be taken up again', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    let isBroken = true;
    world.matcher.before = ([row], { clientId }) => {
      if (isBroken && clientId === 'ward' && row?.ownRef === 'R4')
        throw new TypeError('undefined is not a function');
    };
    const id = await world.accept(engine, found(9));
    const other = await world.accept(engine, found(9), { clientId: 'lab' });
    const { job } = await world.runToEnd(engine, id);
    expect(job).to.deep.include({
      state: 'FAILED',
      ending: { code: 'internal', reason: 'En intern feil stanset jobben; driften finner den i loggen.' },
    });
    const [failure] = world.events.of.filematchJobFailed;
    expect(failure?.error).to.be.instanceOf(InternalError);
    expect(failure?.error?.cause).to.be.instanceOf(TypeError);
    await world.runToEnd(engine, other);
    expect(rowsOf(world, other)).to.have.length(9);
    isBroken = false;
    expect(engine.resume(id)).to.equal(true);
    await world.runToEnd(engine, id);
    expect(rowsOf(world, id)).to.have.length(9);
    expect(world.rows.audited).to.have.length(18);
  });

  for (const what of ['damaged', 'gone'] as const) {
    it(`fails when its file is ${what}`, async () => {
      const world = new FilematchWorld();
      const engine = world.engine();
      const id = await world.accept(engine, found(3));
      if (what === 'damaged') world.spool.damage(id, 'input');
      else await world.spool.discard(id, 'input');
      const { job } = await world.runToEnd(engine, id);
      expect(job.state).to.equal('FAILED');
      expect(job.ending?.code).to.equal('input-lost');
      expect(world.delivery.receipts[0]).to.include({ errorCode: 'input-lost' });
      expect(world.matcher.calls).to.deep.equal([]);
      expect(engine.resume(id)).to.equal(false);
    });
  }

  it('waits for a volume that is away, and loses nothing by it', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(3));
    world.spool.isAway = true;
    await world.runUntil(engine, () => engine.job(id)?.waitingFor === 'disk');
    expect(engine.job(id)?.job).to.include({ state: 'VALIDATING', ending: null });
    world.spool.isAway = false;
    const { job } = await world.runToEnd(world.engine(), id);
    expect(job.state).to.equal('COMPLETED');
    expect(rowsOf(world, id)).to.have.length(3);
  });

  it('fails when its result is damaged, rather than deliver it', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, found(30));
    let isDamaged = false;
    world.matcher.before = () => {
      isDamaged ||= world.spool.has(id, 'result');
      if (isDamaged) world.spool.damage(id, 'result');
    };
    const { job } = await world.runToEnd(engine, id);
    expect(isDamaged).to.equal(true);
    expect(job.ending?.code).to.equal('input-lost');
    expect([...world.delivery.files.keys()]).to.deep.equal([]);
    expect(world.spool.has(id, 'result')).to.equal(false);
  });

  it('fails when its result is damaged before it goes on', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    world.matcher.before = ([row]) => {
      if (row?.ownRef === 'R7') throw new UpstreamRateLimited('busy');
    };
    const id = await world.accept(engine, found(9));
    await world.runToEnd(engine, id);
    world.spool.damage(id, 'result');
    world.matcher.before = () => undefined;
    engine.resume(id);
    const { job } = await world.runToEnd(engine, id);
    expect(job.ending?.code).to.equal('input-lost');
  });

  it('fails rather than write fewer rows than its file has', async () => {
    const forms: FileForms = {
      ...plainForms,
      rows: async function* (source, survey) {
        for await (const row of plainForms.rows(source, survey)) if (row.number < 9) yield row;
      },
    };
    const world = new FilematchWorld({}, { forms });
    const engine = world.engine();
    const { job } = await world.runToEnd(engine, await world.accept(engine, found(9)));
    expect(job.ending?.code).to.equal('internal');
    expect([...world.delivery.files.keys()]).to.deep.equal([]);
  });

  it('waits for the folder of its result', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    world.delivery.trouble = () => new FolderUnusable('the drop folder is not there');
    const id = await world.accept(engine, found(3));
    await world.runUntil(engine, () => engine.job(id)?.waitingFor === 'folder');
    expect(engine.job(id)?.job).to.include({ state: 'RUNNING', delivered: false });
    expect(world.events.of.filematchJobWaiting).to.deep.equal([
      { jobId: id, clientId: 'ward', waitingFor: 'folder', reason: 'the drop folder is not there' },
    ]);
    world.delivery.trouble = undefined;
    const { job } = await world.runToEnd(world.engine(), id);
    expect(job).to.include({ state: 'COMPLETED', delivered: true });
    expect(world.result(id)).to.include('R3 11');
  });

  it('gives up a folder that stays away, and delivers when it is taken up again', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    world.delivery.trouble = () => new FolderUnusable('the drop folder is not there');
    const id = await world.accept(engine, found(3));
    const { job } = await world.runToEnd(engine, id);
    expect(job).to.include({ state: 'FAILED', delivered: false });
    expect(job.ending?.reason).to.equal(
      'Mappen for resultater kunne ikke brukes på 2 timer. Jobben kan gjenopptas.',
    );
    world.delivery.trouble = undefined;
    engine.resume(id);
    await world.runToEnd(engine, id);
    expect(world.result(id)).to.include('R3 11');
    expect(world.matcher.calls).to.have.length(1);
    expect(world.delivery.receipts.map(({ state }) => state)).to.deep.equal(['COMPLETED']);
  });

  it('goes on as what its client may see by now, and waits while it is switched off', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 1, maxConcurrentBatches: 1, rowsPerSecond: 1 });
    const clients = new Map([['ward', filematchClient('ward')]]);
    const engine = world.engine({}, { clients });
    const id = await world.accept(engine, found(12));
    const { callers } = world.matcher;
    world.matcher.before = () => {
      if (callers.length === 3) clients.set('ward', filematchClient('ward', { access: 'restricted' }));
      if (callers.length === 8) clients.delete('ward');
    };
    await world.runUntil(engine, () => engine.job(id)?.waitingFor === 'client');
    const views = callers.map(({ access }) => access);
    // What is under way when something changes ends as it began, for a second at most.
    expect(views.slice(0, 3)).to.deep.equal(['full', 'full', 'full']);
    expect(views.slice(5)).to.include('restricted').and.not.include('full');
    expect(views.length).to.be.within(8, 10);
    clients.set('ward', filematchClient('ward'));
    await world.runToEnd(engine, id);
    expect(world.result(id)).to.include('R12 11');
  });

  it('waits for a client that is switched off, and looks nobody up meanwhile', async () => {
    const world = new FilematchWorld();
    const id = await world.accept(world.engine(), found(3));
    const clients = new Map([['lab', filematchClient('lab')]]);
    const without = world.engine({}, { clients });
    await world.runUntil(without, () => without.job(id)?.waitingFor === 'client');
    await world.runToEnd(without, id);
    expect(without.job(id)?.job.ending?.reason).to.equal(
      'Klienten hadde ikke tilgang til Filematch på 2 timer. Jobben kan gjenopptas.',
    );
    expect(world.matcher.calls).to.deep.equal([]);
    const engine = world.engine();
    engine.resume(id);
    await world.runToEnd(engine, id);
    expect(world.result(id)).to.include('R3 11');
  });
});
