import { expect } from 'chai';
import fc from 'fast-check';
import { UpstreamUnavailable } from '../../../src/errors/errors.js';
import { CORRELATION_ID, ECHO_PATH, soapBench, textOf, type SoapBench } from '../../support/soap-bench.js';
import {
  ECHO_ACTION,
  MESSAGE_ID,
  asSoap11,
  echoBody,
  namespaces,
  security,
  soap11Headers,
  soap11Message,
  soapMessage,
  timestamp,
  usernameToken,
} from '../../support/soap-request.js';

const declaration = '<?xml version="1.0" encoding="utf-8"?>';
const envelope = `${declaration}<s:Envelope xmlns:s="${namespaces.soap11}" xmlns:u="${namespaces.utility}">`;
const addressedEnvelope = `${declaration}<s:Envelope xmlns:s="${namespaces.soap11}" xmlns:a="${namespaces.addressing}" xmlns:u="${namespaces.utility}">`;
const secured = `<o:Security s:mustUnderstand="1" xmlns:o="${namespaces.security}"><u:Timestamp u:Id="_0"><u:Created>2025-01-15T10:30:00.000Z</u:Created><u:Expires>2025-01-15T10:35:00.000Z</u:Expires></u:Timestamp></o:Security>`;
const echoed =
  '<s:Body><EchoResponse xmlns="urn:example:echo"><value>hello</value></EchoResponse></s:Body></s:Envelope>';

async function ask(
  message = soap11Message(),
  headers: Record<string, string> = {},
  bench: SoapBench = soapBench(),
): Promise<{ readonly status: number; readonly type: string | undefined; readonly text: string }> {
  const answer = await bench.post(message, { ...soap11Headers, ...headers });
  return { status: answer.status, type: answer.headers['Content-Type'], text: textOf(answer) };
}

function faultcode(text: string): string {
  return /<faultcode[^>]*>([^<]*)<\/faultcode>/.exec(text)?.[1] ?? 'no fault';
}

describe('a SOAP 1.1 request', () => {
  it('without addressing headers is answered without them, byte for byte', async () => {
    expect(await ask()).to.deep.equal({
      status: 200,
      type: 'text/xml; charset=utf-8',
      text: `${envelope}<s:Header>${secured}</s:Header>${echoed}`,
    });
  });

  it('with addressing headers is answered with them', async () => {
    const { status, text } = await ask(asSoap11(soapMessage()));
    expect(status).to.equal(200);
    expect(text).to.equal(
      `${addressedEnvelope}<s:Header><a:Action s:mustUnderstand="1">${ECHO_ACTION}Response</a:Action><a:RelatesTo>${MESSAGE_ID}</a:RelatesTo>${secured}</s:Header>${echoed}`,
    );
  });

  it('has its length told as it will be on the wire', async () => {
    let told = 0;
    const bench = soapBench({
      handle: (_body, call) => {
        const body = { name: 'b', content: ['ø'] };
        told = call.replyLength(body);
        return Promise.resolve({ body, outcome: 'found' });
      },
    });
    const answer = await bench.post(soap11Message(), soap11Headers);
    expect(told).to.equal(Buffer.byteLength(answer.body));
  });

  it('is answered in its own character set', async () => {
    const message = soap11Message({
      body: echoBody('Ærlend'),
      declaration: '<?xml version="1.0" encoding="iso-8859-1"?>',
    });
    const answer = await soapBench().post(Buffer.from(message, 'latin1'), {
      ...soap11Headers,
      'content-type': 'text/xml; charset=iso-8859-1',
    });
    expect(answer.headers['Content-Type']).to.equal('text/xml; charset=iso-8859-1');
    expect(Buffer.from(answer.body).toString('latin1')).to.contain('<value>Ærlend</value>');
  });

  it('is audited as the operation that it names', async () => {
    const bench = soapBench();
    await ask(undefined, undefined, bench);
    expect(bench.audited[0]).to.include({ operation: 'Echo', outcome: 'found', clientId: 'epj-1' });
  });

  it('gets the body that a SOAP 1.2 request gets', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.boolean(),
        async (value, addressed) => {
          const body = echoBody(
            value.replace(/[&<>\r]|[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '·'),
          );
          const bodyOf = (text: string): string => text.slice(text.indexOf('<s:Body>'));
          const message = soapMessage({ body });
          const twelve = textOf(await soapBench().post(message));
          const eleven = await ask(addressed ? asSoap11(message) : soap11Message({ body }));
          expect(eleven.status).to.equal(200);
          expect(bodyOf(eleven.text)).to.equal(bodyOf(twelve));
        },
      ),
    );
  });
});

