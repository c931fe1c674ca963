import { expect } from 'chai';
import { MustUnderstand } from '../../src/errors/errors.js';
import { faultOf, isCleanFault, soapBench, stillAnswers, textOf } from '../support/soap-bench.js';
import {
  ECHO_ACTION,
  echoBody,
  envelope,
  namespaces,
  security,
  soapMessage,
  timestamp,
  usernameToken,
} from '../support/soap-request.js';

const message = soapMessage();
const header = message.slice(message.indexOf('<s:Header>'), message.indexOf('<s:Body>'));
const body = message.slice(message.indexOf('<s:Body>'), message.indexOf('</s:Envelope>'));
const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';

describe('Quality 11: the structure of the envelope', () => {
  for (const [what, content] of [
    ['two Bodies', header + body + body],
    ['a second Body in another namespace', `${header}${body}<x:Body xmlns:x="urn:x"/>`],
    ['a second Body in the namespace of SOAP 1.1', `${header}<x:Body xmlns:x="${soap11}"/>${body}`],
    ['a Body in another namespace alone', `${header}<Body xmlns="urn:x"/>`],
    ['Body not last', `${header}${body}<x/>`],
    ['Header after Body', body + header],
    ['two Headers', header + header + body],
    ['a Header in another namespace', `<Header xmlns="urn:x"/>${body}`],
    ['something between Header and Body', `${header}<x/>${body}`],
    ['no Body', header],
    ['nothing', ''],
    ['text beside the parts', `${header}x${body}`],
    ['text in the Header', header.replace('</s:Header>', 'x</s:Header>') + body],
    [
      'mustUnderstand that is no truth value',
      header.replace('mustUnderstand="1"', 'mustUnderstand="yes"') + body,
    ],
  ] as const) {
    it(`is refused: ${what}`, async () => {
      const bench = soapBench();
      const answer = await bench.post(envelope(content));
      expect(isCleanFault(answer)).to.equal(true);
      expect(faultOf(answer).code).to.equal('d:DeserializationFailed');
      expect(bench.tried).to.deep.equal([]);
    });
  }

  for (const [what, parts] of [
    ['a second Security of the same kind', { moreHeaders: security(timestamp + usernameToken) }],
    ['a second Security in another namespace', { moreHeaders: '<x:Security xmlns:x="urn:x"/>' }],
    [
      'a second Security for another role',
      { moreHeaders: security('').replace('<o:Security', '<o:Security s:role="urn:other"') },
    ],
    ['the only Security in another namespace', { security: '<Security xmlns="urn:x"/>' }],
    [
      'the only Security for another role',
      {
        security: security(timestamp + usernameToken).replace(
          '<o:Security',
          '<o:Security s:role="urn:other"',
        ),
      },
    ],
  ] as const) {
    it(`is refused: ${what}`, async () => {
      const bench = soapBench();
      expect(faultOf(await bench.post(soapMessage(parts))).code).to.equal('w:InvalidSecurity');
      expect(bench.tried).to.deep.equal([]);
    });
  }

  for (const [what, content] of [
    ['empty', ''],
    ['two elements', echoBody('1') + echoBody('2')],
    ['text beside the element', `${echoBody('1')}x`],
    ['an element of another name', '<Other xmlns="urn:example:echo"/>'],
    ['an element in another namespace', '<Echo xmlns="urn:x"/>'],
  ] as const) {
    it(`is refused after the caller is known: a Body that holds ${what}`, async () => {
      const bench = soapBench();
      expect(faultOf(await bench.post(soapMessage({ body: content }))).code).to.equal(
        'd:DeserializationFailed',
      );
      expect(bench.audited[0]?.clientId).to.equal('epj-1');
      expect(bench.calls).to.deep.equal([]);
    });
  }

  it('may have white space and comments between its parts', async () => {
    const spaced = message
      .replace(/></g, '>\n <!-- x -->\n <')
      .replace(/<value>\n.*?\n <\/value>/s, '<value/>');
    expect((await soapBench().post(spaced)).status).to.equal(200);
  });

  it('may have any prefixes', async () => {
    const other = message
      .replace(/\bs:/g, 'SOAP-ENV:')
      .replace('xmlns:s=', 'xmlns:SOAP-ENV=')
      .replace(/\bo:/g, 'wsse:')
      .replace('xmlns:o=', 'xmlns:wsse=');
    expect(other).to.not.equal(message);
    expect((await soapBench().post(other)).status).to.equal(200);
  });
});

