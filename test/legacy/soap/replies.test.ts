import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { errorCatalogue } from '../../../src/errors/catalogue.js';
import * as errors from '../../../src/errors/errors.js';
import { faultTable } from '../../../src/legacy/soap/fault-table.js';
import { writeFault } from '../../../src/legacy/soap/fault.js';
import { writeReply } from '../../../src/legacy/soap/reply.js';
import { formOf, soap12 } from '../../../src/legacy/soap/soap-version.js';
import { isCorrelationId } from '../../../src/runtime/correlation.js';
import { canonicalForm } from '../../../src/fixtures/compare.js';
import { MESSAGE_ID, SENT_AT } from '../../support/soap-request.js';
import { CORRELATION_ID } from '../../support/soap-bench.js';

const now = new Date(SENT_AT);
const form = formOf(soap12);

function fault(error: errors.AdapterError, relatesTo: string | undefined = MESSAGE_ID): string {
  const row = faultTable[error.code];
  if (!isCorrelationId(CORRELATION_ID)) throw new Error('no correlation id');
  return writeFault(form, row, error, { correlationId: CORRELATION_ID, relatesTo, now });
}

const opening =
  '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><s:Header>';
const relation = '<a:RelatesTo>urn:uuid:00000000-0000-4000-9000-000000000001</a:RelatesTo>';
const secured =
  '<o:Security s:mustUnderstand="1" xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><u:Timestamp u:Id="_0"><u:Created>2025-01-15T10:30:00.000Z</u:Created><u:Expires>2025-01-15T10:35:00.000Z</u:Expires></u:Timestamp></o:Security>';
const action = (uri: string): string => `<a:Action s:mustUnderstand="1">${uri}</a:Action>`;
const closing = '</s:Body></s:Envelope>';
const wsse = 'xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"';
const dispatcherUri = 'http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher';
const id = `Correlation id: ${CORRELATION_ID}.`;

function expected(uri: string, security: string, code: string, reason: string, upgrade = ''): string {
  return `${opening}${action(uri)}${relation}${security}${upgrade}</s:Header><s:Body><s:Fault><s:Code>${code}</s:Code><s:Reason><s:Text xml:lang="en-US">${reason}</s:Text></s:Reason>`;
}

describe('SOAP replies', () => {
  it('are written with the prefixes and headers that .NET writes, byte for byte', () => {
    expect(
      writeReply(form, { action: 'urn:x', relatesTo: MESSAGE_ID, securedAt: now, body: { name: 'b' } }),
    ).to.equal(`${opening}${action('urn:x')}${relation}${secured}</s:Header><s:Body><b/>${closing}`);
  });

  it('relate to nothing when the message id could not be read', () => {
    expect(
      writeReply(form, { action: 'urn:x', relatesTo: undefined, securedAt: undefined, body: { name: 'b' } }),
    ).to.equal(`${opening}${action('urn:x')}</s:Header><s:Body><b/>${closing}`);
  });
});

