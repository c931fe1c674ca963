import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { setImmediate as turn } from 'node:timers/promises';
import { FileTooLarge } from '../../../../src/legacy/filematch/jobs/filematch-jobs.js';
import type { Politeness } from '../../../../src/legacy/filematch/jobs/politeness.js';
import { delivered, FilematchWorld, octets, plainFile } from '../../../support/filematch-world.js';
import { rejectionOf } from '../../../support/rejection.js';

describe('a Filematch job', () => {
  it('comes to a result, rejects and a receipt, one row out for each row in, in their order', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(
      engine,
      plainFile('found', 'none', 'bad', 'found', 'found', 'none', 'found'),
    );
    const { job, waitingFor } = await world.runToEnd(engine, id);
    expect(job).to.include({ state: 'COMPLETED', delivered: true, ending: null });
    expect(waitingFor).to.equal(null);
    const totals =
      '{"recordCount":7,"matched":4,"changed":4,"noMatch":2,"ambiguous":0,"rejected":1,"technical":0}';
    expect(world.result(id)).to.equal(`ID V\nR1 11\nR2 40\nR3 50\nR4 11\nR5 11\nR6 40\nR7 11\n${totals}\n`);
    expect(world.rejects(id)).to.equal('lineNumber;ownRef;errorCode\n4;R3;E001\n');
    expect([...world.delivery.files.keys()]).to.deep.equal([
      `PFM_888888888_20250301_0001.${id}.resultat.csv`,
      `PFM_888888888_20250301_0001.${id}.avvist.csv`,
    ]);
    const [receipt, ...more] = world.delivery.receipts;
    expect(more).to.deep.equal([]);
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    expect(receipt).to.deep.include({
      jobId: id,
      state: 'COMPLETED',
      orgNumber: '888888888',
      customerRef: 'VASK',
      inputFile: 'PFM_888888888_20250301_0001.csv',
      format: 'csv',
      formatVersion: '0001',
      charset: 'UTF-8',
      receivedAt: '2025-03-01T13:00:00+01:00',
      outputFile: `PFM_888888888_20250301_0001.${id}.resultat.csv`,
      outputSha256: sha256(world.delivery.files.get(`PFM_888888888_20250301_0001.${id}.resultat.csv`) ?? ''),
      rejectSha256: sha256(world.rejects(id) ?? ''),
      counts: {
        recordCount: 7,
        matched: 4,
        changed: 4,
        noMatch: 2,
        ambiguous: 0,
        rejected: 1,
        technical: 0,
        cut: 0,
        replaced: 0,
      },
    });
    expect(engine.receipt(id)).to.deep.equal(receipt);
  });

  it('leaves one audit entry for each row, by the correlation id of its batch', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, plainFile('found', 'bad', 'none', 'found', 'found'));
    await world.runToEnd(engine, id);
    expect(world.rows.audited.map(({ outcome }) => outcome)).to.deep.equal([
      'found',
      'refused',
      'not-found',
      'found',
      'found',
    ]);
    const [first] = world.rows.audited;
    expect(first).to.deep.include({
      clientId: 'ward',
      protocol: 'filematch',
      operation: 'match',
      detail: { remoteAddress: '10.0.0.1', job: id },
    });
    const ids = world.rows.audited.map(({ correlationId }) => correlationId);
    expect(new Set(ids).size).to.equal(2);
    expect(world.matcher.callers.map(({ correlationId }) => correlationId)).to.have.members([
      ...new Set(ids),
    ]);
  });

  it('asks as its client and as a batch, under a deadline of its own', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, plainFile('found'));
    await world.runToEnd(engine, id);
    const [caller] = world.matcher.callers;
    expect(caller).to.deep.include({
      clientId: 'ward',
      organisation: { parent: '999999999', child: '888888888' },
      access: 'full',
      lane: 'batch',
    });
    expect(caller?.deadline?.toISOString()).to.equal('2025-03-01T12:02:00.000Z');
  });

  it('looks up a few batches side by side, and writes their rows in order whichever is answered first', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 2, maxConcurrentBatches: 3 });
    let waits = 40;
    world.matcher.before = async () => {
      for (let left = (waits -= 4); left > 0; left -= 1) await turn();
    };
    const engine = world.engine();
    const id = await world.accept(engine, plainFile(...Array<string>(17).fill('found')));
    await world.runToEnd(engine, id);
    expect(world.matcher.mostUnderWay).to.equal(3);
    expect(world.matcher.calls.every((rows) => rows.length <= 2)).to.equal(true);
    const rows = world.result(id)?.split('\n').slice(1, -2);
    expect(rows).to.deep.equal(Array.from({ length: 17 }, (_, index) => `R${index + 1} 11`));
  });

  it('holds no more than a few batches, however long the first one takes', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 1, maxConcurrentBatches: 2 });
    let isAnswered = false;
    world.matcher.before = async ([row]) => {
      while (row?.ownRef === 'R1' && !isAnswered) await turn();
    };
    const engine = world.engine();
    const id = await world.accept(engine, plainFile(...Array<string>(30).fill('found')));
    const start = world.clock.now().getTime();
    await world.runUntil(engine, () => world.clock.now().getTime() - start > 10_000);
    expect(world.matcher.calls).to.have.length(6);
    isAnswered = true;
    await world.runToEnd(world.engine(), id);
  });

  it('cuts a file of rejects into parts, too', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 2 });
    const engine = world.engine();
    const id = await world.accept(engine, plainFile(...Array<string>(45).fill('bad')));
    const { job } = await world.runToEnd(engine, id);
    expect(job.checkpoint.totals.rejected).to.equal(45);
    expect(new Set(world.rows.audited.map(({ correlationId }) => correlationId)).size).to.equal(3);
    expect(world.matcher.calls).to.deep.equal([]);
    expect(world.rejects(id)?.split('\n').slice(0, 3)).to.deep.equal([
      'lineNumber;ownRef;errorCode',
      '2;R1;E001',
      '3;R2;E001',
    ]);
    expect(world.rejects(id)?.match(/lineNumber/g)).to.have.length(1);
  });

  it('heeds people also where its rows are not looked up, and stores few of these at a time', async () => {
    let asides = 0;
    const politeness: Politeness = {
      standAside: async () => {
        asides += 1;
        await Promise.resolve();
      },
      rowsPerBatch: 50,
    };
    const world = new FilematchWorld({ rowsPerBatch: 100, maxConcurrentBatches: 4 }, { politeness });
    const engine = world.engine();
    // The first batch keeps the others waiting until there is much to store.
    world.matcher.before = () => world.clock.sleep(1_000);
    const id = await world.accept(engine, plainFile('found', ...Array<string>(4_999).fill('bad')));
    const stored: number[] = [];
    const save = world.rows.save.bind(world.rows);
    world.rows.save = (row, entries) => {
      stored.push(entries.length);
      save(row, entries);
    };
    const { job } = await world.runToEnd(engine, id);
    expect(job.checkpoint.totals.rejected).to.equal(4_999);
    expect(asides).to.equal(10);
    expect(Math.max(...stored)).to.be.within(1, 800);
  });

  it('leaves out rows in mode E and counts them nevertheless', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, plainFile('none', 'found', 'none'), { mode: 'E' });
    const { job } = await world.runToEnd(engine, id);
    expect(world.result(id)).to.match(/^ID E\nR2 11\n\{/);
    expect(job.checkpoint.totals).to.include({ recordCount: 1, matched: 1, noMatch: 2 });
    expect(world.rows.audited).to.have.length(3);
  });

  it('counts texts that were cut or lost letters', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, 'TEST\nlong1;found\nlong2;found\nodd;found\n');
    const { job } = await world.runToEnd(engine, id);
    expect(job.checkpoint).to.include({ cut: 2, replaced: 1 });
    expect(world.delivery.receipts[0]?.counts).to.include({ cut: 2, replaced: 1 });
  });

  it('takes the second row with a reference for a duplicate', async () => {
    const world = new FilematchWorld({ rowsPerBatch: 1 });
    const engine = world.engine();
    const id = await world.accept(engine, 'TEST\nA;found\nB;found\nA;found\n;found\n;found\n');
    await world.runToEnd(engine, id);
    expect(world.rejects(id)).to.equal('lineNumber;ownRef;errorCode\n4;A;E009\n');
  });

  it('of no rows is complete with nothing between opening and closing, and has no rejects', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, 'TEST\n');
    const { job } = await world.runToEnd(engine, id);
    expect(job.state).to.equal('COMPLETED');
    expect(world.result(id)).to.match(/^ID V\n\{"recordCount":0,/);
    expect(world.rejects(id)).to.equal(undefined);
    expect(world.delivery.receipts[0]).to.not.have.any.keys('rejectFile', 'rejectSha256');
    expect(engine.read(id, 'rejects')).to.equal(undefined);
  });

  it('is rejected as a whole when its file is none of the layouts, and nobody is looked up', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, 'OTHER\nA;found\n');
    const { job } = await world.runToEnd(engine, id);
    expect(job).to.deep.include({
      state: 'REJECTED',
      delivered: true,
      ending: { code: 'E011', reason: 'Hodet mangler.' },
    });
    expect(world.matcher.calls).to.deep.equal([]);
    expect(world.rows.audited).to.deep.equal([]);
    expect([...world.delivery.files.keys()]).to.deep.equal([]);
    expect(world.delivery.receipts[0]).to.include({ state: 'REJECTED', errorCode: 'E011' });
    expect(world.delivery.settled).to.deep.equal([id]);
    expect(world.spool.has(id, 'input')).to.equal(false);
    expect(engine.read(id, 'result')).to.equal(undefined);
  });

  it('can be read once it has completed, and its file is deleted then', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, plainFile('found'), { door: 'http', directory: null });
    expect(engine.read(id, 'result')).to.equal(undefined);
    expect(world.spool.has(id, 'input')).to.equal(true);
    await world.runToEnd(engine, id);
    const pieces: Uint8Array[] = [];
    for await (const piece of engine.read(id, 'result') ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).to.equal(world.result(id)?.replace('ID', id));
    expect(world.spool.has(id, 'input')).to.equal(false);
  });

  it('keeps its file where that is wanted', async () => {
    const world = new FilematchWorld({ keepInput: true });
    const engine = world.engine();
    const id = await world.accept(engine, plainFile('found'));
    await world.runToEnd(engine, id);
    expect(world.spool.has(id, 'input')).to.equal(true);
  });

  it('tells the log what becomes of it, without the name of the file', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, plainFile('found', 'bad'));
    await world.runToEnd(engine, id);
    const { of } = world.events;
    const named = { jobId: id, clientId: 'ward' };
    expect(of.filematchJobAccepted).to.deep.equal([{ ...named, door: 'folder', bytes: 21 }]);
    expect(of.filematchJobStarted).to.deep.equal([{ ...named, rows: 2, rowsDone: 0 }]);
    expect(of.filematchJobCompleted).to.have.length(1);
    expect(of.filematchJobWaiting).to.deep.equal([]);
    expect(JSON.stringify(of)).to.not.include('PFM_');
  });

  it('is worked on by the command line alone when it came that way', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, plainFile('found'), { door: 'command-line' });
    const start = world.clock.now().getTime();
    await world.runUntil(engine, () => world.clock.now().getTime() - start > 60_000);
    expect(engine.job(id)?.job.state).to.equal('RECEIVED');
    const seen: number[] = [];
    const { job } = await engine.finish(id, new AbortController().signal, ({ job: { checkpoint } }) => {
      seen.push(checkpoint.rows);
    });
    expect(job.state).to.equal('COMPLETED');
    expect(seen).to.include.members([0, 1]);
  });
});

