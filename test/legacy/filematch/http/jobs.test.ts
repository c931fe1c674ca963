import { expect } from 'chai';
import { doorBench } from './door-bench.js';
import { newId } from './jobs-in-memory.js';

const JOBS = '/filematch/jobs';
const ID = newId(1);

describe('jobs over HTTP', () => {
  it('are listed, those of the client alone', async () => {
    const { ask, jobs, audited } = doorBench();
    for (let number = 1; number <= 120; number += 1) jobs.add(newId(number));
    jobs.add(newId(500), { clientId: 'epj-2' });
    const all = await ask(JOBS, { user: 'other' });
    expect(all.status).to.equal(200);
    expect(idsIn(all.json['jobs'])).to.deep.equal([newId(500)]);
    const own = await ask(JOBS);
    expect(idsIn(own.json['jobs'])).to.have.length(100);
    expect(idsIn(own.json['jobs'])[0]).to.equal(newId(1));
    expect(audited.map(({ operation, outcome }) => `${String(operation)} ${outcome}`)).to.deep.equal([
      'list done',
      'list done',
    ]);
  });

  it('tell how far they have come and what they wait for', async () => {
    const { ask, jobs, audited } = doorBench();
    const { job } = jobs.add(ID, {}, { hold: 'paused', waitingFor: 'resume' });
    const totals = { ...job.checkpoint.totals, recordCount: 300, matched: 290, rejected: 10 };
    jobs.add(
      ID,
      { checkpoint: { ...job.checkpoint, rows: 300, totals, cut: 2, replaced: 1 } },
      { hold: 'paused', waitingFor: 'resume' },
    );
    const answer = await ask(`${JOBS}/${ID}`);
    expect(answer.status).to.equal(200);
    expect(answer.headers).to.include({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    expect(answer.json).to.deep.equal({
      jobId: ID,
      state: 'RUNNING',
      hold: 'paused',
      waitingFor: 'resume',
      fileName: 'people.csv',
      customerRef: '',
      mode: 'V',
      rows: { done: 300, total: 1000 },
      counts: {
        recordCount: 300,
        matched: 290,
        changed: 0,
        noMatch: 0,
        ambiguous: 0,
        rejected: 10,
        technical: 0,
        cut: 2,
        replaced: 1,
      },
      receivedAt: '2026-03-01T13:00:00+01:00',
      startedAt: '2026-03-01T13:00:00+01:00',
      finishedAt: null,
      errorCode: null,
      reason: null,
    });
    expect(audited[0]).to.deep.include({
      operation: 'status',
      outcome: 'done',
      detail: { remoteAddress: '192.0.2.7', job: ID },
    });
  });

  it('tell why they were rejected', async () => {
    const { ask, jobs } = doorBench();
    jobs.add(ID, {
      state: 'REJECTED',
      survey: null,
      ending: { code: 'E010', reason: 'Antallet stemmer ikke.' },
    });
    const { json } = await ask(`${JOBS}/${ID}`);
    expect(json).to.include({ state: 'REJECTED', errorCode: 'E010', reason: 'Antallet stemmer ikke.' });
    expect(json['rows']).to.deep.equal({ done: 0, total: null });
  });

  it('are found in any letter case', async () => {
    const { ask, jobs } = doorBench();
    jobs.add(ID);
    expect((await ask(`/FileMatch/JOBS/${ID.toLowerCase()}`)).json['jobId']).to.equal(ID);
  });

  describe('are downloaded', () => {
    it('as the result that a folder would hold', async () => {
      const { ask, jobs, audited } = doorBench();
      jobs.add(ID, { state: 'COMPLETED' });
      jobs.files.set(`${ID} result`, 'ownRef;matchStatus');
      const answer = await ask(`${JOBS}/${ID}/result`);
      expect(answer.status).to.equal(200);
      expect(answer.text).to.equal('ownRef;matchStatus');
      expect(answer.headers).to.include({
        'Content-Type': 'text/csv; charset=UTF-8',
        'Content-Disposition': `attachment; filename="people.${ID}.resultat.csv"`,
        'Cache-Control': 'no-store',
      });
      expect(audited[0]).to.deep.include({ operation: 'result', outcome: 'done' });
    });

    it('as the rejects, where there are any', async () => {
      const { ask, jobs } = doorBench();
      jobs.add(ID, { state: 'COMPLETED' });
      jobs.files.set(`${ID} result`, 'x');
      expect((await ask(`${JOBS}/${ID}/rejects`)).json['code']).to.equal('no-such-file');
      jobs.files.set(`${ID} rejects`, 'lineNumber;ownRef');
      const answer = await ask(`${JOBS}/${ID}/rejects`);
      expect(answer.text).to.equal('lineNumber;ownRef');
      expect(answer.headers['Content-Disposition']).to.equal(
        `attachment; filename="people.${ID}.avvist.csv"`,
      );
    });

    for (const state of ['COMPLETED', 'REJECTED', 'FAILED'] as const) {
      it(`as the receipt of what is ${state}`, async () => {
        const { ask, jobs } = doorBench();
        jobs.add(ID, { state });
        const answer = await ask(`${JOBS}/${ID}/receipt`);
        expect(answer.status).to.equal(200);
        expect(answer.json).to.include({ jobId: ID, state });
        expect(answer.headers).to.include({
          'Content-Type': 'application/json',
          'Content-Disposition': `attachment; filename="people.${ID}.kvittering.json"`,
        });
      });
    }

    for (const state of ['RECEIVED', 'VALIDATING', 'RUNNING'] as const) {
      it(`not before they are over: ${state}`, async () => {
        const { ask, jobs, audited } = doorBench();
        jobs.add(ID, { state });
        jobs.files.set(`${ID} result`, 'half').set(`${ID} rejects`, 'half');
        for (const file of ['result', 'rejects', 'receipt']) {
          const answer = await ask(`${JOBS}/${ID}/${file}`);
          expect([answer.status, answer.json['code']], file).to.deep.equal([404, 'no-such-file']);
        }
        expect(audited.map(({ outcome }) => outcome)).to.deep.equal(Array(3).fill('not-found'));
      });
    }

    it('under a name that every client can read, also when they came with another one', async () => {
      const { ask, jobs } = doorBench();
      const { job } = jobs.add(ID);
      jobs.add(ID, { state: 'COMPLETED', input: { ...job.input, fileName: "blå 'bær'.txt" } });
      expect((await ask(`${JOBS}/${ID}/receipt`)).headers['Content-Disposition']).to.equal(
        `attachment; filename="bl___b_r_.${ID}.kvittering.json"; filename*=UTF-8''bl%C3%A5%20%27b%C3%A6r%27.${ID}.kvittering.json`,
      );
    });

    it('only after the audit entry, and not without it', async () => {
      const bench = doorBench({
        record: () => {
          throw new Error('the disk is full');
        },
      });
      bench.jobs.add(ID, { state: 'COMPLETED' });
      bench.jobs.files.set(`${ID} result`, 'a person');
      const answer = await bench.ask(`${JOBS}/${ID}/result`);
      expect(answer.status).to.equal(503);
      expect(answer.json['code']).to.equal('audit-unavailable');
      expect(answer.headers).to.include({ 'Retry-After': '60', 'Cache-Control': 'no-store' });
      expect(answer.text).to.not.contain('a person');
    });
  });

  describe('are held', () => {
    it('and let go on', async () => {
      const { ask, jobs, audited } = doorBench();
      jobs.add(ID);
      const paused = await ask(`${JOBS}/${ID}/pause`, { method: 'POST' });
      expect([paused.status, paused.text]).to.deep.equal([204, '']);
      expect(jobs.views.get(ID)?.hold).to.equal('paused');
      expect((await ask(`${JOBS}/${ID}/resume`, { method: 'POST' })).status).to.equal(204);
      expect(jobs.views.get(ID)?.hold).to.equal(null);
      expect((await ask(`${JOBS}/${ID}/cancel`, { method: 'POST' })).status).to.equal(204);
      expect(jobs.views.get(ID)?.hold).to.equal('cancelled');
      expect(audited.map(({ operation, outcome }) => `${String(operation)} ${outcome}`)).to.deep.equal([
        'pause done',
        'resume done',
        'cancel done',
      ]);
    });

    it('not when they are over, and resumed only when they were paused', async () => {
      const { ask, jobs, audited } = doorBench();
      jobs.add(ID, { state: 'COMPLETED' });
      for (const [action, code] of [
        ['pause', 'job-over'],
        ['cancel', 'job-over'],
        ['resume', 'nothing-to-resume'],
      ] as const) {
        const answer = await ask(`${JOBS}/${ID}/${action}`, { method: 'POST' });
        expect([answer.status, answer.json['code']]).to.deep.equal([409, code]);
      }
      expect(audited.map(({ outcome }) => outcome)).to.deep.equal(Array(3).fill('refused'));
    });
  });

  it('are not resumed while the files of one that gave up are put away', async () => {
    const { ask, jobs } = doorBench();
    jobs.add(ID, { state: 'FAILED', ending: { code: 'gave-up', reason: '' } });
    const answer = await ask(`${JOBS}/${ID}/resume`, { method: 'POST' });
    expect([answer.status, answer.json['code']]).to.deep.equal([409, 'job-not-over']);
  });

  describe('are deleted', () => {
    it('when they are over', async () => {
      const { ask, jobs } = doorBench();
      jobs.add(ID, { state: 'FAILED' });
      expect((await ask(`${JOBS}/${ID}`, { method: 'DELETE' })).status).to.equal(204);
      expect(jobs.removed).to.deep.equal([ID]);
      expect((await ask(`${JOBS}/${ID}`, { method: 'DELETE' })).status).to.equal(404);
    });

    it('not while their files are put away, and are not said to be gone', async () => {
      const { ask, jobs } = doorBench();
      jobs.add(ID, { state: 'COMPLETED' });
      jobs.isPuttingAway = true;
      const answer = await ask(`${JOBS}/${ID}`, { method: 'DELETE' });
      expect([answer.status, answer.json['code']]).to.deep.equal([409, 'job-not-over']);
      expect((await ask(`${JOBS}/${ID}`)).status).to.equal(200);
    });

    it('not before', async () => {
      const { ask, jobs } = doorBench();
      jobs.add(ID);
      const answer = await ask(`${JOBS}/${ID}`, { method: 'DELETE' });
      expect([answer.status, answer.json['code']]).to.deep.equal([409, 'job-not-over']);
      expect(jobs.removed).to.deep.equal([]);
    });
  });

  describe('know', () => {
    for (const [path, method, allow] of [
      [JOBS, 'PUT', 'GET, HEAD, POST'],
      [JOBS, 'DELETE', 'GET, HEAD, POST'],
      [`${JOBS}/${ID}`, 'POST', 'GET, HEAD, DELETE'],
      [`${JOBS}/${ID}/result`, 'DELETE', 'GET, HEAD'],
      [`${JOBS}/${ID}/pause`, 'GET', 'POST'],
      [`${JOBS}/${ID}/pause`, 'HEAD', 'POST'],
      [`${JOBS}/${ID}/pause`, 'constructor', 'POST'],
    ] as const) {
      it(`no ${method} at ${path.replace(ID, 'ID')}`, async () => {
        const { ask, jobs, audited } = doorBench();
        jobs.add(ID);
        const answer = await ask(path, { method });
        expect([answer.status, answer.json['code']]).to.deep.equal([405, 'method-not-allowed']);
        expect(answer.headers['Allow']).to.equal(allow);
        expect(audited[0]).to.include({ operation: null, outcome: 'refused' });
      });
    }

    for (const path of [
      '/',
      '/1',
      `/${ID}/`,
      `/${ID}/nothing`,
      `/${ID}/constructor`,
      `/${ID}/result/x`,
      `/${ID}U`,
      '/%zz',
      '//result',
    ]) {
      it(`nothing at ${path.replace(ID, 'ID')}`, async () => {
        const { ask, jobs } = doorBench();
        jobs.add(ID, { state: 'COMPLETED' });
        const answer = await ask(JOBS + path);
        expect([answer.status, answer.json['code']]).to.deep.equal([404, 'not-found']);
      });
    }

    it('HEAD as GET', async () => {
      const { ask, jobs, audited } = doorBench();
      jobs.add(ID);
      const [head, get] = [await ask(`${JOBS}/${ID}`, { method: 'HEAD' }), await ask(`${JOBS}/${ID}`)];
      expect(head.headers).to.deep.equal(get.headers);
      expect(audited.map(({ operation }) => operation)).to.deep.equal(['status', 'status']);
    });
  });

  it('cannot be told of while the store fails', async () => {
    const { ask, jobs, events } = doorBench();
    jobs.isBroken = true;
    const answer = await ask(`${JOBS}/${ID}`);
    expect([answer.status, answer.json['code'], answer.headers['Retry-After']]).to.deep.equal([
      503,
      'store-failed',
      '60',
    ]);
    expect(answer.text).to.not.contain('fire');
    expect(events.of.requestAnswered[0]?.error?.code).to.equal('store-failed');
  });
});

function idsIn(jobs: unknown): readonly unknown[] {
  if (!Array.isArray(jobs)) throw new TypeError('no list');
  return jobs.map((job: unknown) =>
    typeof job === 'object' && job !== null && 'jobId' in job ? job.jobId : undefined,
  );
}
