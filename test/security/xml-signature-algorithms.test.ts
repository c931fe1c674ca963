import { expect } from 'chai';
import { InvalidSecurity } from '../../src/errors/errors.js';
import { verifySignedTimestamp } from '../../src/legacy/soap/secure-conversation/signature.js';
import { readXml } from '../../src/xml/reader.js';
import { signedPartsOf } from '../support/judge-signature.js';
import { sessionVectors } from '../support/session-vectors.js';
import { areRefused, deviating, session, withSignedInfo, type Attack } from '../support/signature-attacks.js';
import {
  algorithm,
  keyInfoTo,
  reference,
  signatureNamespaces,
  signedInfoOf,
  signedMessage,
} from '../support/signed-message.js';

const { key, tokenId, tokenIdentifier } = sessionVectors;
const { exclusive, signature: dsig } = signatureNamespaces;

const attacks = {
  keys: [
    ['another key', deviating({ key: new Uint8Array(32) }), /the signature is wrong/],
    ['an empty key', deviating({ key: new Uint8Array() }), /the signature is wrong/],
    ['half the key', deviating({ key: key.subarray(0, 16) }), /the signature is wrong/],
    [
      'the key with a zero after it',
      deviating({ key: Buffer.concat([key, Buffer.alloc(33)]) }),
      /the signature is wrong/,
    ],
    [
      'no KeyInfo',
      deviating({ keyInfo: '' }),
      /Signature of the signature is not just SignedInfo, SignatureValue, KeyInfo/,
    ],
    ['an empty KeyInfo', deviating({ keyInfo: '<KeyInfo/>' }), /has not just one SecurityTokenReference/],
    ['two KeyInfos', deviating({ keyInfo: keyInfoTo(`#${tokenId}`).repeat(2) }), /is not just/],
    [
      'a KeyInfo to another id',
      deviating({ keyInfo: keyInfoTo('#other') }),
      /does not mean the SecurityContextToken/,
    ],
    [
      'a KeyInfo to the Timestamp',
      deviating({ keyInfo: keyInfoTo('#_0') }),
      /does not mean the SecurityContextToken/,
    ],
    [
      'a KeyInfo to an empty id',
      deviating({ keyInfo: keyInfoTo('#') }),
      /does not mean the SecurityContextToken/,
    ],
    ['a KeyInfo to nothing', deviating({ keyInfo: keyInfoTo('') }), /means another token/],
    [
      'a KeyInfo to another identifier',
      deviating({ keyInfo: keyInfoTo('urn:uuid:other') }),
      /means another token/,
    ],
    [
      'a KeyInfo to one of two identifiers',
      deviating({
        token: session.token.replace('<c:Identifier', '<c:Identifier>urn:uuid:other</c:Identifier>$&'),
        keyInfo: keyInfoTo(tokenIdentifier),
      }),
      /means another token/,
    ],
    [
      'a context token whose id is another’s as well',
      deviating({}, { body: `<w:Wrapper xmlns:w="urn:w" ID="${tokenId}"/>` }),
      /id of the SecurityContextToken is not its alone/,
    ],
    [
      'a KeyInfo to a token whose type is said to be another',
      deviating({
        keyInfo: keyInfoTo(`#${tokenId}`).replace(
          '<o:SecurityTokenReference',
          '$& xmlns:e="http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd" e:TokenType="urn:x"',
        ),
      }),
      /does not mean a context token/,
    ],
    ...['text', '<x/>'].map((content): Attack => [
      `${content} in the reference of the KeyInfo`,
      deviating({
        keyInfo: `<KeyInfo><o:SecurityTokenReference><o:Reference URI="#${tokenId}">${content}</o:Reference></o:SecurityTokenReference></KeyInfo>`,
      }),
      /does not mean a context token/,
    ]),
    [
      'a KeyInfo to a token of another type',
      deviating({
        keyInfo: keyInfoTo(`#${tokenId}`, ' ValueType="http://schemas.xmlsoap.org/ws/2005/02/sc/dk"'),
      }),
      /does not mean a context token/,
    ],
    [
      'a KeyInfo to a context token of the later standard',
      deviating({
        keyInfo: keyInfoTo(
          `#${tokenId}`,
          ' ValueType="http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512/sct"',
        ),
      }),
      /does not mean a context token/,
    ],
    [
      'a KeyInfo to a derived key',
      deviating({
        keyInfo: keyInfoTo('#derived', ''),
        header: (parts) =>
          `${parts.timestamp}${parts.token}<c:DerivedKeyToken xmlns:c="${signatureNamespaces.conversation}" u:Id="derived"/>${parts.signature}`,
      }),
      /does not mean the SecurityContextToken/,
    ],
    [
      'a KeyName',
      deviating({ keyInfo: '<KeyInfo><KeyName>x</KeyName></KeyInfo>' }),
      /just one SecurityTokenReference/,
    ],
    [
      'a KeyValue beside the reference',
      deviating({ keyInfo: keyInfoTo(`#${tokenId}`).replace('</KeyInfo>', '<KeyValue/></KeyInfo>') }),
      /just one SecurityTokenReference/,
    ],
    [
      'a KeyIdentifier',
      deviating({
        keyInfo:
          '<KeyInfo><o:SecurityTokenReference><o:KeyIdentifier>x</o:KeyIdentifier></o:SecurityTokenReference></KeyInfo>',
      }),
      /just one Reference/,
    ],
    [
      'two References in the KeyInfo',
      deviating({
        keyInfo: keyInfoTo(`#${tokenId}`).replace('<o:Reference', '<o:Reference URI="#_0"/>$&'),
      }),
      /just one Reference/,
    ],
    [
      'a token inside the reference',
      deviating({
        keyInfo: `<KeyInfo><o:SecurityTokenReference><o:Embedded>${session.token}</o:Embedded></o:SecurityTokenReference></KeyInfo>`,
      }),
      /just one Reference/,
    ],
    [
      'a context token of the later standard',
      deviating({
        token: session.token.replace(
          signatureNamespaces.conversation,
          'http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512',
        ),
      }),
      /of another kind/,
    ],
  ],

  'foreign algorithms': [
    ...[
      'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
      `${dsig}rsa-sha1`,
      `${dsig}dsa-sha1`,
      'http://www.w3.org/2001/04/xmldsig-more#hmac-md5',
      `${dsig}sha1`,
      `${dsig}HMAC-SHA1`,
      ` ${dsig}hmac-sha1`,
      '',
    ].map((uri): Attack => [
      `SignatureMethod "${uri}"`,
      withSignedInfo({ signatureMethod: algorithm('SignatureMethod', uri) }),
      /SignatureMethod of the signature is not served/,
    ]),
    ...['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmldsig-more#md5', ''].map(
      (uri): Attack => [
        `DigestMethod "${uri}"`,
        withSignedInfo({ digestMethod: algorithm('DigestMethod', uri) }),
        /DigestMethod of the signature is not served/,
      ],
    ),
    ...[
      'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
      'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
      'http://www.w3.org/2006/12/xml-c14n11',
      `${exclusive}WithComments`,
      '',
    ].flatMap((uri): Attack[] => [
      [
        `CanonicalizationMethod "${uri}"`,
        withSignedInfo({ canonicalization: algorithm('CanonicalizationMethod', uri) }),
        /CanonicalizationMethod of the signature is not served/,
      ],
      [
        `Transform "${uri}"`,
        withSignedInfo({ transforms: algorithm('Transform', uri) }),
        /Transform of the signature is not served/,
      ],
    ]),
    ...[
      'http://www.w3.org/TR/1999/REC-xpath-19991116',
      'http://www.w3.org/2002/06/xmldsig-filter2',
      'http://www.w3.org/TR/1999/REC-xslt-19991116',
      `${dsig}enveloped-signature`,
      `${dsig}base64`,
      'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform',
    ].flatMap((uri): Attack[] => [
      [
        `the Transform ${uri} alone`,
        withSignedInfo({ transforms: algorithm('Transform', uri, '<XPath>true()</XPath>') }),
        /Transform of the signature is not served/,
      ],
      [
        `the Transform ${uri} before the right one`,
        withSignedInfo({ transforms: algorithm('Transform', uri) + algorithm('Transform', exclusive) }),
        /Transforms of the signature is not just Transform/,
      ],
    ]),
  ],

  parameters: [
    ...['0', '8', '80', '160'].map((bits): Attack => [
      `HMACOutputLength ${bits}`,
      deviating({
        signedInfo: (digest) =>
          signedInfoOf({
            digest,
            signatureMethod: algorithm(
              'SignatureMethod',
              `${dsig}hmac-sha1`,
              `<HMACOutputLength>${bits}</HMACOutputLength>`,
            ),
          }),
        signatureValue: (hmac) =>
          bits === '160' ? hmac.toString('base64') : hmac.subarray(0, Number(bits) / 8).toString('base64'),
      }),
      bits === '160' ? /SignatureMethod has a parameter/ : /SignatureValue of the signature is not 20 octets/,
    ]),
    [
      'HMACOutputLength 8 with a whole HMAC',
      withSignedInfo({
        signatureMethod: algorithm(
          'SignatureMethod',
          `${dsig}hmac-sha1`,
          '<HMACOutputLength>8</HMACOutputLength>',
        ),
      }),
      /SignatureMethod has a parameter/,
    ],
    [
      'text in the SignatureMethod',
      withSignedInfo({ signatureMethod: algorithm('SignatureMethod', `${dsig}hmac-sha1`, '8') }),
      /SignatureMethod of the signature holds something unknown/,
    ],
    [
      'a parameter of the DigestMethod',
      withSignedInfo({ digestMethod: algorithm('DigestMethod', `${dsig}sha1`, '<x></x>') }),
      /DigestMethod has a parameter/,
    ],
    ...(
      [
        ['in another namespace', `<InclusiveNamespaces PrefixList="o"></InclusiveNamespaces>`],
        ['twice', `<e:InclusiveNamespaces xmlns:e="${exclusive}"></e:InclusiveNamespaces>`.repeat(2)],
        [
          'with something in it',
          `<e:InclusiveNamespaces xmlns:e="${exclusive}"><XPath></XPath></e:InclusiveNamespaces>`,
        ],
        [
          'with no prefixes but other text',
          `<e:InclusiveNamespaces xmlns:e="${exclusive}" PrefixList="../x"></e:InclusiveNamespaces>`,
        ],
        [
          'with very many prefixes',
          `<e:InclusiveNamespaces xmlns:e="${exclusive}" PrefixList="${'a '.repeat(2_000)}"></e:InclusiveNamespaces>`,
        ],
      ] as const
    ).map(([what, parameter]): Attack => [
      `InclusiveNamespaces ${what}`,
      withSignedInfo({ transforms: algorithm('Transform', exclusive, parameter) }),
      /Transform of the signature has a malformed parameter/,
    ]),
  ],

  references: [
    ['an empty URI, which means the whole document', withSignedInfo({ uri: '' }), /is not to an id/],
    [
      'no URI',
      deviating({ signedInfo: (digest) => signedInfoOf({ digest }).replace(' URI="#_0"', '') }),
      /has no URI/,
    ],
    ['an external URI', withSignedInfo({ uri: 'http://127.0.0.1/_0' }), /is not to an id/],
    ['a file', withSignedInfo({ uri: 'file:///etc/hostname' }), /is not to an id/],
    ['an external URI with a fragment', withSignedInfo({ uri: 'x.xml#_0' }), /is not to an id/],
    ['an empty fragment', withSignedInfo({ uri: '#' }), /does not mean the Timestamp/],
    ['an XPointer', withSignedInfo({ uri: "#xpointer(id('_0'))" }), /does not mean the Timestamp/],
    ['the root by XPointer', withSignedInfo({ uri: '#xpointer(/)' }), /does not mean the Timestamp/],
    ['the context token instead', withSignedInfo({ uri: `#${tokenId}` }), /does not mean the Timestamp/],
    [
      'no Reference',
      deviating({
        signedInfo: (digest) => signedInfoOf({ digest }).replace(/<Reference.*<\/Reference>/, ''),
      }),
      /SignedInfo of the signature is not just/,
    ],
    [
      'two References',
      deviating({
        signedInfo: (digest) =>
          signedInfoOf({ digest }).replace('<Reference', `${reference({ digest, uri: `#${tokenId}` })}$&`),
      }),
      /SignedInfo of the signature is not just/,
    ],
    [
      'no Transforms',
      withSignedInfo({ transforms: '' }),
      /Transforms of the signature is not just Transform/,
    ],
    [
      'two Transforms',
      withSignedInfo({ transforms: algorithm('Transform', exclusive).repeat(2) }),
      /Transforms of the signature is not just Transform/,
    ],
  ],
} satisfies Readonly<Record<string, readonly Attack[]>>;

describe('Quality 26: a message that was signed otherwise', () => {
  areRefused(attacks);

  it('is refused before anything is canonicalised when its shape is wrong', () => {
    const judge = (message: string): (() => void) => {
      const root = readXml(message);
      // With a text that is not XML, the canonicaliser has its say as soon as it is asked.
      return () => verifySignedTimestamp({ text: '', root }, signedPartsOf(root), key);
    };
    expect(judge(signedMessage(session))).to.throw(InvalidSecurity, /cannot read/);
    for (const kind of ['foreign algorithms', 'parameters', 'references'] as const) {
      for (const [, text, rule] of attacks[kind]) expect(judge(text)).to.throw(InvalidSecurity, rule);
    }
  });
});
