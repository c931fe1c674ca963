import { expect } from 'chai';
import fc from 'fast-check';
import { PregRejected, PregUnavailable } from '../../../../src/errors/errors.js';
import { readHeard } from '../../../../src/registry/preg/soap/heard.js';
import { readSession } from '../../../../src/registry/preg/soap/preg-session.js';
import { systemClock } from '../../../../src/runtime/system-clock.js';
import { faultXml } from '../../../support/legacy-preg.js';
import { runs } from '../../../support/long-runs.js';
import { namespaces } from '../../../support/soap-request.js';

const trust = 'http://schemas.xmlsoap.org/ws/2005/02/trust';
const sc = 'http://schemas.xmlsoap.org/ws/2005/02/sc';
const secret = Buffer.alloc(32, 7).toString('base64');
const issued =
  `<s:Envelope xmlns:s="${namespaces.soap}" xmlns:a="${namespaces.addressing}" xmlns:u="${namespaces.utility}"><s:Header>` +
  '<a:Action>x</a:Action><a:RelatesTo>y</a:RelatesTo></s:Header><s:Body>' +
  `<t:RequestSecurityTokenResponse xmlns:t="${trust}"><t:TokenType>${sc}/sct</t:TokenType><t:RequestedSecurityToken>` +
  `<c:SecurityContextToken u:Id="i" xmlns:c="${sc}"><c:Identifier>urn:uuid:1</c:Identifier></c:SecurityContextToken></t:RequestedSecurityToken>` +
  `<t:RequestedProofToken><t:ComputedKey>${trust}/CK/PSHA1</t:ComputedKey></t:RequestedProofToken>` +
  `<t:Entropy><t:BinarySecret Type="${trust}/Nonce">${secret}</t:BinarySecret></t:Entropy>` +
  '<t:Lifetime><u:Created>2022-01-01T00:00:00Z</u:Created><u:Expires>2022-01-01T10:00:00Z</u:Expires></t:Lifetime>' +
  '</t:RequestSecurityTokenResponse></s:Body></s:Envelope>';

/** What may come of an answer: something that was read, or an error of PREG's. */
function read(status: number, contentType: string, octets: Uint8Array): void {
  try {
    const { fault, document, body } = readHeard({ status, contentType, octets, reusedConnection: false });
    if (fault === undefined) readSession(document, body, Buffer.alloc(32, 1), systemClock);
    else expect(fault.codes).to.match(/^(?:[\w.-]+|\?)?(?:\/(?:[\w.-]+|\?))*$/);
  } catch (error) {
    if (error instanceof PregUnavailable || error instanceof PregRejected) return;
    throw error;
  }
}

const status = fc.constantFrom(200, 202, 301, 400, 404, 500, 503);
const contentType = fc.constantFrom(
  'application/soap+xml; charset=utf-8',
  'application/soap+xml;charset="utf-16"; action="x"',
  'text/xml',
  'text/html',
  '',
  ';charset=nonsense',
);

describe('whatever comes in place of an answer of PREG', () => {
  it('is read as it stands', () => {
    const octets = Buffer.from(issued);
    const heard = readHeard({
      status: 200,
      contentType: 'application/soap+xml',
      octets,
      reusedConnection: false,
    });
    expect(readSession(heard.document, heard.body, Buffer.alloc(32, 1), systemClock).identifier).to.equal(
      'urn:uuid:1',
    );
  });

  it('is an answer or an error of PREG’s: any octets', () => {
    fc.assert(fc.property(status, contentType, fc.uint8Array({ maxLength: 200 }), read), {
      numRuns: runs(500),
    });
  });

  it('is an answer or an error of PREG’s: answers and faults with pieces taken out, doubled or replaced', () => {
    const whole = fc.constantFrom(issued, faultXml('Sender', 'c:BadContextToken'), faultXml('Receiver'));
    const piece = fc.constantFrom(
      '',
      '<',
      '</t:Entropy>',
      '<!-- -->',
      '<![CDATA[x]]>',
      '&amp;',
      '&x;',
      ' xmlns=""',
      'Z',
      '\0',
    );
    const spoilt = fc
      .tuple(
        whole,
        fc.array(fc.tuple(fc.nat(), fc.nat(60), piece, fc.boolean()), { minLength: 1, maxLength: 3 }),
      )
      .map(([text, changes]) =>
        changes.reduce((now, [at, length, instead, doubled]) => {
          const from = now.length === 0 ? 0 : at % now.length;
          const taken = now.slice(from, from + length);
          return now.slice(0, from) + (doubled ? taken + taken : instead) + now.slice(from + length);
        }, text),
      );
    fc.assert(
      fc.property(status, contentType, spoilt, (code, type, text) => {
        read(code, type, Buffer.from(text));
      }),
      { numRuns: runs(500) },
    );
  });
});
