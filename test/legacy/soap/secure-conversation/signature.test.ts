import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { InvalidSecurity } from '../../../../src/errors/errors.js';
import { verifySignedTimestamp } from '../../../../src/legacy/soap/secure-conversation/signature.js';
import { decodeXml } from '../../../../src/xml/decode.js';
import { encodeXml } from '../../../../src/xml/encode.js';
import { readXml } from '../../../../src/xml/reader.js';
import { judgeSignature, signedPartsOf } from '../../../support/judge-signature.js';
import { runs } from '../../../support/long-runs.js';
import { sessionVectors } from '../../../support/session-vectors.js';
import {
  algorithm,
  contextToken,
  keyInfoTo,
  signatureNamespaces,
  signedInfoOf,
  signedMessage,
  timestampFrom,
  type Signing,
} from '../../../support/signed-message.js';
import { echoBody, namespaces, soapMessage } from '../../../support/soap-request.js';

const { key, tokenId, tokenIdentifier } = sessionVectors;
const signing: Signing = { token: contextToken(tokenId, tokenIdentifier), key };
const CREATED = Date.parse('2025-01-15T10:30:00Z');
const EXPIRES = Date.parse('2025-01-15T10:35:00Z');
const dates = { created: CREATED, expires: EXPIRES };
const SAMPLE = '../shared/contracts/samples/hl7v3-soap/03-GetDemographics-request-signed.xml';

const inclusive = (prefixes: string): string =>
  `<InclusiveNamespaces xmlns="${signatureNamespaces.exclusive}" PrefixList="${prefixes}"></InclusiveNamespaces>`;

