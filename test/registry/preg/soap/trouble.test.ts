import { once } from 'node:events';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import {
  AdapterError,
  CallerLeft,
  PregRefused,
  PregRejected,
  PregUnavailable,
  UpstreamTimeout,
} from '../../../../src/errors/errors.js';
import {
  answering,
  faultXml,
  startLegacyPreg,
  valueIn,
  type LegacyPreg,
} from '../../../support/legacy-preg.js';
import { loopbackServers } from '../../../support/loopback-server.js';
import { rejectionOf } from '../../../support/rejection.js';

const SOAP = { 'Content-Type': 'application/soap+xml; charset=utf-8' };
const HTML = { 'Content-Type': 'text/html; charset=utf-8' };
/** Stands in what is refused, and must stand in no error. */
const SECRET = 'Kari Nordmann';

/** What must be in the error, and how it ends. */
type Ending = readonly [typeof PregUnavailable | typeof PregRejected | typeof PregRefused, RegExp];
const unavailable = (text: RegExp): Ending => [PregUnavailable, text];
const rejected = (text: RegExp): Ending => [PregRejected, text];

async function expectEnding(bench: LegacyPreg, [kind, text]: Ending): Promise<void> {
  const error = await rejectionOf(bench.ask());
  expect(error).to.be.instanceOf(kind);
  expect(error.message).to.match(text);
  expect(error.message).to.not.include(SECRET);
  expect(error.cause).to.equal(undefined);
  const told = bench.events.of.pregCalled.at(-1);
  expect(told?.outcome).to.equal(error instanceof AdapterError ? error.code : '');
  expect(told?.error?.message).to.equal(error.message);
}

