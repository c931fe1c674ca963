import { expect } from 'chai';
import { judgeSignature } from '../support/judge-signature.js';
import { sessionVectors } from '../support/session-vectors.js';
import {
  areRefused,
  deviating,
  session,
  tampered,
  withSignedInfo,
  type Attack,
} from '../support/signature-attacks.js';
import {
  signatureAround,
  signatureNamespaces,
  signedInfoAround,
  signedInfoOf,
  signedMessage,
  timestampFrom,
} from '../support/signed-message.js';
import { timestamp } from '../support/soap-request.js';

const { key, tokenId } = sessionVectors;
const { signature: dsig } = signatureNamespaces;
/** The attacker's: good a day longer. */
const evil = timestampFrom(new Date('2025-01-16T10:30:00Z'));

describe('Quality 26: a message whose signature does not hold for it', () => {
  it('is told from the genuine one, which is accepted', () => {
    expect(judgeSignature(signedMessage(session), key).created).to.equal(Date.parse('2025-01-15T10:30:00Z'));
  });

  areRefused({
    'wrapping: the judged Timestamp is not the signed one': [
      [
        'two Timestamps with one id, the attacker’s first',
        deviating({ header: (parts) => evil + parts.timestamp + parts.token + parts.signature }),
        /id of the Timestamp is not its alone/,
      ],
      [
        'two Timestamps with one id, the attacker’s last',
        deviating({ header: (parts) => parts.timestamp + parts.token + parts.signature + evil }),
        /id of the Timestamp is not its alone/,
      ],
      [
        'two Timestamps, the attacker’s first and with an id of its own',
        deviating({
          header: (parts) => evil.replace('_0', '_1') + parts.timestamp + parts.token + parts.signature,
        }),
        /reference in the signature does not mean the Timestamp/,
      ],
      [
        'the attacker’s Timestamp first and without an id',
        deviating({
          header: (parts) => evil.replace(' u:Id="_0"', '') + parts.timestamp + parts.token + parts.signature,
        }),
        /reference in the signature does not mean the Timestamp/,
      ],
      ...(['moreHeaders', 'body'] as const).map((place): Attack => [
        `the signed Timestamp moved to ${place === 'body' ? 'the body' : 'another header'}, the attacker’s in its place`,
        deviating(
          { header: (parts) => evil + parts.token + parts.signature },
          { [place]: `<w:Wrapper xmlns:w="urn:w">${timestamp}</w:Wrapper>` },
        ),
        /id of the Timestamp is not its alone/,
      ]),
      [
        'the signed Timestamp moved into the Signature',
        deviating({
          header: (parts) =>
            evil + parts.token + parts.signature.replace('</Signature>', `<Object>${timestamp}</Object>$&`),
        }),
        /Signature of the signature is not just/,
      ],
      [
        'the signed Timestamp moved into the context token',
        deviating({
          header: (parts) => evil + parts.token.replace('<c:Identifier', `${timestamp}$&`) + parts.signature,
        }),
        /id of the Timestamp is not its alone/,
      ],
      [
        'the signed Timestamp moved into the attacker’s',
        deviating({
          header: (parts) => evil.replace('</u:Timestamp>', `${timestamp}$&`) + parts.token + parts.signature,
        }),
        /id of the Timestamp is not its alone/,
      ],
      [
        'the attacker’s Timestamp around the signed one, which keeps the id',
        deviating({
          header: (parts) =>
            evil.replace('_0', '_1').replace('</u:Timestamp>', `${timestamp}$&`) +
            parts.token +
            parts.signature,
        }),
        /reference in the signature does not mean the Timestamp/,
      ],
      ...['Id', 'ID', 'id', 'iD', 'xml:id', 'u:ID', 'u:id', 's:Id', 'xml:Id'].map((attribute): Attack => [
        `the id a second time, as ${attribute} in the body`,
        deviating({}, { body: `<w:Wrapper xmlns:w="urn:w" ${attribute}="_0"/>` }),
        /id of the Timestamp is not its alone/,
      ]),
      [
        'the id a second time, with white space around it',
        deviating({}, { body: '<w:Wrapper xmlns:w="urn:w" xml:id=" _0&#10;"/>' }),
        /id of the Timestamp is not its alone/,
      ],
      [
        'the id a second time on the same Timestamp',
        deviating({ timestamp: timestamp.replace(' u:Id', ' Id="_0" u:Id') }),
        /id of the Timestamp is not its alone/,
      ],
      [
        'the id a second time on the context token',
        deviating({ token: session.token.replace(tokenId, '_0') }),
        /is not its alone/,
      ],
      ...['Id', 'ID', 'id', 'xml:id', 'u:ID'].map((attribute): Attack => [
        `the id on the Timestamp as ${attribute} only`,
        deviating({
          header: (parts) => parts.timestamp.replace('u:Id', attribute) + parts.token + parts.signature,
        }),
        /reference in the signature does not mean the Timestamp/,
      ]),
      [
        'a Timestamp in another namespace',
        deviating({
          header: (parts) =>
            parts.timestamp
              .replace('<u:Timestamp', '<Timestamp xmlns="urn:x"')
              .replace('</u:Timestamp', '</Timestamp') +
            parts.token +
            parts.signature,
        }),
        /of another kind/,
      ],
      [
        'a Signature in another namespace',
        deviating({
          header: (parts) => parts.timestamp + parts.token + parts.signature.replace(dsig, 'urn:x'),
        }),
        /not one of XML Signature/,
      ],
    ],

    'a Timestamp that was changed': [
      [
        'Created',
        tampered('10:30:00.000Z</u:Created>', '10:30:00.001Z</u:Created>'),
        /not the one that was signed/,
      ],
      [
        'Expires',
        tampered('10:35:00.000Z</u:Expires>', '11:35:00.000Z</u:Expires>'),
        /not the one that was signed/,
      ],
      ['Expires taken out', tampered(/<u:Expires>[^<]*<\/u:Expires>/, ''), /not the one that was signed/],
      ['white space put in', tampered('<u:Created>', ' <u:Created>'), /not the one that was signed/],
      ['an attribute put in', tampered('<u:Timestamp', '<u:Timestamp a="b"'), /not the one that was signed/],
      [
        'Created and Expires that are signed and wrong',
        deviating({ timestamp: timestamp.replace('10:30:00.000Z', '10:30') }),
        /date in the Timestamp is malformed/,
      ],
      [
        'two Createds that are signed',
        deviating({
          timestamp: timestamp.replace('<u:Created>', '<u:Created>2025-01-15T10:00:00Z</u:Created>$&'),
        }),
        /not one Created/,
      ],
      [
        'a Timestamp that goes on and on',
        deviating({ timestamp: timestamp.replace('</u:Timestamp>', `${'<u:x></u:x>'.repeat(3_000)}$&`) }),
        /too long/,
      ],
    ],

    comments: [
      ['in Created', tampered('<u:Created>2025', '<u:Created>2025<!--x-->'), /comment/],
      ['in the Timestamp', tampered('<u:Created>', '<!--x--><u:Created>'), /comment/],
      ['in DigestValue', tampered('<DigestValue>', '<DigestValue><!--x-->'), /comment/],
      ['in SignedInfo', tampered('<Reference', '<!--x--><Reference'), /comment/],
      ['in SignatureValue', tampered('</SignatureValue>', '<!--x--></SignatureValue>'), /comment/],
      ['in KeyInfo', tampered('<KeyInfo>', '<KeyInfo><!--x-->'), /comment/],
    ],

    'values of the wrong size or form': [
      ...[0, 1, 8, 10, 19].map((length): Attack => [
        `an HMAC cut to ${length} octets`,
        deviating({ signatureValue: (hmac) => hmac.subarray(0, length).toString('base64') }),
        /SignatureValue of the signature is not 20 octets/,
      ]),
      [
        'an HMAC with an octet more',
        deviating({ signatureValue: (hmac) => Buffer.concat([hmac, Buffer.of(0)]).toString('base64') }),
        /SignatureValue of the signature is not 20 octets/,
      ],
      [
        'an HMAC with other bits in the padding',
        deviating({
          signatureValue: (hmac) =>
            hmac.toString('base64').replace(/(.)=$/, (_, last: string) => `${nextBase64(last)}=`),
        }),
        /SignatureValue of the signature is not 20 octets/,
      ],
      [
        'an HMAC without padding',
        deviating({ signatureValue: (hmac) => hmac.toString('base64').replace('=', '') }),
        /SignatureValue of the signature is not 20 octets/,
      ],
      [
        'an HMAC in base64url',
        deviating({ signatureValue: (hmac) => `-_${hmac.toString('base64').slice(2)}` }),
        /SignatureValue of the signature is not 20 octets/,
      ],
      [
        'an HMAC in hexadecimal',
        deviating({ signatureValue: (hmac) => hmac.toString('hex') }),
        /not 20 octets/,
      ],
      [
        'elements inside SignatureValue',
        deviating({ signatureValue: (hmac) => `${hmac.toString('base64')}<x/>` }),
        /not 20 octets/,
      ],
      [
        'an HMAC whose last bit is another',
        deviating({
          signatureValue: (hmac) => {
            const other = Buffer.from(hmac);
            other[19] = (other[19] ?? 0) ^ 1;
            return other.toString('base64');
          },
        }),
        /the signature is wrong/,
      ],
      ['an empty digest', withSignedInfo({ digest: '' }), /DigestValue of the signature is not 20 octets/],
      [
        'a short digest',
        withSignedInfo({ digest: 'w5oJBBArCDXmbI1sNQX5gw==' }),
        /DigestValue of the signature is not 20/,
      ],
      [
        'a digest of something else',
        withSignedInfo({ digest: Buffer.alloc(20).toString('base64') }),
        /not the one that was signed/,
      ],
    ],

    'shapes that another reader might understand differently': [
      [
        'two SignedInfos, the attacker’s first',
        deviating({
          header: (parts) =>
            evil + parts.token + parts.signature.replace('<SignedInfo', `${signedInfoAround('<x></x>')}$&`),
        }),
        /Signature of the signature is not just/,
      ],
      [
        'a SignedInfo inside the SignedInfo',
        deviating({ signedInfo: (digest) => signedInfoAround(signedInfoOf({ digest })) }),
        /SignedInfo of the signature is not just/,
      ],
      [
        'two SignatureValues',
        tampered('<SignatureValue>', '<SignatureValue>AAAA</SignatureValue><SignatureValue>'),
        /Signature of the signature is not just/,
      ],
      [
        'parts in another order',
        deviating({
          signature: ({ signedInfo, signatureValue, keyInfo }) =>
            signatureAround(keyInfo + signedInfo + signatureValue),
        }),
        /Signature of the signature is not just/,
      ],
      [
        'an Object',
        tampered('</Signature>', '<Object/></Signature>'),
        /Signature of the signature is not just/,
      ],
      [
        'text in the Signature',
        tampered('<SignedInfo', 'x<SignedInfo'),
        /Signature of the signature is not just/,
      ],
      [
        'text in the SignedInfo',
        tampered('<Reference', 'x<Reference'),
        /SignedInfo of the signature is not just/,
      ],
      [
        'text in the Reference',
        tampered('<Transforms', 'x<Transforms'),
        /Reference of the signature is not just/,
      ],
      [
        'an unknown attribute',
        tampered('<SignedInfo', '<SignedInfo a="b"'),
        /SignedInfo of the signature is not just/,
      ],
      [
        'a SignedInfo in another namespace',
        tampered('<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#"', '<SignedInfo xmlns="urn:x"'),
        /Signature of the signature is not just/,
      ],
      [
        'a relative namespace, which has no canonical form',
        deviating({ timestamp: timestamp.replace('<u:Created', '<x xmlns="secret-name"></x>$&') }),
        /without a canonical form/,
      ],
      ['a Signature that is empty', deviating({ signature: () => signatureAround('') }), /is not just/],
    ],
  });
});

/** The next letter of base64: for the last of 20 octets, other bits that a lenient decoder throws away. */
function nextBase64(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return alphabet.charAt(alphabet.indexOf(letter) + 1);
}
