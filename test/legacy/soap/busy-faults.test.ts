import { expect } from 'chai';
import { BusyFaults } from '../../../src/legacy/soap/busy-faults.js';
import { newCorrelationId } from '../../../src/runtime/correlation.js';
import { CountedRandom } from '../../support/counted-random.js';

describe('faults for those whom there is no time for', () => {
  const refusing = { correlationId: newCorrelationId(new CountedRandom()), at: new Date(0) };
  const busy = new BusyFaults('hl7v3');

  function refused(
    headers: Readonly<Record<string, string>>,
    method = 'POST',
  ): { type: string | undefined; retryAfter: string | undefined; status: number; xml: string } {
    const { status, headers: told, body } = busy.refuse({ method, headers }, refusing);
    return {
      status,
      type: told['Content-Type'],
      retryAfter: told['Retry-After'],
      xml: Buffer.from(body).toString('utf8'),
    };
  }

  it('are of SOAP 1.2 with a Timestamp, with status 503 and when to try again', () => {
    const { xml, ...http } = refused({ 'content-type': 'application/soap+xml; charset=utf-8' });
    expect(http).to.deep.equal({
      status: 503,
      type: 'application/soap+xml; charset=utf-8',
      retryAfter: '1',
    });
    expect(xml).to.match(
      /^<\?xml [^>]*><s:Envelope xmlns:s="http:\/\/www\.w3\.org\/2003\/05\/soap-envelope"[^>]*><s:Header><a:Action/,
    );
    expect(xml).to.contain('<u:Created>1970-01-01T00:00:00.000Z</u:Created>');
    expect(xml).to.contain('<s:Value>s:Receiver</s:Value>');
    expect(xml).to.contain(`Correlation id: ${refusing.correlationId}.`);
  });

  it('are of SOAP 1.1 for who announces that', () => {
    const { xml, type } = refused({ 'content-type': ' Text/XML;charset="iso-8859-1"' });
    expect(type).to.equal('text/xml; charset=utf-8');
    expect(xml).to.contain('http://schemas.xmlsoap.org/soap/envelope/');
    expect(xml).to.contain('<faultstring');
    expect(xml).to.contain('Timestamp');
  });

  it('have no Security header for who shows a password by HTTP Basic, and could not understand it', () => {
    const { xml } = refused({ 'content-type': 'text/xml', authorization: 'Basic eDp5' });
    expect(xml).to.contain('<faultstring');
    expect(xml).to.not.contain('Security');
  });

  it('are nothing but a status for who asks for a page', () => {
    expect(refused({}, 'GET')).to.deep.equal({ status: 503, type: undefined, retryAfter: '1', xml: '' });
  });

  it('are written once for all who are refused in the same second', () => {
    const head = { method: 'POST', headers: { 'content-type': 'application/soap+xml' } };
    const first = busy.refuse(head, refusing);
    expect(busy.refuse(head, { ...refusing })).to.equal(first);
    expect(busy.refuse(head, { ...refusing, at: new Date(1_000) })).to.not.equal(first);
  });
});
