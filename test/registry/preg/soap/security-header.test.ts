import { expect } from 'chai';
import fc from 'fast-check';
import { SecurityHeader } from '../../../../src/registry/preg/soap/security-header.js';
import type { XmlElement } from '../../../../src/xml/element.js';
import { readXml } from '../../../../src/xml/reader.js';
import { runs } from '../../../support/long-runs.js';
import { sessionVectors } from '../../../support/session-vectors.js';
import { contextToken } from '../../../support/signed-message.js';
import { namespaces, SENT_AT } from '../../../support/soap-request.js';

/** Reads the header where its prefix for SOAP is declared. */
function read(header: SecurityHeader): XmlElement {
  const [security] = readXml(`<s:Header xmlns:s="${namespaces.soap}">${header.toXML()}</s:Header>`).children;
  if (security === undefined) throw new Error('no header');
  return security;
}

/** Every element of that name, however deep. */
function all(element: XmlElement, localName: string): readonly XmlElement[] {
  const inside = element.children.flatMap((child) => all(child, localName));
  return element.localName === localName ? [element, ...inside] : inside;
}

const session = {
  token: contextToken(sessionVectors.tokenId, sessionVectors.tokenIdentifier).replace(
    '<c:SecurityContextToken',
    `$& xmlns:u="${namespaces.utility}"`,
  ),
  tokenId: sessionVectors.tokenId,
  identifier: sessionVectors.tokenIdentifier,
  key: sessionVectors.key,
};

describe('the security header for PREG', () => {
  it('is signed as the contract’s example, octet by octet', () => {
    const header = read(new SecurityHeader({ session }, new Date(SENT_AT)));
    const text = (name: string): string | undefined => all(header, name)[0]?.text;
    expect(text('DigestValue')).to.equal(sessionVectors.timestampDigest);
    expect(text('SignatureValue')).to.equal(sessionVectors.signatureValue);
    expect(all(header, 'Reference').map(({ attributes }) => attributes.get('URI'))).to.deep.equal([
      '#_0',
      `#${sessionVectors.tokenId}`,
    ]);
    expect(header.children.map(({ localName }) => localName)).to.deep.equal([
      'Timestamp',
      'SecurityContextToken',
      'Signature',
    ]);
    expect(header.attributes.get(`{${namespaces.soap}}mustUnderstand`)).to.equal('1');
  });

  it('means a token without an id by its identifier', () => {
    const header = read(
      new SecurityHeader({ session: { ...session, tokenId: undefined } }, new Date(SENT_AT)),
    );
    expect(all(header, 'Reference').at(-1)?.attributes.get('URI')).to.equal(sessionVectors.tokenIdentifier);
  });

  it('holds both proofs in the order of the contract where a key is renewed', () => {
    const account = { username: 'epj', password: 'secret' };
    const header = read(new SecurityHeader({ account, session }, new Date(SENT_AT)));
    expect(header.children.map(({ localName }) => localName)).to.deep.equal([
      'Timestamp',
      'UsernameToken',
      'SecurityContextToken',
      'Signature',
    ]);
    expect(all(header, 'SignatureValue')[0]?.text).to.equal(sessionVectors.signatureValue);
  });

  it('says until when it is good', () => {
    const header = read(new SecurityHeader({}, new Date('2022-02-28T23:58:00.005Z')));
    expect(all(header, 'Created')[0]?.text).to.equal('2022-02-28T23:58:00.005Z');
    expect(all(header, 'Expires')[0]?.text).to.equal('2022-03-01T00:03:00.005Z');
  });

  it('carries whatever user name and password XML can carry', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'Å', ' ', '<', '&', '"', ']]>', '\t', '\r', '𝄞', '\n'),
    });
    fc.assert(
      fc.property(text, text, (username, password) => {
        const header = read(new SecurityHeader({ account: { username, password } }, new Date(SENT_AT)));
        expect(all(header, 'Username')[0]?.text).to.equal(username);
        expect(all(header, 'Password')[0]?.text).to.equal(password);
        expect(all(header, 'Password')[0]?.attributes.get('Type')).to.equal(namespaces.passwordText);
      }),
      { numRuns: runs(100) },
    );
  });
});