describe('A signed Timestamp', () => {
  it('is that of the contract’s vectors when WCF’s way is followed', () => {
    const text = signedMessage(signing);
    expect(text).to.include(sessionVectors.timestampDigest).and.to.include(sessionVectors.signatureValue);
    expect(text).to.include(sessionVectors.signedInfoCanonical);
    expect(judgeSignature(text, key)).to.deep.equal(dates);
  });

  it('is accepted in the contract’s sample', function () {
    if (!existsSync(SAMPLE)) this.skip();
    expect(judgeSignature(readFileSync(SAMPLE, 'utf8'), key)).to.deep.equal(dates);
  });

  it('covers the Timestamp alone, as the contract has it', () => {
    const other = { body: echoBody('another'), action: '<a:Action>urn:other</a:Action>', to: '' };
    expect(judgeSignature(signedMessage(signing, other), key)).to.deep.equal(dates);
  });

  it('is accepted in a large message', () => {
    const text = signedMessage(signing, { body: echoBody('<x y="1">æ</x>'.repeat(20_000)) });
    expect(judgeSignature(text, key)).to.deep.equal(dates);
  });

  it('is accepted in every character set, whatever the declaration names', () => {
    const message = signedMessage(signing, {
      declaration: '<?xml version="1.0" encoding="utf-8"?>',
      body: echoBody('Blåbærgrøt'),
    });
    for (const charset of ['utf-8', 'utf-16le', 'utf-16be', 'iso-8859-1', 'windows-1252'] as const) {
      const { text } = decodeXml(encodeXml(message, charset), undefined);
      expect(judgeSignature(text, key), charset).to.deep.equal(dates);
    }
  });

  it('is read from what was digested: dates, however they are written', () => {
    const cdata = timestampFrom(new Date(CREATED)).replace(/(<u:Created>)([^<]*)/, '$1<![CDATA[$2]]>');
    const digested = sessionVectors.timestampCanonical;
    expect(judgeSignature(signedMessage({ ...signing, timestamp: cdata, digested }), key)).to.deep.equal(
      dates,
    );
  });

  it('may be without Expires, and have any id', () => {
    const timestamp = '<u:Timestamp u:Id="TS-1"><u:Created>2025-01-15T10:30:00Z</u:Created></u:Timestamp>';
    expect(judgeSignature(signedMessage({ ...signing, timestamp }), key)).to.deep.equal({
      created: CREATED,
      expires: undefined,
    });
  });

  it('may be signed with other prefixes, layout and ids', () => {
    const signedInfo = (digest: string): string =>
      signedInfoOf({ digest: ` ${digest.slice(0, 5)}\n${digest.slice(5)}\t` })
        .replaceAll(/<(\/?)(?=[A-Z])/g, '<$1ds:')
        .replace(' xmlns=', ' xmlns:ds=')
        .replaceAll('><', '>\n  <')
        .replace('<ds:Reference URI', '<ds:Reference Id="r" URI');
    const text = signedMessage({
      ...signing,
      signedInfo,
      signatureValue: (hmac) => `\n${hmac.toString('base64').replace(/(.{9})/, '$1\r\n')}\n`,
      signature: ({ signedInfo: info, signatureValue, keyInfo }) =>
        `<ds:Signature Id="s" xmlns:ds="${signatureNamespaces.signature}" xmlns="${signatureNamespaces.signature}">${info} ${signatureValue}${keyInfo} </ds:Signature>`,
    });
    expect(judgeSignature(text, key)).to.deep.equal(dates);
  });

  it('may name prefixes to be treated inclusively', () => {
    const exclusive = signatureNamespaces.exclusive;
    const soapAndSecurity = `xmlns:o="${namespaces.security}" xmlns:s="${namespaces.soap}"`;
    const text = signedMessage({
      ...signing,
      digested: sessionVectors.timestampCanonical.replace('xmlns:u', `${soapAndSecurity} xmlns:u`),
      signedInfo: (digest) =>
        signedInfoOf({
          digest,
          canonicalization: algorithm('CanonicalizationMethod', exclusive, inclusive('o')),
          transforms: algorithm('Transform', exclusive, inclusive('s o')),
        }),
      authenticated: (signedInfo) =>
        signedInfo.replace(/^(<SignedInfo xmlns="[^"]*")/, `$1 xmlns:o="${namespaces.security}"`),
    });
    expect(judgeSignature(text, key)).to.deep.equal(dates);
  });

  describe('with a KeyInfo', () => {
    const instance = 'urn:uuid:99999999-2222-4333-8444-555555555555';
    const renewed = signing.token.replace(
      '</c:Identifier>',
      `</c:Identifier><c:Instance>${instance}</c:Instance>`,
    );
    const byInstance = (value: string): string =>
      keyInfoTo(tokenIdentifier).replace(
        ' URI=',
        ` xmlns:c="${signatureNamespaces.conversation}" c:Instance="${value}" URI=`,
      );

    for (const [what, token, keyInfo] of [
      ['to the identifier', signing.token, keyInfoTo(tokenIdentifier)],
      ['to the id, without ValueType', signing.token, keyInfoTo(`#${tokenId}`, '')],
      ['to the identifier, without ValueType', signing.token, keyInfoTo(tokenIdentifier, '')],
      ['to the identifier of a renewed token', renewed, keyInfoTo(tokenIdentifier)],
      ['to one instance of a renewed token', renewed, byInstance(instance)],
      [
        'that says the type of the token twice',
        signing.token,
        keyInfoTo(tokenIdentifier).replace(
          '<o:SecurityTokenReference',
          `$& xmlns:e="http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd" e:TokenType="${signatureNamespaces.contextToken}"`,
        ),
      ],
    ] as const) {
      it(`${what} is accepted`, () => {
        expect(judgeSignature(signedMessage({ ...signing, token, keyInfo }), key)).to.deep.equal(dates);
      });
    }

    it('to another instance of a renewed token is refused', () => {
      for (const token of [renewed, signing.token]) {
        const text = signedMessage({ ...signing, token, keyInfo: byInstance('urn:uuid:other') });
        expect(() => judgeSignature(text, key)).to.throw(InvalidSecurity, 'another key of the token');
      }
    });
  });

  it('is judged the same whatever key and time', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.date({ min: new Date('2000-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }),
        (right, wrong, created) => {
          fc.pre(!Buffer.from(right).equals(wrong));
          const text = signedMessage({ ...signing, key: right, timestamp: timestampFrom(created) });
          expect(judgeSignature(text, right).created).to.equal(created.getTime());
          expect(() => judgeSignature(text, wrong)).to.throw(InvalidSecurity, 'the signature is wrong');
        },
      ),
      { numRuns: runs(50) },
    );
  });

  it('is not accepted with any one character of what is signed changed', () => {
    const text = signedMessage(signing);
    const from = text.indexOf('<u:Timestamp');
    const to = text.indexOf('<c:SecurityContextToken');
    const signatureFrom = text.indexOf('<SignedInfo');
    const signatureTo = text.indexOf('</SignatureValue>');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: from, max: to - 1 }),
          fc.integer({ min: signatureFrom, max: signatureTo - 1 }),
        ),
        fc.constantFrom('A', 'a', '0', '9', ' ', '=', '/', '+', '"', '<', '>', '&', '#', 'x'),
        (at, character) => {
          const changed = text.slice(0, at) + character + text.slice(at + 1);
          fc.pre(changed !== text);
          // What makes it another name or no XML at all does not get as far as the judge.
          let root;
          try {
            root = readXml(changed);
            signedPartsOf(root);
          } catch {
            return;
          }
          // White space inside a tag is nothing to the canonical form; at its end it is no change at all.
          if (equalButForLayout(changed, text)) return;
          expect(() => judgeSignature(changed, key)).to.throw(InvalidSecurity);
        },
      ),
      { numRuns: runs(500) },
    );
  });

  describe('of which the tree says something else than the canonical octets', () => {
    const judge = (tree: string): ReturnType<typeof judgeSignature> => {
      const root = readXml(tree);
      return verifySignedTimestamp({ text: signedMessage(signing), root }, signedPartsOf(root), key);
    };

    it('has the dates that were digested', () => {
      expect(judge(signedMessage(signing).replaceAll('2025-01-15', '2026-01-15'))).to.deep.equal(dates);
    });

    it('has the digest that was authenticated', () => {
      const other = signedMessage(signing).replace(
        sessionVectors.timestampDigest,
        'AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      );
      expect(judge(other)).to.deep.equal(dates);
    });

    it('is refused when the reference that was authenticated means another element', () => {
      const other = signedMessage(signing).replaceAll('_0', '_1');
      expect(() => judge(other)).to.throw(InvalidSecurity, 'does not mean the Timestamp');
    });
  });

  it('wants a session key', () => {
    const text = soapMessage();
    const root = readXml(text);
    const parts = { timestamp: root, contextToken: root, signature: root };
    expect(() => verifySignedTimestamp({ text, root }, parts, new Uint8Array())).to.throw(RangeError);
  });
});

function equalButForLayout(one: string, other: string): boolean {
  const packed = (text: string): string => text.replaceAll(/\s+/g, ' ');
  return packed(one) === packed(other);
}
