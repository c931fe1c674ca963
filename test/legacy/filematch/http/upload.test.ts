import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { CallerLeft, InvalidQuery, StoreFailed } from '../../../../src/errors/errors.js';
import { readUploadParameters } from '../../../../src/legacy/filematch/http/upload-parameters.js';
import { PeerTooSlow } from '../../../../src/legacy/pace.js';
import { runs } from '../../../support/long-runs.js';
import { doorBench, type Answer, type Asked, type DoorBench } from './door-bench.js';
import { newId } from './jobs-in-memory.js';

const JOBS = '/filematch/jobs';

function upload(bench: DoorBench, asked: Asked = {}): Promise<Answer> {
  return bench.ask(JOBS, { method: 'POST', body: 'ownRef;nin\r\n', ...asked });
}

describe('an upload', () => {
  it('becomes a job of the client', async () => {
    const bench = doorBench();
    const answer = await upload(bench, {
      query: 'fileName=PFM_999999999_20260701_0001.csv&mode=K&customerRef=V%C3%85R%202026&force=true',
      headers: { 'content-type': 'text/csv; charset=utf-8' },
    });
    expect(answer.status).to.equal(202);
    expect(answer.headers).to.include({
      Location: `${JOBS}/${newId(1)}`,
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
    });
    expect(answer.json).to.deep.equal({ jobId: newId(1), state: 'RECEIVED' });
    const [accepted] = bench.jobs.accepted;
    expect(accepted?.content.toString()).to.equal('ownRef;nin\r\n');
    expect(accepted?.file).to.deep.equal({
      clientId: 'epj-1',
      door: 'http',
      fileName: 'PFM_999999999_20260701_0001.csv',
      mode: 'K',
      customerRef: 'VÅR 2026',
      remoteAddress: '192.0.2.7',
      directory: null,
      forced: true,
    });
    const { audited, events } = bench;
    expect(audited).to.deep.equal([
      {
        at: bench.clock.now(),
        correlationId: '00000000-0000-4000-8000-000000000001',
        clientId: 'epj-1',
        protocol: 'filematch',
        operation: 'upload',
        subject: null,
        outcome: 'done',
        keptSource: null,
        detail: { remoteAddress: '192.0.2.7', job: newId(1) },
      },
    ]);
    expect(events.of.requestAnswered[0]).to.include({
      clientId: 'epj-1',
      protocol: 'filematch',
      operation: 'upload',
      outcome: 'done',
      httpStatus: 202,
    });
  });

  it('without parameters is named by organisation and Norwegian time, and matched as the client’s settings say', async () => {
    const bench = doorBench();
    await upload(bench);
    expect(bench.jobs.accepted[0]?.file).to.deep.include({
      fileName: 'PFM_888888888_20260702_003005',
      mode: 'E',
      customerRef: '',
      forced: false,
    });
  });

  for (const type of [
    'text/plain',
    'Text/CSV; charset="ISO-8859-1"',
    'application/octet-stream',
    undefined,
  ]) {
    it(`is taken as ${type ?? 'nothing in particular'}`, async () => {
      expect((await upload(doorBench(), { headers: { 'content-type': type } })).status).to.equal(202);
    });
  }

  for (const type of [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/xml',
    'csv',
    '',
  ]) {
    it(`is not taken as ${type === '' ? 'an empty media type' : type}`, async () => {
      const bench = doorBench();
      const answer = await upload(bench, { headers: { 'content-type': type } });
      expect(answer.status).to.equal(415);
      expect(answer.headers['Accept-Post']).to.equal('text/plain, text/csv, application/octet-stream');
      expect(answer.json['code']).to.equal('malformed-request');
      expect(bench.wasRead()).to.equal(false);
      expect(bench.audited[0]?.outcome).to.equal('malformed-request');
    });
  }

  it('refused as too large tells so before it is read, where its length tells', async () => {
    const bench = doorBench();
    const answer = await upload(bench, { headers: { 'content-length': '1001' } });
    expect(answer.status).to.equal(413);
    expect(answer.json['detail']).to.equal('The file has more than 1000 octets.');
    expect(bench.wasRead()).to.equal(false);
    expect((await upload(bench, { headers: { 'content-length': '1000' } })).status).to.equal(202);
  });

  it('is refused as too large when it turns out to be', async () => {
    const bench = doorBench();
    const answer = await upload(bench, { body: Buffer.alloc(1001) });
    expect(answer.status).to.equal(413);
    expect(bench.jobs.accepted).to.have.length(0);
  });

  it('of what was processed before tells of the earlier job (E012)', async () => {
    const bench = doorBench();
    bench.jobs.onAccept = () => ({ outcome: 'processed-before', jobId: newId(7) });
    const answer = await upload(bench);
    expect(answer.status).to.equal(409);
    expect(answer.json).to.deep.equal({
      type: 'urn:preg-adapter:problem:E012',
      title: 'The same file was processed before.',
      status: 409,
      code: 'E012',
      correlationId: '00000000-0000-4000-8000-000000000001',
      jobId: newId(7),
    });
    expect(bench.audited[0]).to.deep.include({
      outcome: 'refused',
      detail: { remoteAddress: '192.0.2.7', job: newId(7) },
    });
  });

  describe('compressed', () => {
    it('is taken as what it holds', async () => {
      const bench = doorBench();
      const answer = await upload(bench, {
        headers: { 'content-encoding': 'GZIP' },
        body: inPieces(gzipSync('ownRef;nin\r\n'), 7),
      });
      expect(answer.status).to.equal(202);
      expect(bench.jobs.accepted[0]?.content.toString()).to.equal('ownRef;nin\r\n');
    });

    it('is as large as what it holds', async () => {
      const bench = doorBench();
      const bomb = gzipSync(Buffer.alloc(50_000_000));
      const answer = await upload(bench, { headers: { 'content-encoding': 'gzip' }, body: bomb });
      expect(answer.status).to.equal(413);
      expect(bench.jobs.discarded).to.equal(1);
    });

    for (const [what, body] of [
      ['no gzip at all', Buffer.from('ownRef;nin\r\n')],
      ['cut', gzipSync('ownRef;nin\r\n'.repeat(9)).subarray(0, -9)],
      ['damaged', damaged(gzipSync('ownRef;nin\r\n'.repeat(9)))],
    ] as const) {
      it(`is refused when it is ${what}, and nothing is left of it`, async () => {
        const bench = doorBench();
        const answer = await upload(bench, { headers: { 'content-encoding': 'gzip' }, body });
        expect(answer.status).to.equal(400);
        expect(answer.json['detail']).to.equal('The compressed file is damaged or cut.');
        expect([bench.jobs.accepted.length, bench.jobs.discarded]).to.deep.equal([0, 1]);
      });
    }

    it('fails as the peer fails', async () => {
      const bench = doorBench();
      const answer = await upload(bench, {
        headers: { 'content-encoding': 'gzip' },
        body: failing(new CallerLeft('gone'), gzipSync('ownRef').subarray(0, 5)),
      });
      expect(answer.json['code']).to.equal('caller-left');
    });

    it('is refused in any other way', async () => {
      const bench = doorBench();
      const answer = await upload(bench, { headers: { 'content-encoding': 'br' } });
      expect(answer.status).to.equal(415);
      expect(answer.headers['Accept-Encoding']).to.equal('gzip, identity');
      expect(bench.wasRead()).to.equal(false);
    });
  });

  describe('in which something fails', () => {
    for (const [what, error, status, code] of [
      ['the peer leaves', new CallerLeft('gone'), 408, 'caller-left'],
      ['the peer does not get on', new PeerTooSlow('slow'), 408, 'malformed-request'],
    ] as const) {
      it(`since ${what} leaves nothing`, async () => {
        const bench = doorBench();
        const answer = await upload(bench, { body: failing(error, Buffer.from('ownRef')) });
        expect([answer.status, answer.json['code']]).to.deep.equal([status, code]);
        expect([bench.jobs.accepted.length, bench.jobs.discarded]).to.deep.equal([0, 1]);
        expect(bench.audited[0]?.outcome).to.equal(code);
      });
    }

    for (const [what, error] of [
      ['the store fails', new StoreFailed('locked')],
      ['the disk is full', systemError('ENOSPC')],
      ['the disk fails', systemError('EIO')],
      ['too many files are open', systemError('EMFILE')],
    ] as const) {
      it(`since ${what} is to be tried again`, async () => {
        const bench = doorBench();
        bench.jobs.onAccept = () => {
          throw error;
        };
        const answer = await upload(bench);
        expect(answer.status).to.equal(503);
        expect(answer.headers['Retry-After']).to.equal('60');
        expect(answer.json['code']).to.equal('store-failed');
        expect(answer.text).to.not.contain('secret');
      });
    }

    it('and nobody foresaw is our fault, and says nothing but its correlation id', async () => {
      const bench = doorBench();
      bench.jobs.onAccept = () => {
        throw new TypeError('secret detail');
      };
      const answer = await upload(bench);
      expect(answer.status).to.equal(500);
      expect(answer.text).to.not.contain('secret');
      expect(answer.json['correlationId']).to.equal(bench.audited[0]?.correlationId);
      expect(bench.events.of.requestAnswered[0]?.error?.code).to.equal('internal');
    });
  });

  describe('with a parameter', () => {
    for (const [query, parameter] of [
      ['fileName=', 'fileName'],
      ['fileName=..', 'fileName'],
      ['fileName=.hidden', 'fileName'],
      ['fileName=-rf', 'fileName'],
      ['fileName=a%2Fb', 'fileName'],
      ['fileName=a%5Cb', 'fileName'],
      ['fileName=a%00b', 'fileName'],
      ['fileName=a%0D%0Ab', 'fileName'],
      ['fileName=a+b', 'fileName'],
      ['fileName=bl%C3%A5b%C3%A6r.csv', 'fileName'],
      ['fileName=ends.', 'fileName'],
      ['fileName=NUL', 'fileName'],
      ['fileName=com1.txt', 'fileName'],
      [`fileName=${'a'.repeat(121)}`, 'fileName'],
      ['fileName=12345678901.csv', 'fileName'],
      ['fileName=010190-12345.csv', 'fileName'],
      ['fileName=a&fileName=b', 'fileName'],
      ['mode=X', 'mode'],
      ['mode=v', 'mode'],
      ['mode=', 'mode'],
      ['customerRef=%00', 'customerRef'],
      ['customerRef=%E2%82%AC', 'customerRef'],
      ['customerRef=%FF', 'customerRef'],
      [`customerRef=${'a'.repeat(21)}`, 'customerRef'],
      ['force=yes', 'force'],
      ['secret=1', 'query'],
      ['filename=a.csv', 'query'],
    ] as const) {
      it(`that cannot be used is refused: ${query.slice(0, 40)}`, async () => {
        const bench = doorBench();
        const answer = await upload(bench, { query });
        expect(answer.status).to.equal(400);
        expect(answer.json).to.include({ code: 'invalid-query', parameter });
        expect(answer.json['detail']).to.be.a('string');
        expect(answer.text).to.not.match(/secret|hidden|12345678901|010190-12345/);
        expect(bench.wasRead()).to.equal(false);
        expect(bench.audited[0]?.outcome).to.equal('invalid-query');
      });
    }

    for (const fileName of [
      'a',
      'a'.repeat(120),
      'PFM_999999999_20260701_0001.txt',
      'nullify.csv',
      '1234567890.csv',
    ]) {
      it(`that can be used is taken: ${fileName.slice(0, 40)}`, async () => {
        const bench = doorBench();
        expect((await upload(bench, { query: `fileName=${fileName}` })).status).to.equal(202);
        expect(bench.jobs.accepted[0]?.file.fileName).to.equal(fileName);
      });
    }

    it('of any kind is refused by name, or leads nowhere', () => {
      const text = fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc.stringMatching(/^[a-z0-9._-]{1,14}$/),
      );
      fc.assert(
        fc.property(text, text, (fileName, customerRef) => {
          const query = new URLSearchParams({ fileName, customerRef }).toString();
          try {
            const read = readUploadParameters(query);
            expect(read).to.include({ fileName, customerRef });
            expect(fileName).to.match(/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/);
            expect(fileName).to.not.match(/\d{11}|\d{6}[-.]\d{5}(?!\d)|\.$/);
          } catch (error) {
            expect(error).to.be.instanceOf(InvalidQuery);
          }
        }),
        { numRuns: runs(500) },
      );
    }).timeout(60_000);
  });
});

async function* inPieces(octets: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < octets.length; from += length) {
    yield await Promise.resolve(octets.subarray(from, from + length));
  }
}

async function* failing(error: Error, before: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(before);
  throw error;
}

function damaged(octets: Uint8Array): Uint8Array {
  return octets.map((octet, index) => (index === octets.length - 6 ? octet ^ 0xff : octet));
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: write '/secret/path'`), { code, syscall: 'write' });
}