describe('Quality 12: CDATA and comments inside a value', () => {
  it('give the value that XML says, in every place', async () => {
    for (const value of ['0012', '<![CDATA[0012]]>', '00<!-- 99 -->12', '<![CDATA[00]]><!-- 99 -->&#49;2']) {
      const bench = soapBench();
      const answer = await bench.post(soapMessage({ body: echoBody(value) }));
      expect(textOf(answer)).to.contain('<value>0012</value>');
      expect(bench.calls[0]?.body.children[0]?.text).to.equal('0012');
    }
  });

  it('give one user name and one action', async () => {
    const bench = soapBench();
    const token = usernameToken
      .replace('>epj<', '>e<!-- x --><![CDATA[p]]>j<')
      .replace('>secret<', '><![CDATA[sec]]>ret<');
    const action = `<a:Action><![CDATA[${ECHO_ACTION.slice(0, 5)}]]><!-- urn:other -->${ECHO_ACTION.slice(5)}</a:Action>`;
    const answer = await bench.post(soapMessage({ action, security: security(timestamp + token) }));
    expect(answer.status).to.equal(200);
    expect(bench.tried[0]).to.include({ username: 'epj', password: 'secret' });
  });
});

describe('Quality 13: names of object properties', () => {
  it('are data, and change no prototype', async () => {
    const before = Reflect.ownKeys(Object.prototype).length;
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
      const bench = soapBench();
      const answer = await bench.post(
        soapMessage({
          moreHeaders: `<${name} ${name}="1"><polluted>1</polluted></${name}>`,
          body: `<Echo xmlns="urn:example:echo" ${name}="1"><value>x</value><${name}><polluted>1</polluted></${name}></Echo>`,
        }),
      );
      expect(answer.status).to.equal(200);
      expect(bench.calls[0]?.body.attributes.get(name)).to.equal('1');
      expect(bench.calls[0]?.body.children[1]?.localName).to.equal(name);
      expect(Reflect.get({}, 'polluted')).to.equal(undefined);
    }
    expect(Reflect.ownKeys(Object.prototype)).to.have.length(before);
  });
});

describe('Quality 14: headers that have to be understood', () => {
  const unknown = (attributes: string): string => `<x:h xmlns:x="urn:x" ${attributes}/>`;
  for (const attributes of [
    's:mustUnderstand="1"',
    's:mustUnderstand="true"',
    's:mustUnderstand=" 1 "',
    `s:mustUnderstand="1" s:role="${namespaces.soap}/role/next"`,
    `s:mustUnderstand="1" s:role="${namespaces.soap}/role/ultimateReceiver"`,
    's:mustUnderstand="1" s:role=""',
  ]) {
    it(`are refused when they are not: ${attributes}`, async () => {
      const bench = soapBench();
      const answer = await bench.post(soapMessage({ moreHeaders: unknown(attributes) }));
      expect(isCleanFault(answer)).to.equal(true);
      expect(faultOf(answer).code).to.equal('s:MustUnderstand');
      expect(textOf(answer))
        .to.contain('http://www.w3.org/2005/08/addressing/soap/fault')
        .and.contain('<o:Security ');
      expect(bench.answered[0]?.error).to.be.instanceOf(MustUnderstand);
    });
  }

  for (const attributes of [
    '',
    's:mustUnderstand="0"',
    's:mustUnderstand="false"',
    's:mustUnderstand="1" s:role="urn:somebody:else"',
    `s:mustUnderstand="1" s:role="${namespaces.soap}/role/none"`,
    'mustUnderstand="1"',
  ]) {
    it(`are ignored when they need not be: ${attributes}`, async () => {
      expect((await soapBench().post(soapMessage({ moreHeaders: unknown(attributes) }))).status).to.equal(
        200,
      );
    });
  }

  it('are not understood for their local name alone', async () => {
    for (const name of ['Action', 'MessageID', 'To']) {
      const moreHeaders = `<${name} xmlns="http://schemas.xmlsoap.org/ws/2004/08/addressing" s:mustUnderstand="1"/>`;
      expect(faultOf(await soapBench().post(soapMessage({ moreHeaders }))).code, name).to.equal(
        's:MustUnderstand',
      );
    }
  });
});