describe('SOAPAction', () => {
  for (const [action, note] of [
    [`"${ECHO_ACTION}"`, 'in quotes'],
    [ECHO_ACTION, 'bare'],
    [` "${ECHO_ACTION}" `, 'with white space around'],
  ] as const) {
    it(`names the operation ${note}`, async () => {
      expect((await ask(undefined, { soapaction: action })).status).to.equal(200);
    });
  }

  for (const [action, note] of [
    ['', 'empty'],
    ['""', 'empty in quotes'],
    ['  ', 'blank'],
    ['"urn:other"', 'of no operation'],
    [ECHO_ACTION.toUpperCase(), 'in another case'],
    [`"${ECHO_ACTION}`, 'with one quote'],
    [`'${ECHO_ACTION}'`, 'with other quotes'],
    [`"${ECHO_ACTION}", "urn:other"`, 'twice'],
    [`" ${ECHO_ACTION}"`, 'with white space inside the quotes'],
    [`${ECHO_ACTION}\u00c3\u00b8`, 'with letters of another alphabet'],
  ] as const) {
    it(`that is ${note} is ActionNotSupported, and nothing is done`, async () => {
      const bench = soapBench();
      const { status, text } = await ask(undefined, { soapaction: action }, bench);
      expect(status).to.equal(500);
      expect(text).to.equal(
        `${envelope}<s:Header>${secured}</s:Header><s:Body><s:Fault><faultcode xmlns:a="${namespaces.addressing}">a:ActionNotSupported</faultcode><faultstring xml:lang="en-US">The action of the message is not one of the service at this address. Correlation id: ${CORRELATION_ID}.</faultstring></s:Fault></s:Body></s:Envelope>`,
      );
      expect(bench.calls).to.deep.equal([]);
    });
  }

  it('that is missing is ActionNotSupported', async () => {
    const answer = await soapBench().post(soap11Message(), { 'content-type': 'text/xml' });
    expect(faultcode(textOf(answer))).to.equal('a:ActionNotSupported');
  });

  it('has to name what the body holds', async () => {
    const bench = soapBench();
    const { text } = await ask(soap11Message({ body: '<Delete xmlns="urn:example:echo"/>' }), {}, bench);
    expect(faultcode(text)).to.equal('d:DeserializationFailed');
    expect(bench.calls).to.deep.equal([]);
  });

  it('has to agree with the Action of WS-Addressing, unless it is empty', async () => {
    const message = asSoap11(soapMessage());
    for (const agreeing of [`"${ECHO_ACTION}"`, ECHO_ACTION, '""', '']) {
      expect((await ask(message, { soapaction: agreeing })).status, agreeing).to.equal(200);
    }
    const bench = soapBench();
    const { status, text } = await ask(message, { soapaction: '"urn:other"' }, bench);
    expect(status).to.equal(500);
    expect(faultcode(text)).to.equal('a:InvalidAddressingHeader');
    expect(text)
      .to.contain(`<a:RelatesTo>${MESSAGE_ID}</a:RelatesTo>`)
      .and.to.contain(
        '<a:FaultDetail><a:ProblemHeaderQName>a:Action</a:ProblemHeaderQName></a:FaultDetail></s:Header>',
      );
    expect(bench.calls).to.deep.equal([]);
  });

  it('does not make up for addressing headers that are half there', async () => {
    for (const [parts, code] of [
      [{ to: '<a:To>urn:x</a:To>' }, 'a:MessageAddressingHeaderRequired'],
      [{ messageId: '<a:MessageID>urn:x</a:MessageID>' }, 'a:MessageAddressingHeaderRequired'],
      [{ action: `<a:Action>${ECHO_ACTION}</a:Action>` }, 'a:MessageAddressingHeaderRequired'],
      [
        {
          action: `<a:Action>${ECHO_ACTION}</a:Action>`,
          messageId: '<a:MessageID>urn:x</a:MessageID>',
          replyTo: '<a:ReplyTo><a:Address>https://elsewhere.example.invalid/</a:Address></a:ReplyTo>',
        },
        'a:InvalidAddressingHeader',
      ],
    ] as const) {
      expect(faultcode((await ask(soap11Message(parts))).text), JSON.stringify(parts)).to.equal(code);
    }
  });
});

describe('a SOAP 1.1 envelope', () => {
  const header = (attributes: string): string => `<x:h xmlns:x="urn:x" ${attributes}/>`;

  for (const [attributes, note] of [
    ['s:mustUnderstand="1"', 'for nobody in particular'],
    ['s:mustUnderstand="true"', 'in words'],
    ['s:mustUnderstand="1" s:actor=""', 'for an empty actor'],
    ['s:mustUnderstand="1" s:actor="http://schemas.xmlsoap.org/soap/actor/next"', 'for whoever comes next'],
  ] as const) {
    it(`with a strange header to be understood ${note} is MustUnderstand`, async () => {
      const { text } = await ask(soap11Message({ moreHeaders: header(attributes) }));
      expect(faultcode(text)).to.equal('s:MustUnderstand');
    });
  }

  for (const [attributes, note] of [
    ['', 'that need not be understood'],
    ['s:mustUnderstand="0"', 'that says so'],
    ['s:mustUnderstand="1" s:actor="urn:somebody-else"', 'for somebody else'],
  ] as const) {
    it(`with a strange header ${note} is answered`, async () => {
      expect((await ask(soap11Message({ moreHeaders: header(attributes) }))).status).to.equal(200);
    });
  }

  it('with the role of SOAP 1.2 in place of an actor says nothing of whom a header is for', async () => {
    const role = `xmlns:n="${namespaces.soap}" n:role="urn:somebody-else" s:mustUnderstand="1"`;
    expect(faultcode((await ask(soap11Message({ moreHeaders: header(role) }))).text)).to.equal(
      's:MustUnderstand',
    );
  });

  it('with anything beside one Header and one Body is refused', async () => {
    const open = `<s:Envelope xmlns:s="${namespaces.soap11}">`;
    const body = `<s:Body>${echoBody('x')}</s:Body>`;
    for (const content of [
      '',
      '<s:Header/>',
      body + body,
      `${body}<x xmlns="urn:x"/>`,
      `${body}<s:Header/>`,
    ]) {
      expect(faultcode((await ask(`${open}${content}</s:Envelope>`)).text), content).to.equal(
        'd:DeserializationFailed',
      );
    }
  });

  it('with parts of SOAP 1.2 is refused', async () => {
    const mixed = soap11Message()
      .replace(/<(\/?)s:Body>/g, '<$1n:Body>')
      .replace('<s:Envelope', `<s:Envelope xmlns:n="${namespaces.soap}"`);
    expect(faultcode((await ask(mixed)).text)).to.equal('d:DeserializationFailed');
  });
});

