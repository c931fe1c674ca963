import { expect } from 'chai';
import {
  AuditUnavailable,
  Overloaded,
  UpstreamUnavailable,
  type AdapterError,
} from '../../../src/errors/errors.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import {
  CORRELATION_ID,
  ECHO_PATH,
  faultOf,
  isCleanFault,
  soapBench,
  textOf,
} from '../../support/soap-bench.js';
import {
  ECHO_ACTION,
  MESSAGE_ID,
  echoBody,
  security,
  soap11Headers,
  soap11Message,
  soapMessage,
  timestamp,
  usernameToken,
} from '../../support/soap-request.js';

/** What keeps a browser from taking an answer for more than it is. */
const forBrowsers = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
};

describe('a SOAP endpoint asked by GET', () => {
  it('greets a browser with one line', async () => {
    const bench = soapBench();
    const answer = await bench.request({});
    expect(answer).to.deep.equal({
      status: 200,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', ...forBrowsers },
      body: 'Echo is here.\n',
    });
    expect(bench.audited).to.deep.equal([]);
  });

  for (const [query, body] of [
    ['wsdl', '<wsdl at="https://preg.example.invalid/Echo/Echo.svc"/>'],
    ['WSDL', '<wsdl at="https://preg.example.invalid/Echo/Echo.svc"/>'],
    ['singleWsdl', '<single at="https://preg.example.invalid/Echo/Echo.svc"/>'],
    ['xsd=xsd0', '<schema/>'],
    ['XSD=XSD0', '<schema/>'],
  ] as const) {
    it(`serves ?${query}`, async () => {
      const answer = await soapBench().request({ query, path: ECHO_PATH.toUpperCase() });
      expect(answer.status).to.equal(200);
      expect(answer.headers).to.deep.equal({ 'Content-Type': 'text/xml; charset=utf-8', ...forBrowsers });
      expect(answer.body).to.equal(body);
    });
  }

  it('names the public address in the metadata where one is set', async () => {
    const bench = soapBench({ settings: { publicBaseUrl: 'https://preg.sykehus.example:8443/' } });
    const answer = await bench.request({ query: 'wsdl', headers: {} });
    expect(answer.body).to.equal('<wsdl at="https://preg.sykehus.example:8443/Echo/Echo.svc"/>');
  });

  for (const host of ['', 'a b', 'a"/><x', 'a/b', 'user@host', 'a:port', '-a', 'a'.repeat(300)]) {
    it(`refuses metadata for the Host '${host.slice(0, 20)}'`, async () => {
      const answer = await soapBench().request({ query: 'wsdl', headers: { host } });
      expect(answer.status).to.equal(400);
    });
  }

  it('refuses metadata when there is no Host', async () => {
    expect((await soapBench().request({ query: 'wsdl', headers: {} })).status).to.equal(400);
  });

  for (const host of ['localhost:8443', '127.0.0.1', '[::1]:8443', 'preg_test.example']) {
    it(`takes the Host ${host}`, async () => {
      const answer = await soapBench().request({ query: 'wsdl', headers: { host } });
      expect(answer.body).to.equal(`<wsdl at="https://${host}/Echo/Echo.svc"/>`);
    });
  }

  it('knows only its own schemas', async () => {
    for (const query of ['xsd=xsd9', 'xsd=', 'xsd=__proto__']) {
      expect((await soapBench().request({ query })).status, query).to.equal(404);
    }
  });

  it('answers HEAD like GET, for the listener to tell the length of', async () => {
    const bench = soapBench();
    for (const query of ['', 'wsdl', 'xsd=nothing']) {
      const answer = await bench.request({ method: 'HEAD', query });
      expect(answer).to.deep.equal(await bench.request({ query }));
    }
  });

  it('allows no other methods', async () => {
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'post']) {
      const answer = await soapBench().request({ method });
      expect(answer, method).to.deep.equal({ status: 405, headers: { Allow: 'GET, HEAD, POST' }, body: '' });
    }
  });

  it('answers 404 for a path that is not its own', async () => {
    expect((await soapBench().request({ path: '/elsewhere' })).status).to.equal(404);
  });
});