describe('taking a file in', () => {
  it('refuses the same content of the same client, and says which job it became', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = await world.accept(engine, plainFile('found'));
    const again = await engine.accept(delivered({ fileName: 'other.csv' }), octets(plainFile('found')));
    expect(again).to.deep.equal({ outcome: 'processed-before', jobId: id });
    expect(await world.spool.jobs()).to.deep.equal([id]);
    await world.accept(engine, plainFile('found'), { clientId: 'lab' });
    await world.accept(engine, plainFile('found'), { forced: true });
  });

  it('takes content again that was rejected or failed', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    await world.runToEnd(engine, await world.accept(engine, 'OTHER\n'));
    await world.accept(engine, 'OTHER\n');
  });

  it('comes to the same job when it is asked again with its id', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = '01JBR8Q2W5N7K3M4P6T8V9X0YZ';
    await world.accept(engine, plainFile('found'), { id });
    let wasRead = false;
    const untouched = (async function* () {
      wasRead = true;
      yield* octets('x');
    })();
    const again = await engine.accept(delivered({ id }), untouched);
    expect(again.outcome).to.equal('accepted');
    expect(wasRead).to.equal(false);
    expect(await engine.accept(delivered({ id, clientId: 'lab' }), octets('x'))).to.deep.equal({
      outcome: 'id-in-use',
    });
  });

  it('leaves an id to whoever is taking it in', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const id = '01JBR8Q2W5N7K3M4P6T8V9X0YZ';
    world.spool.claim(id);
    expect(await engine.accept(delivered({ id }), octets('x'))).to.deep.equal({ outcome: 'id-in-use' });
  });

  it('refuses a file over the limit while it streams, and leaves nothing of it', async () => {
    const world = new FilematchWorld({ maxFileBytes: 10 });
    const engine = world.engine();
    let read = 0;
    const endless = (async function* () {
      for (;;) {
        read += 100_000;
        yield Buffer.alloc(100_000);
        await turn();
      }
    })();
    const error = await rejectionOf(engine.accept(delivered(), endless));
    expect(error).to.be.instanceOf(FileTooLarge);
    expect(read).to.be.at.most(200_000);
    expect(await world.spool.jobs()).to.deep.equal([]);
    expect(engine.jobs({ limit: 10 })).to.deep.equal([]);
    const just = await world.engine().accept(delivered(), octets('TEST\nA;ok\n'));
    expect(just.outcome).to.equal('accepted');
  });

  it('leaves nothing of a file whose sender breaks off', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const broken = (async function* () {
      yield* octets('TEST\n');
      throw new Error('connection reset');
    })();
    expect(await rejectionOf(engine.accept(delivered(), broken))).to.have.property(
      'message',
      'connection reset',
    );
    expect(await world.spool.jobs()).to.deep.equal([]);
  });

  it('is not for clients that may not speak Filematch', async () => {
    const world = new FilematchWorld();
    const error = await rejectionOf(world.engine().accept(delivered({ clientId: 'stranger' }), octets('x')));
    expect(error).to.have.property('code', 'not-authorised');
  });

  it('seals pieces of one length whatever the chunks are', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const text = `TEST\n${'R;found\n'.repeat(20_000)}`;
    const acceptance = await engine.accept(delivered(), octets(text, 50_000));
    if (acceptance.outcome !== 'accepted') throw new Error(acceptance.outcome);
    const { input } = acceptance.job.job;
    expect(input.sealed.pieces).to.equal(Math.ceil(text.length / 65_536));
    expect(input.bytes).to.equal(text.length);
    expect(input.sha256).to.equal(createHash('sha256').update(text).digest('hex'));
    const pieces: Uint8Array[] = [];
    for await (const piece of world.spool.read(acceptance.job.job.id, 'input', input.sealed))
      pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).to.equal(text);
  });
});