describe('SOAP faults', () => {
  const soapFault = 'http://www.w3.org/2005/08/addressing/soap/fault';

  it('about credentials are unsecured and have their fixed text alone', () => {
    expect(fault(new errors.NotAuthenticated('x'))).to.equal(
      `${expected(soapFault, '', `<s:Value>s:Sender</s:Value><s:Subcode><s:Value ${wsse}>w:FailedAuthentication</s:Value></s:Subcode>`, 'At least one security token in the message could not be validated.')}</s:Fault>${closing}`,
    );
  });

  it('about the security header are unsecured and have their fixed text alone', () => {
    expect(fault(new errors.InvalidSecurity('x'))).to.equal(
      `${expected(soapFault, '', `<s:Value>s:Sender</s:Value><s:Subcode><s:Value ${wsse}>w:InvalidSecurity</s:Value></s:Subcode>`, 'An error occurred when verifying security for the message.')}</s:Fault>${closing}`,
    );
  });

  it('about what cannot be read are secured DeserializationFailed', () => {
    expect(fault(new errors.MalformedRequest('x'))).to.equal(
      `${expected(`${dispatcherUri}/fault`, secured, `<s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:d="${dispatcherUri}">d:DeserializationFailed</s:Value></s:Subcode>`, `The message could not be read. ${id}`)}</s:Fault>${closing}`,
    );
  });

  it('about an unforeseen error are secured InternalServiceFault', () => {
    expect(fault(new errors.InternalError('x'))).to.equal(
      `${expected(`${dispatcherUri}/fault`, secured, `<s:Value>s:Receiver</s:Value><s:Subcode><s:Value xmlns:d="${dispatcherUri}">d:InternalServiceFault</s:Value></s:Subcode>`, `The server was unable to process the request due to an internal error. ${id}`)}</s:Fault>${closing}`,
    );
  });

  it('about upstream trouble of every kind are secured and the receiver’s', () => {
    const causes = Object.keys(errorCatalogue).filter((code) => /^(upstream|token|audit)-/.test(code));
    expect(causes).to.have.length(9);
    for (const [code, row] of Object.entries(faultTable)) {
      if (!causes.includes(code)) continue;
      expect(row, code).to.include({ code: 'Receiver', secured: true, correlated: true });
      expect(row, code).to.have.nested.property('subcodes[0].localName', 'InternalServiceFault');
    }
  });

  it('about an unknown action are those of WS-Addressing', () => {
    expect(fault(new errors.ActionNotSupported('x'))).to.contain(
      `${action('http://www.w3.org/2005/08/addressing/fault')}${relation}${secured}</s:Header><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>a:ActionNotSupported</s:Value></s:Subcode></s:Code>`,
    );
  });

  it('about an addressing header name it, and say what is wrong in the innermost code', () => {
    for (const [problem, codes] of [
      ['header-required', '<s:Subcode><s:Value>a:MessageAddressingHeaderRequired</s:Value></s:Subcode>'],
      [
        'invalid-cardinality',
        '<s:Subcode><s:Value>a:InvalidAddressingHeader</s:Value><s:Subcode><s:Value>a:InvalidCardinality</s:Value></s:Subcode></s:Subcode>',
      ],
      [
        'only-anonymous-address',
        '<s:Subcode><s:Value>a:InvalidAddressingHeader</s:Value><s:Subcode><s:Value>a:OnlyAnonymousAddressSupported</s:Value></s:Subcode></s:Subcode>',
      ],
    ] as const) {
      const xml = fault(new errors.InvalidAddressing(problem, 'ReplyTo'));
      expect(xml).to.contain(codes);
      expect(xml).to.contain('<s:Detail><a:ProblemHeaderQName>a:ReplyTo</a:ProblemHeaderQName></s:Detail>');
    }
  });

  it('about another SOAP version name the one that is served', () => {
    expect(fault(new errors.VersionMismatch('x'))).to.equal(
      `${expected(soapFault, secured, '<s:Value>s:VersionMismatch</s:Value>', `The envelope is not of SOAP 1.2. ${id}`, '<s:Upgrade><s:SupportedEnvelope qname="s:Envelope"/></s:Upgrade>')}</s:Fault>${closing}`,
    );
  });

  it('about a client that may not use the service begin with a sentence that says so', () => {
    expect(fault(new errors.NotAuthorised('x'))).to.equal(
      `${expected(soapFault, secured, '<s:Value>s:Sender</s:Value>', `The client may not use this service. ${id}`)}</s:Fault>${closing}`,
    );
  });

  it('about encodings give the public reason', () => {
    expect(fault(new errors.EncodingConflict('The one contradicts the other.'))).to.contain(
      `>The one contradicts the other. ${id}<`,
    );
  });

  it('never show the message of the error', () => {
    for (const error of [new errors.InternalError('hush'), new errors.MalformedRequest('hush')]) {
      expect(fault(error)).to.not.contain('hush');
    }
  });

  it('stay below the size that .NET reads of a security fault', () => {
    expect(fault(new errors.NotAuthenticated('x'), '&'.repeat(1_024)).length).to.be.below(16_384);
  });

  it('exist for every line of the error catalogue', () => {
    expect(Object.keys(faultTable).sort()).to.deep.equal(Object.keys(errorCatalogue).sort());
    const others = Object.values(faultTable).filter(({ status }) => status !== undefined);
    expect(others).to.deep.equal([faultTable.overloaded]);
  });
});

describe('docs/soap.md', () => {
  it('holds the fault table as it is', () => {
    const file = path.resolve(import.meta.dirname, '../../../../docs/soap.md');
    const rows = readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter(([, error]) => error?.startsWith('`') === true && error.slice(1, -1) in errorCatalogue);
    expect(rows.map(([, error]) => error?.slice(1, -1))).to.deep.equal(Object.keys(faultTable));
    for (const [, error = '', code, subcode, isSecured, text = ''] of rows) {
      const row = Object.entries(faultTable).find(([name]) => `\`${name}\`` === error)?.[1];
      if (row === undefined) throw new Error(`no row for ${error}`);
      const outer = row.subcodes.map(({ prefix, localName }) => `${prefix}:${localName}`).join(' ');
      expect([code, subcode, isSecured], error).to.deep.equal([row.code, outer, row.secured ? 'yes' : 'no']);
      expect(text.replace(/ \(.*\)$/, ''), error).to.equal(row.text);
    }
  });
});

describe('SOAP replies beside the samples', () => {
  const folder = path.resolve(import.meta.dirname, '../../../../../shared/contracts/samples/hl7v3-soap');
  function sample(test: Mocha.Context, name: string): string {
    const file = path.join(folder, name);
    if (!existsSync(file)) test.skip();
    return readFileSync(file, 'utf8');
  }

  for (const [name, error, relatesTo] of [
    ['07-fault-bad-credentials-unsecured.xml', new errors.NotAuthenticated('x'), MESSAGE_ID],
    ['08-fault-invalid-security-unsecured.xml', new errors.InvalidSecurity('x'), MESSAGE_ID],
    [
      '11-fault-internal-error-secured.xml',
      new errors.InternalError('x'),
      'urn:uuid:00000000-0000-4000-9000-000000000003',
    ],
  ] as const) {
    it(`equal ${name}, but for the correlation id`, function () {
      const wanted = sample(this, name);
      expect(canonicalForm(fault(error, relatesTo).replace(` ${id}`, ''))).to.equal(canonicalForm(wanted));
    });
  }

  it('equal the headers of 04-GetDemographics-response.xml', function () {
    const wanted = sample(this, '04-GetDemographics-response.xml');
    const reply = writeReply(form, {
      action: 'http://tempuri.org/IPersonRegistry/GetDemographicsResponse',
      relatesTo: 'urn:uuid:00000000-0000-4000-9000-000000000003',
      securedAt: now,
      body: { name: 'b' },
    });
    const emptied = wanted.replace(/<s:Body>.*<\/s:Body>/s, '<s:Body><b/></s:Body>');
    expect(canonicalForm(reply)).to.equal(canonicalForm(emptied));
  });
});
