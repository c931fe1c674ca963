import { expect } from 'chai';
import { CallerLeft, Overloaded } from '../../../../src/errors/errors.js';
import { newCorrelationId } from '../../../../src/runtime/correlation.js';
import { CountedRandom } from '../../../support/counted-random.js';
import { doorBench } from './door-bench.js';
import { newId } from './jobs-in-memory.js';

const JOBS = '/filematch/jobs';

describe('who may ask for jobs over HTTP', () => {
  for (const [who, headers, tries] of [
    ['nobody', {}, 0],
    ['somebody with a wrong password', basic('epj:wrong'), 1],
    ['somebody unknown', basic('nobody:secret'), 1],
    ['somebody with another scheme', { authorization: 'Bearer secret' }, 0],
  ] as const) {
    it(`not ${who}, who is asked for a password before the body is read`, async () => {
      const { ask, tried, audited, events, wasRead, jobs } = doorBench();
      const answer = await ask(JOBS, { method: 'POST', user: null, headers, body: 'a file' });
      expect(answer.status).to.equal(401);
      expect(answer.headers['WWW-Authenticate']).to.match(/^Basic realm=/);
      expect(answer.headers['Content-Type']).to.equal('application/problem+json');
      expect(answer.json['code']).to.equal('not-authenticated');
      expect(wasRead()).to.equal(false);
      expect(jobs.accepted).to.have.length(0);
      expect(tried).to.have.length(tries);
      expect(audited.map(({ clientId, outcome, operation }) => [clientId, outcome, operation])).to.deep.equal(
        [[null, 'not-authenticated', 'upload']],
      );
      expect(events.of.requestAnswered[0]).to.include({ outcome: 'not-authenticated', httpStatus: 401 });
    });
  }

  it('nobody learns from what is refused which addresses, methods and jobs there are', async () => {
    const { ask, jobs } = doorBench();
    jobs.add(newId(1));
    for (const [path, method] of [
      [`${JOBS}/${newId(1)}`, 'GET'],
      [`${JOBS}/${newId(2)}`, 'GET'],
      [`${JOBS}/nothing/at/all`, 'GET'],
      [JOBS, 'PATCH'],
    ] as const) {
      expect((await ask(path, { method, user: null })).status, `${method} ${path}`).to.equal(401);
    }
  });

  it('not a client of other protocols alone', async () => {
    const { ask, audited, wasRead } = doorBench();
    const answer = await ask(JOBS, { method: 'POST', user: 'soap', body: 'a file' });
    expect(answer.status).to.equal(403);
    expect(answer.json['code']).to.equal('not-authorised');
    expect(wasRead()).to.equal(false);
    expect(audited[0]).to.include({ clientId: 'epj-3', outcome: 'not-authorised' });
  });

  it('the password and the address go to where delays are counted', async () => {
    const { ask, tried } = doorBench();
    await ask(JOBS);
    expect(tried).to.deep.equal([{ username: 'epj', password: 'secret', remoteAddress: '192.0.2.7' }]);
  });

  it('too many at once are told to come again', async () => {
    const { ask } = doorBench({
      authenticate: () => Promise.reject(new Overloaded('too many logins at once')),
    });
    const answer = await ask(JOBS);
    expect(answer.status).to.equal(503);
    expect(answer.headers['Retry-After']).to.equal('5');
  });

  it('whoever there is no time for is told so by a problem, unread', () => {
    const { door, audited, tried } = doorBench();
    const refusing = { correlationId: newCorrelationId(new CountedRandom()), at: new Date(0) };
    const refused = door.busy?.refuse({ method: 'POST', headers: {} }, refusing);
    expect(refused?.status).to.equal(503);
    expect(refused?.headers).to.include({ 'Retry-After': '5', 'Content-Type': 'application/problem+json' });
    expect(JSON.parse(String(refused?.body))).to.include({
      code: 'overloaded',
      status: 503,
      correlationId: refusing.correlationId,
    });
    expect([...audited, ...tried]).to.deep.equal([]);
  });

  it('whoever asks more often than it may is told when to come again', async () => {
    const { ask, audited, clock } = doorBench({
      authenticate: async (_credentials, _signal, usual) => ({
        ...(await usual()),
        rate: { perSecond: 0.4, burst: 1 },
      }),
    });
    expect((await ask(JOBS)).status).to.not.equal(429);
    const answer = await ask(JOBS);
    expect(answer.status).to.equal(429);
    expect(answer.headers).to.include({ 'Retry-After': '3', 'Content-Type': 'application/problem+json' });
    expect(audited[1]?.outcome).to.equal('rate-limited');
    clock.move(3_000);
    expect((await ask(JOBS)).status).to.not.equal(429);
  });

  it('whoever leaves while the password is checked is no fault of ours', async () => {
    const leaving = new AbortController();
    const { ask, audited, events } = doorBench({
      authenticate: (_credentials, signal) => {
        leaving.abort(new Error('the peer closed the connection'));
        signal.throwIfAborted();
        throw new Error('nobody left');
      },
    });
    await ask(JOBS, { method: 'POST', signal: leaving.signal });
    expect(audited[0]?.outcome).to.equal('caller-left');
    expect(events.of.requestAnswered[0]?.error).to.be.instanceOf(CallerLeft);
  });

  it('whoever left meanwhile with a right password changes nothing', async () => {
    const leaving = new AbortController();
    const bench = doorBench({
      authenticate: (_credentials, _signal, usual) => {
        leaving.abort(new Error('the peer closed the connection'));
        return usual();
      },
    });
    bench.jobs.add(newId(1));
    await bench.ask(`${JOBS}/${newId(1)}/cancel`, { method: 'POST', signal: leaving.signal });
    expect(bench.jobs.views.get(newId(1))?.hold).to.equal(null);
    expect(bench.audited[0]?.outcome).to.equal('caller-left');
  });

  describe('a job of another client', () => {
    for (const [method, part] of [
      ['GET', ''],
      ['GET', '/result'],
      ['GET', '/rejects'],
      ['GET', '/receipt'],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/cancel'],
      ['DELETE', ''],
    ] as const) {
      it(`is answered as one that there is not: ${method} ${part}`, async () => {
        const { ask, jobs, audited } = doorBench();
        const id = newId(1);
        const other = newId(2);
        jobs.add(id, { state: 'COMPLETED' }, { hold: 'paused' });
        jobs.files.set(`${id} result`, 'secret').set(`${id} rejects`, 'secret');
        const before = jobs.views.get(id);
        const foreign = await ask(`${JOBS}/${id}${part}`, { method, user: 'other' });
        const unknown = await ask(`${JOBS}/${other}${part}`, { method, user: 'other' });
        expect(foreign.status).to.equal(404);
        const withoutId = ({ correlationId, ...rest }: Readonly<Record<string, unknown>>): unknown => {
          expect(correlationId).to.be.a('string');
          return rest;
        };
        expect(withoutId(foreign.json)).to.deep.equal(withoutId(unknown.json));
        expect(foreign.headers).to.deep.equal(unknown.headers);
        expect(jobs.views.get(id)).to.equal(before);
        expect(jobs.removed).to.deep.equal([]);
        expect(audited.map(({ outcome, detail }) => [outcome, detail.job])).to.deep.equal([
          ['not-found', undefined],
          ['not-found', undefined],
        ]);
      });
    }
  });
});

function basic(text: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}
