import { expect } from 'chai';
import { InvalidQuery, UpstreamUnavailable } from '../../../src/errors/errors.js';
import type { ErrorLocation } from '../../../src/legacy/hl7v2/hl7-error.js';
import { RefusedMessage } from '../../../src/legacy/hl7v2/refused-message.js';
import type { Hl7v2Answer } from '../../../src/legacy/hl7v2/operation.js';
import { segment, text } from '../../../src/legacy/hl7v2/message/segment.js';
import { versions } from '../../../src/legacy/hl7v2/message/header.js';
import type { NationalId } from '../../../src/person/national-id.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { isCorrelationId } from '../../../src/runtime/correlation.js';
import { EndpointBench, linesOf, nobody, query, type EndpointBenchParts } from './endpoint-bench.js';

const id = '00000000-0000-4000-8000-000000000001';

function failing(error: Error): EndpointBenchParts {
  return { answer: () => Promise.reject(error) };
}

describe('the endpoint of HL7 v2', () => {
  it('answers a message with an acknowledgement and what the operation says', async () => {
    expect(await new EndpointBench().ask(query())).to.deep.equal([
      'MSH|^~\\&|REG|NHN|EPJ^1.2^ISO|SYKEHUS|20260301130000+0100||RSP^K22^RSP_K21|3E454C535A61686F767D|P|2.5|||||NOR|8859/1',
      'MSA|AA|M1',
      'ZAA|x',
    ]);
  });

  it('gives each answer an id of its own', async () => {
    const bench = new EndpointBench();
    const ids = [await bench.ask(query()), await bench.ask(query())].map(([msh]) => msh?.split('|')[9]);
    expect(new Set(ids).size).to.equal(2);
    expect(ids.every((one) => /^[0-9A-F]{20}$/.test(one ?? ''))).to.equal(true);
  });

  for (const version of versions) {
    it(`answers in version ${version} to a message of it`, async () => {
      const [msh] = await new EndpointBench().ask(query('x', { version }));
      expect(msh?.split('|')[11]).to.equal(version);
    });
  }

  it('tells audit trail and log who asked and how it ended', async () => {
    const nin = syntheticNumber(0);
    const bench = new EndpointBench({
      answer: (_request, call) => {
        call.describe([nin]);
        call.caller.onKept?.('cache');
        for (const source of ['preg', 'preg'] as const) {
          call.caller.onAnswered?.({ route: 'shadow-preg', source });
        }
        bench.clock.move(41);
        return Promise.resolve({ segments: [], outcome: 'found' });
      },
    });
    await bench.ask(query());
    expect(bench.audited).to.deep.equal([
      {
        at: new Date('2026-03-01T12:00:00Z'),
        correlationId: id,
        clientId: 'epj',
        protocol: 'hl7v2',
        operation: 'QBP^Q22',
        subject: nin,
        outcome: 'found',
        keptSource: 'cache',
        detail: {
          remoteAddress: '192.0.2.7',
          answeredBy: [{ route: 'shadow-preg', source: 'preg' }],
        },
      },
    ]);
    expect(bench.events.of.requestAnswered).to.deep.equal([
      {
        correlationId: id,
        clientId: 'epj',
        protocol: 'hl7v2',
        operation: 'QBP^Q22',
        outcome: 'found',
        milliseconds: 41,
        error: undefined,
      },
    ]);
  });

  it('leaves one entry for each number, and one where there is none', async () => {
    const numbers: readonly NationalId[] = [syntheticNumber(0), syntheticNumber(1)];
    const bench = new EndpointBench({
      answer: (_request, call) => {
        call.describe(numbers);
        return Promise.resolve({ segments: [], outcome: 'found' });
      },
    });
    await bench.ask(query());
    expect(bench.audited.map(({ subject }) => subject)).to.deep.equal(numbers);
    const other = new EndpointBench();
    await other.ask(query());
    expect(other.audited.map(({ subject }) => subject)).to.deep.equal([null]);
  });

  for (const order of [['cache', 'stale-cache'] as const, ['stale-cache', 'cache'] as const]) {
    it(`tells of ${order.join(' and then ')} that the answer may be old, unless there is none`, async () => {
      const kept = async (end: () => Promise<Hl7v2Answer>): Promise<unknown> => {
        const bench = new EndpointBench({
          answer: (_request, { caller }) => {
            for (const source of order) caller.onKept?.(source);
            return end();
          },
        });
        await bench.ask(query());
        return bench.audited[0]?.keptSource;
      };
      expect(await kept(() => Promise.resolve({ segments: [], outcome: 'found' }))).to.equal('stale-cache');
      expect(await kept(() => Promise.reject(new UpstreamUnavailable('down')))).to.equal(null);
    });
  }

  it('asks on behalf of the client, until the deadline and as long as somebody waits', async () => {
    const bench = new EndpointBench({
      answer: (_request, { caller, version, receivedAt }) => {
        expect(caller).to.deep.include({
          clientId: 'epj',
          organisation: { parent: '310000027' },
          access: 'full',
          correlationId: id,
          deadline: new Date('2026-03-01T12:00:30Z'),
        });
        expect(version).to.equal('2.5');
        expect(receivedAt).to.deep.equal(bench.clock.now());
        return Promise.resolve({ segments: [segment('ZAA', { 1: text('seen') })], outcome: 'found' });
      },
    });
    expect((await bench.ask(query())).at(-1)).to.equal('ZAA|seen');
  });

  describe('writes in the charset of the message', () => {
    const value = 'ÆØÅæøå ČĐŊŠŦŽčđŋšŧž';
    const answers: readonly (readonly [
      charset: string,
      label: string,
      encoding: BufferEncoding,
      told: string,
    ])[] = [
      ['UNICODE UTF-8', 'utf-8', 'utf8', value],
      ['8859/1', 'iso-8859-1', 'latin1', 'ÆØÅæøå CDNSTZcdnstz'],
      ['', 'iso-8859-1', 'latin1', 'ÆØÅæøå CDNSTZcdnstz'],
      ['ASCII', 'us-ascii', 'latin1', 'AEOEAAaeoeaa CDNSTZcdnstz'],
    ];
    for (const [charset, label, encoding, told] of answers) {
      it(charset === '' ? 'where it names none' : charset, async () => {
        const bench = new EndpointBench({
          answer: () => Promise.resolve({ segments: [segment('ZAA', { 1: text(value) })], outcome: 'found' }),
        });
        const reply = await bench.endpoint.answer(Buffer.from(query('x', { charset })), bench.origin);
        const lines = Buffer.from(reply.octets).toString(encoding).split('\r');
        expect(lines).to.include(`ZAA|${told}`);
        expect(lines[0]?.split('|')[17]).to.equal(charset === '' ? '8859/1' : charset);
        expect(reply.charsetLabel).to.equal(label);
      });
    }

    it('and reads it in it', async () => {
      const octets = Buffer.from(query('Bø', { charset: 'UNICODE UTF-8' }), 'utf8');
      const reply = await new EndpointBench().endpoint.answer(octets, new EndpointBench().origin);
      expect(Buffer.from(reply.octets).toString('utf8')).to.include('ZAA|Bø\r');
    });
  });

  describe('says that letters stand for others', () => {
    const parts: EndpointBenchParts = {
      answer: () =>
        Promise.resolve({
          segments: [segment('ZAA', { 1: text('Áŋŋá'), 2: text('Bø'), 3: [[['š', 'ž']]] })],
          outcome: 'found',
        }),
    };

    it('in a warning from version 2.5 on, and counts the values', async () => {
      const bench = new EndpointBench(parts);
      expect((await bench.ask(query())).slice(1)).to.deep.equal([
        'MSA|AA|M1',
        `ERR|||0^Message accepted^HL70357|W|||${id}|3 values have other letters in place of those that the character set lacks.`,
        'ZAA|Ánná|Bø|s&z',
      ]);
      expect(bench.events.of.textTransliterated).to.deep.equal([
        { correlationId: id, protocol: 'hl7v2', values: 3 },
      ]);
    });

    it('in the log alone before', async () => {
      const bench = new EndpointBench(parts);
      expect((await bench.ask(query('x', { version: '2.4' }))).slice(1)).to.deep.equal([
        'MSA|AA|M1',
        'ZAA|Ánná|Bø|s&z',
      ]);
      expect(bench.events.of.textTransliterated).to.have.length(1);
    });

    it('and nothing where none do', async () => {
      const bench = new EndpointBench();
      await bench.ask(query('Bø'));
      expect(bench.events.of.textTransliterated).to.deep.equal([]);
    });
  });

  describe('refuses, for its header,', () => {
    const refused: readonly (readonly [
      what: string,
      differences: Parameters<typeof query>[1],
      err: string,
      parts?: EndpointBenchParts,
    ])[] = [
      ['a message without a type', { type: '' }, 'MSH^1^9|101^Required field missing'],
      ['a message without an id', { id: '' }, 'MSH^1^10|101^Required field missing'],
      ['a message without a version', { version: '' }, 'MSH^1^12|101^Required field missing'],
      ['a version that is too old', { version: '2.2' }, 'MSH^1^12|203^Unsupported version id'],
      ['a version that is too new', { version: '2.7' }, 'MSH^1^12|203^Unsupported version id'],
      ['a processing id that there is not', { processing: 'X' }, 'MSH^1^11|202^Unsupported processing id'],
      [
        'another processing id than is served',
        { processing: 'T' },
        'MSH^1^11|202^Unsupported processing id',
        { settings: { processingId: 'P' } },
      ],
      [
        'no processing id where one is served',
        { processing: '' },
        'MSH^1^11|202^Unsupported processing id',
        { settings: { processingId: 'D' } },
      ],
      ['news of patients', { type: 'ADT^A08^ADT_A01' }, 'MSH^1^9|200^Unsupported message type'],
      ['another type', { type: 'ORU^R01' }, 'MSH^1^9|200^Unsupported message type'],
      ['another event', { type: 'QBP^Q23' }, 'MSH^1^9|201^Unsupported event code'],
      ['a charset that is not spoken', { charset: '8859/15' }, 'MSH^1^18|103^Table value not found'],
    ];
    for (const [what, differences, err, parts] of refused) {
      it(what, async () => {
        const bench = new EndpointBench(parts);
        const [msh, msa, error] = await bench.ask(query('x', differences));
        expect(msa).to.match(differences?.id === '' ? /^MSA\|AR\|\|./ : /^MSA\|AR\|M1\|./);
        expect(error).to.include(`ERR||${err}^HL70357|E|||${id}|`);
        expect(msh?.split('|').slice(2, 6)).to.deep.equal(['REG', 'NHN', 'EPJ^1.2^ISO', 'SYKEHUS']);
        expect(bench.audited.map(({ outcome, clientId }) => [outcome, clientId])).to.deep.equal([
          ['malformed-request', 'epj'],
        ]);
      });
    }

    it('and answers in 2.5 to a version that it does not speak', async () => {
      expect((await new EndpointBench().ask(query('x', { version: '2.8' })))[0]?.split('|')[11]).to.equal(
        '2.5',
      );
    });

    it('and acknowledges what is for no operation', async () => {
      const typeOf = async (type: string, version = '2.5'): Promise<string | undefined> =>
        (await new EndpointBench().ask(query('x', { type, version })))[0]?.split('|')[8];
      expect(await typeOf('ADT^A08^ADT_A01')).to.equal('ACK^A08^ACK');
      expect(await typeOf('ADT^A08', '2.3')).to.equal('ACK^A08');
      expect(await typeOf('ADT^KARI NORDMANN')).to.equal('ACK^^ACK');
      expect(await typeOf('')).to.equal('ACK^^ACK');
    });

    it('but takes a version with more to it, and no processing id where any is served', async () => {
      const lines = await new EndpointBench().ask(query('x', { version: '2.5^NOR', processing: '' }));
      expect(lines.slice(1)).to.deep.equal(['MSA|AA|M1', 'ZAA|x']);
      expect(lines[0]?.split('|').slice(10, 12)).to.deep.equal(['P', '2.5']);
    });

    it('and serves the processing that is its own', async () => {
      const bench = new EndpointBench({ settings: { processingId: 'T' } });
      const lines = await bench.ask(query('x', { processing: 'T' }));
      expect(lines[1]).to.equal('MSA|AA|M1');
      expect(lines[0]?.split('|')[10]).to.equal('T');
      const [msh] = await bench.ask(query('x', { processing: '' }));
      expect(msh?.split('|')[10]).to.equal('T');
    });
  });

  describe('tells nobody anything', () => {
    const fixed = 'The sender is not let in.';

    it('who is not known, whatever is in the message', async () => {
      for (const message of [
        query(),
        query('x', { version: '9' }),
        query('x', { charset: '?' }),
        `${query()}junk\r`,
      ]) {
        const bench = new EndpointBench({ identify: nobody });
        expect((await bench.ask(message)).slice(1)).to.deep.equal([
          `MSA|AR|M1|${fixed}`,
          `ERR|||207^Application internal error^HL70357|E|||${id}|${fixed}`,
        ]);
        expect(
          bench.audited.map(({ outcome, clientId, operation }) => [outcome, clientId, operation]),
        ).to.deep.equal([['not-authenticated', null, null]]);
      }
    });

    it('who may not speak HL7 v2, in the same words', async () => {
      const bench = new EndpointBench({ client: { protocols: new Set(['hl7v3']) } });
      expect((await bench.ask(query()))[1]).to.equal(`MSA|AR|M1|${fixed}`);
      expect(bench.audited[0]).to.include({ outcome: 'not-authorised', clientId: 'epj' });
    });
  });

  describe('tells of trouble', () => {
    const nin = syntheticNumber(0);
    const refusal = new RefusedMessage({
      code: '204',
      location: { segment: 'QPD', sequence: 1, field: 3, repetition: 2, component: 1 },
      text: 'The parameter @PID.99 is not known.',
    });

    it('with the place from version 2.5 on', async () => {
      expect((await new EndpointBench(failing(refusal)).ask(query())).slice(1)).to.deep.equal([
        'MSA|AE|M1|The parameter @PID.99 is not known.',
        `ERR||QPD^1^3^2^1|204^Unknown key identifier^HL70357|E|||${id}|The parameter @PID.99 is not known.`,
        'QAK||AE',
      ]);
    });

    it('with the place as old versions have it', async () => {
      const lines = await new EndpointBench(failing(refusal)).ask(query('x', { version: '2.4' }));
      expect(lines.slice(1)).to.deep.equal([
        'MSA|AE|M1|The parameter @PID.99 is not known.',
        'ERR|QPD^1^3^204&Unknown key identifier&HL70357',
        'QAK||AE',
      ]);
    });

    it('with the segment alone where nothing more is known', async () => {
      const at = (location: ErrorLocation | undefined): RefusedMessage =>
        new RefusedMessage({ code: '101', location, text: 'x' });
      const told = async (
        location: ErrorLocation | undefined,
        version: string,
      ): Promise<string | undefined> =>
        (await new EndpointBench(failing(at(location))).ask(query('x', { version })))[2];
      const rcp = { segment: 'RCP', sequence: 1 };
      expect(await told(rcp, '2.6')).to.equal(`ERR||RCP^1|101^Required field missing^HL70357|E|||${id}|x`);
      expect(await told(rcp, '2.3')).to.equal('ERR|RCP^1^^101&Required field missing&HL70357');
      expect(await told({ ...rcp, field: 2, component: 2 }, '2.6')).to.include('|RCP^1^2^^2|');
      expect(await told(undefined, '2.3')).to.equal('ERR|^^^101&Required field missing&HL70357');
    });

    it('with what a search lacks', async () => {
      const bench = new EndpointBench(failing(new InvalidQuery('name', 'has too few letters')));
      expect((await bench.ask(query()))[1]).to.equal(
        'MSA|AE|M1|The query cannot be served. name has too few letters.',
      );
    });

    it('with the correlation id, and nothing of the cause', async () => {
      const bench = new EndpointBench(failing(new UpstreamUnavailable(`status 503 for ${nin}`)));
      const said = `The register cannot be asked at present. ${id}`;
      expect((await bench.ask(query())).slice(1)).to.deep.equal([
        `MSA|AE|M1|${said}`,
        `ERR|||207^Application internal error^HL70357|E|||${id}|${said}`,
        'QAK||AE',
      ]);
      expect(bench.events.of.requestAnswered[0]).to.include({ outcome: 'upstream-unavailable' });
    });

    it('that nobody foresaw', async () => {
      const bench = new EndpointBench(failing(new TypeError(nin)));
      const answer = await bench.ask(query());
      expect(answer[1]).to.equal(`MSA|AE|M1|The message failed here by a fault. ${id}`);
      expect(answer.join()).to.not.include(nin);
      expect(bench.audited[0]).to.include({ outcome: 'internal' });
    });

    it('that is a fault of ours in refusing: on record, told and logged as such, without the operation’s terms', async () => {
      const bench = new EndpointBench({
        ...failing(refusal),
        refusal: () => {
          throw new TypeError('no query');
        },
      });
      const lines = await bench.ask(query());
      expect(lines.map((line) => line.slice(0, 3))).to.deep.equal(['MSH', 'MSA', 'ERR']);
      expect(lines[1]).to.include('MSA|AE|M1|').and.not.include('@PID.99');
      expect(bench.audited[0]).to.include({ outcome: 'internal' });
      expect(bench.events.of.requestAnswered[0]?.error?.cause).to.be.instanceOf(TypeError);
    });

    it('with a text that is too long for MSA cut there, and whole in ERR', async () => {
      const long = `${'word '.repeat(20)}end`;
      const lines = await new EndpointBench(failing(new RefusedMessage({ code: '102', text: long }))).ask(
        query(),
      );
      const told = lines[1]?.split('|')[3] ?? '';
      expect(told).to.match(/^(word )+word\.\.\.$/);
      expect(told.length).to.be.within(70, 80);
      expect(lines[2]?.endsWith(`|${long}`)).to.equal(true);
    });
  });

  it('answers what is no message', async () => {
    const bench = new EndpointBench();
    const [msh, msa, err, ...rest] = await bench.ask('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(msh).to.match(
      /^MSH\|\^~\\&\|{5}20260301130000\+0100\|\|ACK\^\^ACK\|[0-9A-F]{20}\|P\|2\.5\|{5}NOR\|8859\/1$/,
    );
    expect(msa).to.equal('MSA|AR||The message does not begin with the segment MSH.');
    expect(err).to.include('|100^Segment sequence error^HL70357|E|');
    expect(rest).to.deep.equal([]);
    expect(bench.audited).to.have.length(1);
  });

  it('answers a message that is broken behind its header in the terms of its type', async () => {
    const [msh, msa] = await new EndpointBench().ask(`${query()}no segment\r`);
    expect(msh).to.include('|RSP^K22^RSP_K21|');
    expect(msa).to.equal('MSA|AR|M1|A line of the message is no segment.');
  });

  describe('refuses what is too large', () => {
    it('by its header', async () => {
      const bench = new EndpointBench();
      const reply = await bench.endpoint.refuseTooLarge(Buffer.from(query('a'.repeat(9))), bench.origin);
      expect(linesOf(reply.octets).slice(1, 2)).to.deep.equal([
        'MSA|AR|M1|The message is longer than is taken.',
      ]);
      expect(bench.audited[0]).to.include({ outcome: 'malformed-request', clientId: 'epj' });
    });

    it('and tells strangers nothing', async () => {
      const bench = new EndpointBench({ identify: nobody });
      const reply = await bench.endpoint.refuseTooLarge(Buffer.from(query()), bench.origin);
      expect(linesOf(reply.octets)[1]).to.equal('MSA|AR|M1|The sender is not let in.');
    });
  });

  it('refuses who asks more often than it may, on record', async () => {
    const bench = new EndpointBench({ client: { rate: { perSecond: 2, burst: 1 } } });
    await bench.ask(query());
    expect((await bench.ask(query()))[1]).to.match(/^MSA\|AE\|M1\|Too many messages of this sender\. /);
    expect(bench.audited[1]).to.include({ outcome: 'rate-limited', clientId: 'epj', operation: 'QBP^Q22' });
    bench.clock.move(500);
    expect((await bench.ask(query()))[1]).to.equal('MSA|AA|M1');
  });

  it('refuses what there is no time for by its header, without asking who sent it, and leaves nothing on record', () => {
    if (!isCorrelationId(id)) throw new Error('no correlation id');
    const bench = new EndpointBench({ identify: nobody });
    const reply = bench.endpoint.refuseBusy(Buffer.from(query('a'.repeat(9))), id);
    expect(linesOf(reply.octets).slice(1)).to.deep.equal([
      `MSA|AE|M1|Too many messages at present. ${id}`,
      `ERR|||207^Application internal error^HL70357|E|||${id}|Too many messages at present. ${id}`,
    ]);
    expect(linesOf(bench.endpoint.refuseBusy(Buffer.from('nothing'), id).octets)[1]).to.match(/^MSA\|AE\|/);
    expect(bench.audited).to.deep.equal([]);
    expect(bench.events.of.requestAnswered).to.deep.equal([]);
  });

  it('withholds an answer that cannot be put on record', async () => {
    const bench = new EndpointBench({
      onAudit: () => {
        throw new Error('disk full');
      },
    });
    expect((await bench.ask(query('secret'))).slice(1)).to.deep.equal([
      `MSA|AE|M1|The answer could not be put on record. ${id}`,
      `ERR|||207^Application internal error^HL70357|E|||${id}|The answer could not be put on record. ${id}`,
      'QAK||AE',
    ]);
    expect(bench.events.of.requestAnswered[0]).to.include({ outcome: 'audit-unavailable' });
  });

  it('ends at the deadline, and aborts what is under way', async () => {
    let signal: AbortSignal | undefined;
    const bench = new EndpointBench({
      answer: (_request, { caller }) => {
        signal = caller.signal;
        return new Promise(() => undefined);
      },
    });
    const answer = bench.ask(query());
    await bench.clock.advance(29_999);
    expect(signal?.aborted).to.equal(false);
    await bench.clock.advance(1);
    expect((await answer)[1]).to.equal(`MSA|AE|M1|The register did not answer in time. ${id}`);
    expect(signal?.aborted).to.equal(true);
  });

  it('ends when the caller leaves', async () => {
    const bench = new EndpointBench({ answer: () => new Promise(() => undefined) });
    const answer = bench.ask(query());
    bench.leave.abort();
    expect((await answer)[1]).to.equal(`MSA|AE|M1|The message was given up. ${id}`);
    expect(bench.audited[0]).to.include({ outcome: 'caller-left' });
  });
});