describe('a SOAP 1.1 fault', () => {
  const unsecured = (code: string, text: string): string =>
    `${envelope}<s:Body><s:Fault><faultcode xmlns:w="${namespaces.security}">w:${code}</faultcode><faultstring xml:lang="en-US">${text}</faultstring></s:Fault></s:Body></s:Envelope>`;

  it('about credentials is unsecured and has no header', async () => {
    const wrong = usernameToken.replace('>secret<', '>wrong<');
    expect(await ask(soap11Message({ security: security(timestamp + wrong) }))).to.deep.equal({
      status: 500,
      type: 'text/xml; charset=utf-8',
      text: unsecured(
        'FailedAuthentication',
        'At least one security token in the message could not be validated.',
      ),
    });
  });

  it('about the security header is unsecured and has no header', async () => {
    for (const broken of ['', security(usernameToken), security(timestamp)]) {
      const { text } = await ask(soap11Message({ security: broken }));
      expect(text).to.equal(
        unsecured('InvalidSecurity', 'An error occurred when verifying security for the message.'),
      );
    }
  });

  it('about credentials has addressing headers when the request had them', async () => {
    const { text } = await ask(asSoap11(soapMessage({ security: '' })));
    expect(text).to.contain(
      `${addressedEnvelope}<s:Header><a:Action s:mustUnderstand="1">http://www.w3.org/2005/08/addressing/soap/fault</a:Action><a:RelatesTo>${MESSAGE_ID}</a:RelatesTo></s:Header>`,
    );
  });

  it('about trouble upstream is secured', async () => {
    const bench = soapBench({ handle: () => Promise.reject(new UpstreamUnavailable('down')) });
    const { status, text } = await ask(undefined, undefined, bench);
    expect(status).to.equal(500);
    expect(text).to.equal(
      `${envelope}<s:Header>${secured}</s:Header><s:Body><s:Fault><faultcode xmlns:d="http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher">d:InternalServiceFault</faultcode><faultstring xml:lang="en-US">The person register cannot be reached at present. Correlation id: ${CORRELATION_ID}.</faultstring></s:Fault></s:Body></s:Envelope>`,
    );
  });

  it('without a subcode has the code of SOAP 1.1', async () => {
    const bench = soapBench({ protocols: new Set(['preg-xml'] as const) });
    expect(faultcode((await ask(undefined, undefined, bench)).text)).to.equal('s:Client');
  });

  it('answers what cannot be read', async () => {
    for (const [message, code] of [
      ['', 'd:DeserializationFailed'],
      ['<a', 'd:DeserializationFailed'],
      ['<!DOCTYPE a><a/>', 'd:DeserializationFailed'],
      [soapMessage(), 's:VersionMismatch'],
      ['<s:Envelope xmlns:s="urn:x"/>', 's:VersionMismatch'],
    ] as const) {
      const { status, type, text } = await ask(message);
      expect([status, type], message).to.deep.equal([500, 'text/xml; charset=utf-8']);
      expect(faultcode(text), message).to.equal(code);
      expect(text).to.contain(secured);
    }
  });

  it('answers two character sets in Content-Type', async () => {
    const { type, text } = await ask(undefined, {
      'content-type': 'text/xml; charset=utf-8; charset=latin1',
    });
    expect(type).to.equal('text/xml; charset=utf-8');
    expect(faultcode(text)).to.equal('d:DeserializationFailed');
  });
});

describe('a media type that is not one of SOAP', () => {
  it('is told which ones are', async () => {
    const answer = await soapBench().request({
      method: 'POST',
      path: ECHO_PATH,
      headers: { 'content-type': 'application/xml' },
    });
    expect(answer).to.deep.equal({
      status: 415,
      headers: { 'Accept-Post': 'application/soap+xml, text/xml' },
      body: '',
    });
  });
});