describe('PREG in trouble', () => {
  const start = loopbackServers();

  describe('answers with a fault', () => {
    const faults: readonly (readonly ['Sender' | 'Receiver', string | undefined, Ending])[] = [
      ['Receiver', 'd:InternalServiceFault', unavailable(/^the fault Receiver\/InternalServiceFault$/)],
      ['Receiver', undefined, unavailable(/^the fault Receiver$/)],
      ['Sender', 'd:InternalServiceFault', unavailable(/InternalServiceFault/)],
      ['Sender', undefined, [PregRefused, /^the fault Sender$/]],
      ['Sender', 'd:DeserializationFailed', rejected(/^refused: /)],
      ['Sender', 'a:ActionNotSupported', rejected(/^refused: /)],
      ['Sender', 'w:FailedAuthentication', rejected(/^not-let-in: the account is refused/)],
      ['Sender', 't:FailedAuthentication', rejected(/^not-let-in: the account is refused/)],
      ['Sender', 'w:InvalidSecurity', rejected(/^not-let-in: the fault Sender\/InvalidSecurity$/)],
      ['Sender', 'c:BadContextToken', unavailable(/BadContextToken/)],
      ['Sender', 'unbound:Thing', [PregRefused, /^the fault Sender$/]],
    ];
    for (const [code, subcode, ending] of faults) {
      it(`${code} ${subcode ?? 'alone'}`, async () => {
        const bench = await startLegacyPreg(start);
        bench.misbehave = answering(500, faultXml(code, subcode, SECRET));
        const error = await rejectionOf(bench.ask());
        expect(error).to.be.instanceOf(ending[0]);
        expect(error.message).to.match(ending[1]);
        expect(error.message).to.not.include(SECRET);
        expect(bench.received).to.have.length(1);
      });
    }

    it('whose code is no name fit for a log', async () => {
      const bench = await startLegacyPreg(start);
      bench.misbehave = answering(500, faultXml('Sender', `d:${SECRET.replace(' ', 'æ')}`));
      expect((await rejectionOf(bench.ask())).message).to.equal('refused: the fault Sender/?');
    });

    it('with status 200, 400 or 503', async () => {
      const bench = await startLegacyPreg(start);
      for (const status of [200, 400, 503]) {
        bench.misbehave = answering(status, faultXml('Sender'));
        await expectEnding(bench, [PregRefused, /^the fault Sender$/]);
      }
    });
  });

  describe('is not who answers', () => {
    const answers: Readonly<
      Record<string, readonly [number, string, Readonly<Record<string, string>>, Ending]>
    > = {
      'a page of a proxy': [
        200,
        `<html>${SECRET}</html>`,
        HTML,
        unavailable(/^status 200 with text\/html in place of SOAP$/),
      ],
      'a page of a gateway': [502, `<html>${SECRET}</html>`, HTML, unavailable(/^status 502$/)],
      'a redirect': [
        302,
        '',
        { Location: 'http://127.0.0.1:9/' },
        unavailable(/^status 302, which is not followed$/),
      ],
      'a redirect for good': [308, '', { Location: 'http://127.0.0.1:9/' }, unavailable(/^status 308/)],
      'nothing at the address': [404, '', HTML, unavailable(/^status 404$/)],
      'an address that is gone': [410, '', {}, unavailable(/^status 410$/)],
      'too much to do': [429, '', {}, unavailable(/^status 429$/)],
      'a service that is down': [503, '', {}, unavailable(/^status 503$/)],
      'a refusal of HTTP': [401, '', HTML, rejected(/^not-let-in: status 401$/)],
      'a refusal of a firewall': [403, '<html/>', HTML, rejected(/^not-let-in: status 403$/)],
      'a refusal of the form': [415, '', {}, rejected(/^refused: status 415$/)],
      'an empty answer': [200, '', {}, unavailable(/^status 200 with nothing in place of SOAP$/)],
      'an answer to come': [202, '', SOAP, unavailable(/^the answer cannot be read/)],
      JSON: [
        200,
        `{"name":"${SECRET}"}`,
        { 'Content-Type': 'application/json' },
        unavailable(/application\/json/),
      ],
      'SOAP of a type with data in it': [
        200,
        '',
        { 'Content-Type': `x ${SECRET}` },
        unavailable(/in place of SOAP$/),
      ],
    };
    for (const [what, [status, body, headers, ending]] of Object.entries(answers)) {
      it(`but ${what}`, async () => {
        const bench = await startLegacyPreg(start);
        bench.misbehave = answering(status, body, headers);
        await expectEnding(bench, ending);
        expect(bench.received).to.have.length(1);
      });
    }
  });

  describe('answers what is no answer', () => {
    const soap = 'http://www.w3.org/2003/05/soap-envelope';
    const envelope = (content: string): string => `<e:Envelope xmlns:e="${soap}">${content}</e:Envelope>`;
    const spoilt: Readonly<Record<string, readonly [(answer: string) => string, Ending]>> = {
      'cut XML': [
        (answer) => answer.slice(0, answer.length / 2),
        unavailable(/^the answer cannot be read: XML not well-formed/),
      ],
      'a DOCTYPE': [
        (answer) => answer.replace('?>', `?><!DOCTYPE x SYSTEM "${SECRET}">`),
        unavailable(/document type/),
      ],
      'SOAP 1.1': [
        (answer) => answer.replace(soap, 'http://schemas.xmlsoap.org/soap/envelope/'),
        unavailable(/no envelope/),
      ],
      'no Body': [() => envelope(''), unavailable(/no envelope/)],
      'an empty Body': [() => envelope('<e:Body/>'), unavailable(/no envelope/)],
      'two things in the Body': [() => envelope('<e:Body><a/><b/></e:Body>'), unavailable(/no envelope/)],
      'something before the Header': [
        () => envelope('<x/><e:Header/><e:Body><a/></e:Body>'),
        unavailable(/no envelope/),
      ],
      'another question’s answer': [
        (answer) => answer.replace(/(<a:RelatesTo>)[^<]*/, '$1urn:uuid:other'),
        rejected(/^wrong-answer: it relates to another message$/),
      ],
      'an answer to nothing': [
        (answer) => answer.replace(/<a:RelatesTo>.*<\/a:RelatesTo>/, ''),
        rejected(/^wrong-answer: /),
      ],
      'another action': [
        (answer) => answer.replace('GetDemographicsResponse</a:Action>', 'FindCandidatesResponse</a:Action>'),
        rejected(/^wrong-answer: it has another action$/),
      ],
      'another body': [
        (answer) => answer.replaceAll(/(<\/?)GetDemographicsResponse/g, '$1FindCandidatesResponse'),
        rejected(/^wrong-answer: its body/),
      ],
      'a body of another namespace': [
        (answer) => answer.replace('http://tempuri.org/">', 'http://register.nhn.no/PR">'),
        rejected(/^wrong-answer: its body/),
      ],
    };
    for (const [what, [spoil, ending]] of Object.entries(spoilt)) {
      it(`but ${what}`, async () => {
        const bench = await startLegacyPreg(start);
        bench.rewrite = (answer) => {
          const other = spoil(answer);
          expect(other, 'spoilt').to.not.equal(answer);
          return other;
        };
        await expectEnding(bench, ending);
      });
    }

    it('but octets of another charset', async () => {
      const bench = await startLegacyPreg(start);
      bench.misbehave = answering(200, Buffer.from([0x3c, 0x61, 0xff, 0x3e]), SOAP);
      await expectEnding(bench, unavailable(/^the answer cannot be read/));
    });

    it('but more than may be read, packed or not', async () => {
      const bench = await startLegacyPreg(start);
      const huge = Buffer.alloc(9 * 1024 * 1024, ' ');
      bench.misbehave = answering(200, huge, SOAP);
      await expectEnding(bench, rejected(/^wrong-answer: larger than may be read$/));
      bench.misbehave = answering(200, gzipSync(huge), { ...SOAP, 'Content-Encoding': 'gzip' });
      await expectEnding(bench, rejected(/^wrong-answer: larger than may be read$/));
    });

    it('but what cannot be unpacked', async () => {
      const bench = await startLegacyPreg(start);
      bench.misbehave = answering(200, 'not packed', { ...SOAP, 'Content-Encoding': 'gzip' });
      await expectEnding(bench, unavailable(/^the (?:answer broke off|call failed)/));
    });
  });

  it('packs its answers', async () => {
    const bench = await startLegacyPreg(start);
    let packed = '';
    bench.misbehave = ({ text }, response) => {
      const id = /<a:MessageID[^>]*>([^<]*)/.exec(text)?.[1] ?? '';
      packed = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header><a:Action>http://tempuri.org/IPersonRegistry/GetDemographicsResponse</a:Action><a:RelatesTo>${id}</a:RelatesTo></s:Header><s:Body><GetDemographicsResponse xmlns="http://tempuri.org/"><v>packed</v></GetDemographicsResponse></s:Body></s:Envelope>`;
      response.writeHead(200, { ...SOAP, 'Content-Encoding': 'gzip' }).end(gzipSync(packed));
      return true;
    };
    const reply = await bench.ask();
    expect(valueIn(reply)).to.equal('packed');
    expect(reply.text).to.equal(
      '<GetDemographicsResponse xmlns="http://tempuri.org/"><v>packed</v></GetDemographicsResponse>',
    );
  });

  it('breaks off in the middle of an answer', async () => {
    const bench = await startLegacyPreg(start);
    for (const headers of [{ ...SOAP, 'Content-Length': '5000' }, SOAP]) {
      bench.misbehave = (_message, response) => {
        response.writeHead(200, headers);
        response.write('<s:Envelope', () => response.destroy());
        return true;
      };
      await expectEnding(bench, unavailable(/^the answer broke off: /));
    }
  });

  it('hangs up before it answers', async () => {
    const bench = await startLegacyPreg(start);
    bench.misbehave = (_message, response) => {
      response.destroy();
      return true;
    };
    await expectEnding(bench, unavailable(/^the call failed: ECONNRESET$/));
  });

  it('is not there', async () => {
    const bench = await startLegacyPreg(start, { settings: { hl7v3Url: 'http://127.0.0.1:9/P.svc' } });
    await expectEnding(bench, unavailable(/^the call failed: ECONNREFUSED$/));
  });

  it('speaks TLS with a certificate that nobody vouches for', async () => {
    const { serverCertificate } = await import('../../../support/server-certificate.js');
    const { certificatePem, privateKeyPem } = await serverCertificate();
    let asked = 0;
    const server = await start(
      () => {
        asked += 1;
      },
      { cert: certificatePem, key: privateKeyPem },
    );
    const bench = await startLegacyPreg(start, {
      settings: { hl7v3Url: `https://127.0.0.1:${server.port}/P.svc` },
    });
    await expectEnding(bench, unavailable(/^the call failed: .*(?:SELF_SIGNED|UNABLE_TO_VERIFY)/));
    expect(asked).to.equal(0);
  });

  it('does not answer in the time that a call may take', async () => {
    const bench = await startLegacyPreg(start, { settings: { callTimeoutSeconds: 7 } });
    const silent = new Promise<Socket>((resolve) => {
      bench.misbehave = (_message, _response, request) => {
        resolve(request.socket);
        return true;
      };
    });
    const error = rejectionOf(bench.ask());
    const socket = await silent;
    const closed = once(socket, 'close');
    await bench.clock.advance(7_000);
    expect(await error).to.be.instanceOf(PregUnavailable);
    expect((await error).message).to.equal('no answer came in the time that a call may take');
    await closed;
  });

  it('does not answer before the end of the caller’s time', async () => {
    const bench = await startLegacyPreg(start);
    const silent = new Promise<Socket>((resolve) => {
      bench.misbehave = (_message, _response, request) => {
        resolve(request.socket);
        return true;
      };
    });
    const deadline = new AbortController();
    const error = rejectionOf(bench.ask('', { caller: { signal: deadline.signal } }));
    const closed = once(await silent, 'close');
    deadline.abort();
    expect(await error).to.be.instanceOf(UpstreamTimeout);
    await closed;
    expect(bench.events.of.pregCalled.map(({ outcome }) => outcome)).to.deep.equal(['upstream-timeout']);
    const left = AbortSignal.abort(new CallerLeft('left'));
    expect(await rejectionOf(bench.ask('', { caller: { signal: left } }))).to.be.instanceOf(CallerLeft);
    expect(bench.received).to.have.length(1);
  });

  describe('closed a connection that was kept', () => {
    /** A bench whose next message goes over a connection that PREG resets as soon as something comes. */
    async function withGoneConnection(): Promise<LegacyPreg> {
      const bench = await startLegacyPreg(start);
      await bench.ask('first');
      expect(bench.server.open.size).to.equal(1);
      bench.misbehave = (_message, response, request) => {
        if (bench.received.length > 2) return false;
        request.socket.resetAndDestroy();
        response.destroy();
        return true;
      };
      return bench;
    }

    it('and a question that changes nothing is sent again', async () => {
      const bench = await withGoneConnection();
      expect(valueIn(await bench.ask('second'))).to.equal('second');
      expect(bench.received).to.have.length(3);
      expect(bench.server.connections()).to.equal(2);
      const ids = bench.received.map(({ text }) => /<a:MessageID[^>]*>([^<]*)/.exec(text)?.[1]);
      expect(new Set(ids).size).to.equal(3);
    });

    it('and one that changes something is not', async () => {
      const bench = await withGoneConnection();
      const error = await rejectionOf(bench.ask('second', { operation: 'AddPerson' }));
      expect(error).to.be.instanceOf(PregUnavailable);
      expect(bench.received).to.have.length(2);
    });
  });

  it('keeps connections', async () => {
    const bench = await startLegacyPreg(start);
    for (const value of ['a', 'b', 'c']) await bench.ask(value);
    expect(bench.server.connections()).to.equal(1);
    expect(bench.events.of.pregCalled.map(({ reusedConnection }) => reusedConnection)).to.deep.equal([
      false,
      true,
      true,
    ]);
  });

  describe('for long', () => {
    const failTimes = async (bench: LegacyPreg, times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) await rejectionOf(bench.ask());
    };

    it('is left alone for a while, then asked once, and asked as ever when it answers', async () => {
      const bench = await startLegacyPreg(start);
      bench.misbehave = answering(503, '', {});
      await failTimes(bench, 20);
      expect(bench.received).to.have.length(20);
      const error = await rejectionOf(bench.ask());
      expect(error).to.be.instanceOf(PregUnavailable);
      expect(error.message).to.match(/not asked for a while/);
      // The other service is asked all the same.
      expect((await rejectionOf(bench.ask('other', { service: 'preg-xml' }))).message).to.equal('status 503');
      expect(bench.received).to.have.length(21);
      await bench.clock.advance(10_000);
      bench.misbehave = () => false;
      expect(valueIn(await bench.ask('again'))).to.equal('again');
      expect(valueIn(await bench.ask('and again'))).to.equal('and again');
      expect(bench.events.of.pregBreakerChanged).to.deep.equal([
        { service: 'hl7v3', state: 'open', retryInSeconds: 10 },
        { service: 'hl7v3', state: 'half-open' },
        { service: 'hl7v3', state: 'closed' },
      ]);
      expect(bench.events.of.breakerChanged).to.deep.equal([]);
    });

    it('is left alone in the background for what fails there, and by nobody else', async () => {
      const bench = await startLegacyPreg(start);
      bench.misbehave = answering(503, '', {});
      const inBackground = { caller: { lane: 'shadow' } } as const;
      for (let time = 0; time < 20; time += 1)
        await rejectionOf(bench.ask('in the background', inBackground));
      expect(bench.received).to.have.length(20);
      await rejectionOf(bench.ask('in the background', inBackground));
      expect(bench.received, 'left alone').to.have.length(20);
      bench.misbehave = () => false;
      expect(valueIn(await bench.ask('answer'))).to.equal('answer');
      expect(bench.events.of.pregBreakerChanged).to.deep.equal([]);
    });

    it('is not left alone for refusing', async () => {
      const bench = await startLegacyPreg(start);
      bench.misbehave = answering(500, faultXml('Sender'));
      await failTimes(bench, 40);
      expect(bench.received).to.have.length(40);
      expect(bench.events.of.pregBreakerChanged).to.deep.equal([]);
    });

    it('refuses those who waited while it was given up, at once', async () => {
      const bench = await startLegacyPreg(start, { settings: { maxConcurrentCalls: 1 } });
      bench.misbehave = answering(503, '', {});
      await failTimes(bench, 19);
      // Those beyond a call that waits and its queue of sixteen are refused for that.
      const errors = await Promise.all(Array.from({ length: 17 }, () => rejectionOf(bench.ask())));
      expect(errors.every((error) => error instanceof PregUnavailable)).to.equal(true);
      expect(bench.received).to.have.length(20);
    });
  });

  it('has more waiting for it than makes sense', async () => {
    const bench = await startLegacyPreg(start, { settings: { maxConcurrentCalls: 1 } });
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    bench.working = () => gate;
    const asked = Array.from({ length: 18 }, (_, index) =>
      bench.ask(`person ${index}`).then(valueIn, (error: unknown) => error),
    );
    const refused = await Promise.race(asked);
    expect(refused).to.be.instanceOf(PregUnavailable);
    letGo();
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => typeof answer === 'string')).to.have.length(17);
  });

  it('has batches behind those who sit and wait', async () => {
    const bench = await startLegacyPreg(start, { settings: { maxConcurrentCalls: 4 } });
    let batches = 0;
    let most = 0;
    bench.working = async (body) => {
      const isBatch = body.children[0]?.text === 'batch';
      if (isBatch) most = Math.max(most, ++batches);
      await new Promise((resolve) => setImmediate(resolve));
      if (isBatch) batches -= 1;
    };
    await Promise.all([
      ...Array.from({ length: 8 }, () => bench.ask('batch', { caller: { lane: 'batch' } })),
      ...Array.from({ length: 8 }, () => bench.ask('somebody')),
    ]);
    expect(most).to.be.within(1, 2);
  });
});