describe('a SOAP endpoint asked by POST', () => {
  it('puts on record what did not come straight from the register, of several the staler', async () => {
    for (const [told, recorded] of [
      [[], null],
      [['cache'], 'cache'],
      [['stale-cache'], 'stale-cache'],
      [['cache', 'stale-cache', 'cache'], 'stale-cache'],
    ] as const) {
      const bench = soapBench({
        handle: (_body, { caller }) => {
          for (const source of told) caller.onKept?.(source);
          return Promise.resolve({ body: { name: 'Kept' }, outcome: 'found' });
        },
      });
      await bench.post(soapMessage());
      expect(bench.audited.map(({ keptSource }) => keptSource)).to.deep.equal([recorded]);
    }
  });

  it('does not say of trouble that it came from memory', async () => {
    const bench = soapBench({
      handle: (_body, { caller }) => {
        caller.onKept?.('cache');
        return Promise.reject(new UpstreamUnavailable('down'));
      },
    });
    await bench.post(soapMessage());
    expect(bench.audited.map(({ keptSource }) => keptSource)).to.deep.equal([null]);
  });

  it('answers, puts it on record, and tells about it', async () => {
    const bench = soapBench();
    const answer = await bench.post(soapMessage());
    expect(answer.status).to.equal(200);
    expect(answer.headers).to.deep.equal({ 'Content-Type': 'application/soap+xml; charset=utf-8' });
    expect(textOf(answer)).to.contain(`<a:Action s:mustUnderstand="1">${ECHO_ACTION}Response</a:Action>`);
    expect(textOf(answer)).to.contain(`<a:RelatesTo>${MESSAGE_ID}</a:RelatesTo>`);
    expect(textOf(answer)).to.contain('<value>hello</value>');
    expect(bench.audited).to.deep.equal([
      {
        at: bench.clock.now(),
        correlationId: CORRELATION_ID,
        clientId: 'epj-1',
        protocol: 'hl7v3',
        operation: 'Echo',
        subject: null,
        outcome: 'found',
        keptSource: null,
        detail: { remoteAddress: '192.0.2.7', requester: undefined, answeredBy: undefined },
      },
    ]);
    expect(bench.answered).to.have.length(1);
    expect(bench.answered[0]).to.include({
      outcome: 'found',
      httpStatus: 200,
      clientId: 'epj-1',
      operation: 'Echo',
    });
    expect(bench.tried).to.deep.equal([{ username: 'epj', password: 'secret', remoteAddress: '192.0.2.7' }]);
  });

  it('tells the operation who asks and under which id', async () => {
    const bench = soapBench();
    await bench.post(soapMessage());
    const call = bench.calls[0]?.call;
    expect(call?.client.id).to.equal('epj-1');
    expect(call?.caller).to.include({ clientId: 'epj-1', access: 'full', correlationId: CORRELATION_ID });
    expect(call?.caller.signal.aborted).to.equal(false);
    expect(call?.receivedAt).to.deep.equal(bench.clock.now());
  });

  it('puts on record who was asked for and by whom, also when it fails afterwards', async () => {
    const number = syntheticNumber();
    const other = syntheticNumber(1);
    const bench = soapBench({
      handle: (_body, call) => {
        call.describe([number, other], { requester: '1.2.3^4' });
        return Promise.reject(new UpstreamUnavailable('down'));
      },
    });
    const answer = await bench.post(soapMessage());
    expect(faultOf(answer).code).to.equal('d:InternalServiceFault');
    expect(textOf(answer)).to.not.contain(number);
    expect(bench.audited.map(({ subject }) => subject)).to.deep.equal([number, other]);
    for (const { outcome, detail } of bench.audited) {
      expect([outcome, detail.requester]).to.deep.equal(['upstream-unavailable', '1.2.3^4']);
    }
  });

  it('puts refused requests on record as well, with what was known of them', async () => {
    for (const [body, headers, outcome, clientId, operation] of [
      ['<a', {}, 'malformed-request', null, null],
      ['<!DOCTYPE a><a/>', {}, 'xml-dtd', null, null],
      [soapMessage(), { 'content-type': 'text/plain' }, 'malformed-request', null, null],
      [soapMessage(), { 'content-type': 'text/xml' }, 'version-mismatch', null, null],
      [soapMessage({ security: '' }), {}, 'invalid-security', null, null],
      [soapMessage({ messageId: '' }), {}, 'invalid-addressing', 'epj-1', null],
      [soapMessage({ body: '<x/>' }), {}, 'malformed-request', 'epj-1', null],
    ] as const) {
      const bench = soapBench();
      await bench.post(body, headers);
      expect(bench.audited).to.have.length(1);
      expect(bench.audited[0]).to.include({ outcome, clientId, operation });
      expect(bench.answered[0]).to.include({ outcome, clientId, operation });
      expect(bench.answered[0]?.error?.code).to.equal(outcome);
    }
  });

  for (const thrown of [new AuditUnavailable('disk full'), new Error('secret')]) {
    it(`withholds the answer when the audit trail throws ${thrown.name}`, async () => {
      const bench = soapBench({
        record: () => {
          throw thrown;
        },
      });
      const answer = await bench.post(soapMessage());
      expect(isCleanFault(answer)).to.equal(true);
      expect(faultOf(answer).reason).to.match(/^The answer was withheld/);
      expect(textOf(answer)).to.not.contain('hello');
      expect(bench.answered[0]).to.include({
        outcome: 'audit-unavailable',
        httpStatus: 500,
        operation: 'Echo',
      });
      const refused = await bench.post(soapMessage(), { 'content-type': 'text/plain' });
      expect(faultOf(refused).reason).to.match(/^The answer was withheld/);
    });
  }

  it('gives a known error its own fault and relates it to the request', async () => {
    const failing = (error: unknown): Parameters<typeof soapBench>[0] => ({
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      handle: () => Promise.reject(error),
    });
    const known = await soapBench(failing(new UpstreamUnavailable('x'))).post(soapMessage());
    expect(faultOf(known)).to.deep.equal({
      code: 'd:InternalServiceFault',
      reason: `The person register cannot be reached at present. Correlation id: ${CORRELATION_ID}.`,
    });
    expect(textOf(known)).to.contain(`<a:RelatesTo>${MESSAGE_ID}</a:RelatesTo>`);
    for (const unforeseen of [new Error('secret'), 'secret', undefined, null]) {
      const bench = soapBench(failing(unforeseen));
      const answer = await bench.post(soapMessage());
      expect(isCleanFault(answer)).to.equal(true);
      expect(faultOf(answer).reason).to.equal(
        `The server was unable to process the request due to an internal error. Correlation id: ${CORRELATION_ID}.`,
      );
      expect(bench.audited[0]?.outcome).to.equal('internal');
    }
  });

  it('makes an overload a fault with status 503 that says when to try again, on record', async () => {
    const bench = soapBench({ handle: () => Promise.reject(new Overloaded('x')) });
    const answer = await bench.post(soapMessage());
    expect(answer.status).to.equal(503);
    expect(answer.headers).to.include({ 'Retry-After': '1' });
    expect(textOf(answer)).to.contain('There is too much to do at present.');
    expect(textOf(answer)).to.contain(MESSAGE_ID);
    expect(bench.audited[0]?.outcome).to.equal('overloaded');
  });

  for (const [name, message, headers, code] of [
    ['SOAP 1.2', soapMessage(), {}, 's:Receiver'],
    ['SOAP 1.1', soap11Message(), soap11Headers, 's:Server'],
  ] as const) {
    it(`refuses who asks more often than it may by a fault of ${name} that says so, on record`, async () => {
      const bench = soapBench({ rate: { perSecond: 1, burst: 2 } });
      for (const status of [200, 200, 500])
        expect((await bench.post(message, headers)).status).to.equal(status);
      const answer = await bench.post(message, headers);
      expect(textOf(answer)).to.contain('The client asks more often than it may. Try again in a moment.');
      expect(textOf(answer)).to.contain(code);
      expect(bench.calls).to.have.length(2);
      expect(bench.audited[3]).to.include({ outcome: 'rate-limited', clientId: 'epj-1', operation: 'Echo' });
      bench.clock.move(1_000);
      expect((await bench.post(message, headers)).status).to.equal(200);
    });
  }

  it('makes an answer that cannot be written an internal fault', async () => {
    const bench = soapBench({
      handle: () => Promise.resolve({ body: { name: 'not a name' }, outcome: 'found' }),
    });
    const answer = await bench.post(soapMessage());
    expect(faultOf(answer).code).to.equal('d:InternalServiceFault');
    expect(bench.audited[0]?.outcome).to.equal('internal');
  });

  it('lets a client in to the protocols it has and no others', async () => {
    const bench = soapBench({ protocols: new Set(['preg-xml'] as const) });
    const answer = await bench.post(soapMessage());
    expect(faultOf(answer)).to.deep.equal({
      code: 's:Sender',
      reason: `The client may not use this service. Correlation id: ${CORRELATION_ID}.`,
    });
    expect(bench.audited[0]).to.include({ outcome: 'not-authorised', clientId: 'epj-1' });
    expect(bench.calls).to.deep.equal([]);
  });

  it('tells a stranger nothing about headers, actions and bodies', async () => {
    const wrong = security(timestamp);
    for (const parts of [
      { moreHeaders: '<x:h xmlns:x="urn:x" s:mustUnderstand="1"/>' },
      { messageId: '' },
      { action: '<a:Action>urn:other</a:Action>' },
      { body: '<x/>' },
    ]) {
      const answer = await soapBench().post(soapMessage({ ...parts, security: wrong }));
      expect(faultOf(answer).code).to.equal('w:InvalidSecurity');
    }
  });

  describe('with a deadline', () => {
    it('answers at the deadline, also when the operation takes no notice', async () => {
      const bench = soapBench({ handle: () => new Promise(() => undefined) });
      const pending = bench.post(soapMessage());
      await bench.clock.advance(29_999);
      expect(bench.audited).to.deep.equal([]);
      await bench.clock.advance(1);
      const answer = await pending;
      expect(faultOf(answer).reason).to.match(/^The person register did not answer in time/);
      expect(bench.audited[0]).to.include({ outcome: 'upstream-timeout', operation: 'Echo' });
      expect(bench.answered[0]?.milliseconds).to.equal(30_000);
      expect(bench.calls[0]?.call.caller.signal.aborted).to.equal(true);
    });

    it('calls it a timeout whatever the operation makes of the abort', async () => {
      const bench = soapBench({
        handle: (_body, { caller }) =>
          new Promise((_resolve, reject) => {
            caller.signal.addEventListener('abort', () => {
              reject(new UpstreamUnavailable('aborted'));
            });
          }),
      });
      const pending = bench.post(soapMessage());
      await bench.clock.advance(30_000);
      await pending;
      expect(bench.audited[0]?.outcome).to.equal('upstream-timeout');
    });

    it('does nothing more for a request whose answer has left', async () => {
      let letIn: (() => void) | undefined;
      const gate = new Promise<void>((resolve) => {
        letIn = resolve;
      });
      const inner = soapBench();
      const bench = soapBench({
        authenticate: async () => {
          await gate;
          await inner.post(soapMessage());
          const client = inner.calls[0]?.call.client;
          if (client === undefined) throw new Error('no client');
          return client;
        },
      });
      const pending = bench.post(soapMessage());
      await bench.clock.advance(30_000);
      expect((await pending).status).to.equal(500);
      letIn?.();
      await bench.clock.advance(1_000);
      expect(inner.calls).to.have.length(1);
      expect(bench.calls).to.deep.equal([]);
      expect(bench.audited[0]?.clientId).to.equal(null);
    });

    it('gives up when the caller has left, and puts that on record', async () => {
      for (const early of [true, false]) {
        const bench = soapBench({ handle: () => new Promise(() => undefined) });
        const peer = new AbortController();
        if (early) peer.abort();
        const pending = bench.post(soapMessage(), {}, peer.signal);
        await bench.clock.advance(1);
        peer.abort();
        await pending;
        expect(bench.audited).to.have.length(1);
        expect(bench.audited[0]?.outcome).to.equal('caller-left');
        expect(bench.clock.sleeping).to.equal(0);
      }
    });

    it('leaves no timer behind', async () => {
      const bench = soapBench();
      await bench.post(soapMessage());
      expect(bench.clock.sleeping).to.equal(0);
    });
  });

  it('tells how far the clock of the caller is ahead, whether the message is taken or not', async () => {
    const bench = soapBench();
    const now = bench.clock.now().getTime();
    for (const minutes of [2, 20]) {
      const created = new Date(now + minutes * 60_000).toISOString();
      const stamp = `<u:Timestamp><u:Created>${created}</u:Created></u:Timestamp>`;
      await bench.post(soapMessage({ security: security(stamp + usernameToken) }));
    }
    expect(bench.answered.map(({ clockSkewSeconds }) => clockSkewSeconds)).to.deep.equal([120, 1_200]);
  });

  it('says back in a fault nothing but the message id', async () => {
    const mark = 'ZQZQZ';
    const errorsSeen = new Set<AdapterError['code'] | undefined>();
    for (const parts of [
      { moreHeaders: `<${mark}:${mark} xmlns:${mark}="urn:${mark}" s:mustUnderstand="1"/>` },
      { action: `<a:Action>urn:${mark}</a:Action>` },
      { replyTo: `<a:ReplyTo><a:Address>http://${mark}</a:Address></a:ReplyTo>` },
      { body: `<${mark}/>` },
      { body: echoBody(`&${mark};`) },
      { security: security(`<${mark}/>`) },
      { declaration: `<?xml version="1.0" encoding="${mark}"?>` },
    ]) {
      const bench = soapBench();
      const answer = await bench.post(soapMessage(parts));
      expect(isCleanFault(answer)).to.equal(true);
      expect(textOf(answer)).to.not.match(/ZQZQZ/i);
      errorsSeen.add(bench.answered[0]?.error?.code);
    }
    expect(errorsSeen.size).to.equal(6);
  });
});