describe('Quality 15: actions in HTTP', () => {
  it('in Content-Type are ignored, whatever they say', async () => {
    for (const action of [`"${ECHO_ACTION}"`, '"urn:other"', 'urn', '""']) {
      const bench = soapBench();
      const answer = await bench.post(message, {
        'content-type': `application/soap+xml; charset=utf-8; action=${action}`,
      });
      expect(answer.status, action).to.equal(200);
      expect(answer.headers['Content-Type']).to.equal('application/soap+xml; charset=utf-8');
      expect(bench.audited[0]?.operation).to.equal('Echo');
    }
  });

  it('in SOAPAction are ignored', async () => {
    for (const action of [`"${ECHO_ACTION}"`, '"urn:other"', 'urn:other', '']) {
      expect((await soapBench().post(message, { soapaction: action })).status).to.equal(200);
    }
  });

  it('of WS-Addressing have to belong to the body', async () => {
    const bench = soapBench();
    const answer = await bench.post(soapMessage({ body: '<Delete xmlns="urn:example:echo"/>' }));
    expect(faultOf(answer).code).to.equal('d:DeserializationFailed');
    expect(bench.calls).to.deep.equal([]);
  });

  it('of SOAP 1.1 in a message announced as SOAP 1.2 are a VersionMismatch', async () => {
    const old = message.replace(namespaces.soap, soap11);
    const bench = soapBench();
    const mismatch = await bench.post(old, { soapaction: `"${ECHO_ACTION}"` });
    expect(isCleanFault(mismatch)).to.equal(true);
    expect(faultOf(mismatch).code).to.equal('s:VersionMismatch');
    expect(textOf(mismatch)).to.contain('<s:Upgrade><s:SupportedEnvelope qname="s:Envelope"/></s:Upgrade>');
    expect(bench.audited.map(({ outcome }) => outcome)).to.deep.equal(['version-mismatch']);
    expect(bench.tried).to.deep.equal([]);
  });
});

describe('Quality 16: media types of other kinds', () => {
  const boundary = `multipart/related; type="application/xop+xml"; boundary=x; start-info="application/soap+xml"`;
  for (const type of [
    boundary,
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/json',
    'application/soap+xmlx',
    '',
    'soap',
    'application/soap+xml, text/xml',
  ]) {
    it(`are refused with 415 and an empty body: ${type}`, async () => {
      const bench = soapBench();
      const answer = await bench.post(`--x\r\n\r\n${message}\r\n--x--`, { 'content-type': type });
      expect(answer.status).to.equal(415);
      expect(answer.body).to.equal('');
      expect(bench.audited[0]).to.include({ outcome: 'malformed-request', clientId: null });
      expect(await stillAnswers(bench)).to.equal(true);
    });
  }

  it('are refused when there is none', async () => {
    const bench = soapBench();
    const answer = await bench.request({ method: 'POST', headers: {}, body: Buffer.from(message) });
    expect(answer.status).to.equal(415);
  });
});
