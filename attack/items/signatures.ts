import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { onHospital, onTarget, type Item, type Probe } from '../item.js';
import { insist, legalFault, tells, tellsNobody } from '../judge.js';
import {
  demographicsBody,
  NS,
  personBody,
  PERSON_SERVICE_PATH,
  GET_PERSON,
  post,
  question,
  security,
  timestamp,
  usernameToken,
} from '../wire/message.js';
import {
  cancelMessage,
  canonicalTimestamp,
  DSIG,
  EXCLUSIVE,
  keyInfo,
  openSession,
  pSha1,
  sessionCall,
  signature,
  signedHeader,
  type Session,
} from '../wire/session.js';
import type { Target } from '../world/target.js';

const REFUSED = {
  code: ['InvalidSecurity', 'FailedCheck', 'InvalidSecurityToken', 'BadContextToken'],
} as const;

/** The session's own key info. */
const own = (session: Session): string => keyInfo(`#${session.tokenId}`);

/** A Timestamp of a quarter of an hour ago, as somebody may have seen it pass, with its signature. */
function seen(session: Session): { readonly timestamp: string; readonly signature: string } {
  const stale = canonicalTimestamp(-900);
  return {
    timestamp: stale,
    signature: signature({ timestamp: stale, key: session.key, keyInfo: own(session) }),
  };
}

type Write = (session: Session, target: Target) => string;

/** Each is a message in a session, in which something is wrong. */
const wrong: readonly (readonly [string, Write])[] = [
  [
    'a Timestamp that was changed',
    (session, target) =>
      sessionCall(target, session).replace(/(<u:Expires>\d{4})/, (text) => text.slice(0, -1) + '9'),
  ],
  [
    'a stale Timestamp, rightly signed',
    (session, target) =>
      sessionCall(target, session, signedHeader(session, { timestamp: canonicalTimestamp(-900) })),
  ],
  [
    'a SignatureValue of another key',
    (session, target) => sessionCall(target, session, signedHeader({ ...session, key: Buffer.alloc(32) })),
  ],
  [
    'an empty SignatureValue',
    (session, target) => sessionCall(target, session, signedHeader(session, { signatureValue: () => '' })),
  ],
  [
    'a SignatureValue cut to 8 octets',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, {
          signatureValue: (right) => Buffer.from(right, 'base64').subarray(0, 8).toString('base64'),
        }),
      ),
  ],
  [
    'HMACOutputLength 0',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, {
          moreOfSignatureMethod: '<HMACOutputLength>0</HMACOutputLength>',
          signatureValue: () => '',
        }),
      ),
  ],
  [
    'HMACOutputLength 8',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, {
          moreOfSignatureMethod: '<HMACOutputLength>8</HMACOutputLength>',
          signatureValue: (right) => Buffer.from(right, 'base64').subarray(0, 1).toString('base64'),
        }),
      ),
  ],
  [
    'HMACOutputLength 160',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, { moreOfSignatureMethod: '<HMACOutputLength>160</HMACOutputLength>' }),
      ),
  ],
  [
    'HMAC-SHA256',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, { signatureMethod: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256' }),
      ),
  ],
  [
    'RSA-SHA1 with a key of the attacker',
    (session, target) => sessionCall(target, session, withRsa(session)),
  ],
  [
    'the session key as a password: HMAC with the public identifier',
    (session, target) =>
      sessionCall(target, session, signedHeader({ ...session, key: Buffer.from(session.identifier) })),
  ],
  [
    'no key at all: HMAC with nothing',
    (session, target) => sessionCall(target, session, signedHeader({ ...session, key: Buffer.alloc(0) })),
  ],
  [
    'digest by SHA-256',
    (session, target) => {
      const stamp = canonicalTimestamp();
      return sessionCall(
        target,
        session,
        signedHeader(session, {
          timestamp: stamp,
          digestMethod: 'http://www.w3.org/2001/04/xmlenc#sha256',
          digest: createHash('sha256').update(stamp).digest('base64'),
        }),
      );
    },
  ],
  [
    'inclusive canonicalisation',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, { canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' }),
      ),
  ],
  [
    'exclusive canonicalisation with comments',
    (session, target) =>
      sessionCall(target, session, signedHeader(session, { canonicalization: `${EXCLUSIVE}WithComments` })),
  ],
  [
    'an XPath transform',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, {
          transforms:
            '<Transforms><Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath>self::text()</XPath></Transform></Transforms>',
        }),
      ),
  ],
  [
    'an XSLT transform',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, {
          transforms:
            '<Transforms><Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/></Transform></Transforms>',
        }),
      ),
  ],
  [
    'the enveloped-signature transform',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, {
          transforms: `<Transforms><Transform Algorithm="${DSIG}enveloped-signature"></Transform><Transform Algorithm="${EXCLUSIVE}"></Transform></Transforms>`,
        }),
      ),
  ],
  [
    'no transforms',
    (session, target) => sessionCall(target, session, signedHeader(session, { transforms: '' })),
  ],
  [
    'a hundred transforms',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, {
          transforms: `<Transforms>${`<Transform Algorithm="${EXCLUSIVE}"></Transform>`.repeat(100)}</Transforms>`,
        }),
      ),
  ],
  [
    'a Reference with an empty URI',
    (session, target) => sessionCall(target, session, signedHeader(session, { uri: '' })),
  ],
  [
    'a Reference with an external URI',
    (session, target) =>
      sessionCall(target, session, signedHeader(session, { uri: 'http://127.0.0.1:1/timestamp' })),
  ],
  [
    'a Reference with an XPointer',
    (session, target) => sessionCall(target, session, signedHeader(session, { uri: "#xpointer(id('_0'))" })),
  ],
  [
    'a Reference without a URI',
    (session, target) => sessionCall(target, session, signedHeader(session).replace(' URI="#_0"', '')),
  ],
  ['a Reference to the Body instead', (session, target) => withBodySigned(session, target)],
  [
    'no Reference',
    (session, target) => sessionCall(target, session, signedHeader(session, { reference: '' })),
  ],
  [
    'a comment inside DigestValue',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session).replace(/<DigestValue>(....)/, '<DigestValue>$1<!-- -->'),
      ),
  ],
  [
    'a comment inside SignatureValue',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session).replace(/<SignatureValue>(....)/, '<SignatureValue>$1<!-- -->'),
      ),
  ],
  [
    'a comment inside Created',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session).replace(/<u:Created>(....)/, '<u:Created>$1<!-- -->'),
      ),
  ],
  [
    'two SignedInfo',
    (session, target) =>
      sessionCall(target, session, signedHeader(session, { signedInfo: (right) => right + right })),
  ],
  [
    'two Signatures',
    (session, target) =>
      sessionCall(target, session, signedHeader(session).replace(/(<Signature .*<\/Signature>)/, '$1$1')),
  ],
  [
    'two Timestamps, the second one signed',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session).replace('<u:Timestamp', `${timestamp().replace('_0', '_1')}<u:Timestamp`),
      ),
  ],
  [
    'two elements with the id of the Timestamp',
    (session, target) =>
      sessionCall(target, session, signedHeader(session), {
        moreHeaders: '<x:a xmlns:x="urn:x" u:Id="_0"/>',
      }),
  ],
  [
    'the same by an attribute Id',
    (session, target) =>
      sessionCall(target, session, signedHeader(session), { moreHeaders: '<x:a xmlns:x="urn:x" Id="_0"/>' }),
  ],
  [
    'the same by an attribute ID in the Body',
    (session, target) =>
      sessionCall(target, session, signedHeader(session), {
        body: demographicsBody(target.person.nin).replace('<t:GetDemographics', '<t:GetDemographics ID="_0"'),
      }),
  ],
  [
    'the same by xml:id',
    (session, target) =>
      sessionCall(target, session, signedHeader(session), {
        moreHeaders: '<x:a xmlns:x="urn:x" xml:id="_0"/>',
      }),
  ],
  [
    'a Timestamp whose id is called ID',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, { timestamp: canonicalTimestamp().replace('u:Id', 'u:ID') }),
      ),
  ],
  ['no KeyInfo', (session, target) => sessionCall(target, session, signedHeader(session, { keyInfo: '' }))],
  [
    'KeyInfo with a KeyName',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, { keyInfo: '<KeyInfo><KeyName>session</KeyName></KeyInfo>' }),
      ),
  ],
  [
    'KeyInfo with a certificate of the attacker',
    (session, target) =>
      sessionCall(
        target,
        session,
        signedHeader(session, {
          keyInfo: '<KeyInfo><X509Data><X509Certificate>AAAA</X509Certificate></X509Data></KeyInfo>',
        }),
      ),
  ],
  [
    'KeyInfo that refers to something else',
    (session, target) => sessionCall(target, session, signedHeader(session, { keyInfo: keyInfo('#_0') })),
  ],
  [
    'KeyInfo that refers to nothing',
    (session, target) => sessionCall(target, session, signedHeader(session, { keyInfo: keyInfo('#none') })),
  ],
  [
    'an Object inside the Signature',
    (session, target) =>
      sessionCall(target, session, signedHeader(session).replace('</Signature>', '<Object/></Signature>')),
  ],
  [
    'a Signature and no context token',
    (session, target) => sessionCall(target, session, signedHeader(session, { token: '' })),
  ],
  [
    'a context token and no Signature',
    (session, target) =>
      sessionCall(target, session, signedHeader(session).replace(/<Signature .*<\/Signature>/, '')),
  ],
  [
    'a context token, no Signature, and a right password',
    (session, target) =>
      sessionCall(
        target,
        session,
        security(
          timestamp() + session.token + usernameToken(target.account.username, target.account.password),
        ),
      ),
  ],
  [
    'two context tokens',
    (session, target) =>
      sessionCall(target, session, signedHeader(session, { token: session.token + session.token })),
  ],
];

/** Signature wrapping: what was signed once is moved, and something new stands in its place. */
const wrapped: readonly (readonly [string, Write])[] = [
  [
    'in a header of its own',
    (session, target) =>
      wrap(session, target, (old) => ({ moreHeaders: `<x:w xmlns:x="urn:x">${old}</x:w>` })),
  ],
  [
    'in the Body',
    (session, target) =>
      wrap(session, target, (old) => ({
        body: demographicsBody(target.person.nin).replace(
          '</t:GetDemographics>',
          `${old}</t:GetDemographics>`,
        ),
      })),
  ],
  [
    'beside the new one, before it',
    (session, target) =>
      wrap(
        session,
        target,
        () => ({}),
        (old, fresh) => old + fresh,
      ),
  ],
  [
    'beside the new one, after it',
    (session, target) =>
      wrap(
        session,
        target,
        () => ({}),
        (old, fresh) => fresh + old,
      ),
  ],
  [
    'inside the new one',
    (session, target) =>
      wrap(
        session,
        target,
        () => ({}),
        (old, fresh) => fresh.replace('</u:Timestamp>', `${old}</u:Timestamp>`),
      ),
  ],
  [
    'around the new one',
    (session, target) =>
      wrap(
        session,
        target,
        () => ({}),
        (old, fresh) => old.replace('</u:Timestamp>', `${fresh}</u:Timestamp>`),
      ),
  ],
  [
    'inside the Signature',
    (session, target) =>
      wrap(
        session,
        target,
        () => ({}),
        undefined,
        (signed, old) => signed.replace('</Signature>', `<Object>${old}</Object></Signature>`),
      ),
  ],
  [
    'inside KeyInfo',
    (session, target) =>
      wrap(
        session,
        target,
        () => ({}),
        undefined,
        (signed, old) => signed.replace('<KeyInfo>', `<KeyInfo>${old}`),
      ),
  ],
  [
    'in a second Security header for somebody else',
    (session, target) =>
      wrap(session, target, (old) => ({
        moreHeaders: `<o:Security xmlns:o="${NS.security}" s:role="urn:other">${old}</o:Security>`,
      })),
  ],
  [
    'in the context token',
    (session, target) =>
      wrap(
        { ...session },
        target,
        () => ({}),
        undefined,
        undefined,
        (token, old) => token.replace('</c:SecurityContextToken>', `${old}</c:SecurityContextToken>`),
      ),
  ],
];

function wrap(
  session: Session,
  target: Target,
  elsewhere: (old: string) => { moreHeaders?: string; body?: string },
  stamps: (old: string, fresh: string) => string = (_, fresh) => fresh,
  signatures: (signed: string, old: string) => string = (signed) => signed,
  tokens: (token: string, old: string) => string = (token) => token,
): string {
  const { timestamp: old, signature: signed } = seen(session);
  const fresh = timestamp().replace('u:Id="_0"', 'u:Id="_1"');
  const header = security(stamps(old, fresh) + tokens(session.token, old) + signatures(signed, old));
  return sessionCall(target, session, header, elsewhere(old));
}

function withRsa(session: Session): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stamp = canonicalTimestamp();
  const digest = createHash('sha1').update(stamp).digest('base64');
  const info =
    `<SignedInfo xmlns="${DSIG}"><CanonicalizationMethod Algorithm="${EXCLUSIVE}"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="${DSIG}rsa-sha1"></SignatureMethod><Reference URI="#_0"><Transforms><Transform Algorithm="${EXCLUSIVE}"></Transform></Transforms>` +
    `<DigestMethod Algorithm="${DSIG}sha1"></DigestMethod><DigestValue>${digest}</DigestValue></Reference></SignedInfo>`;
  const value = sign('sha1', Buffer.from(info), privateKey).toString('base64');
  return security(
    `${stamp}${session.token}<Signature xmlns="${DSIG}">${info.replace(` xmlns="${DSIG}"`, '')}<SignatureValue>${value}</SignatureValue>${own(session)}</Signature>`,
  );
}

/** The Body is signed, and the Timestamp is not. */
function withBodySigned(session: Session, target: Target): string {
  const body = `<s:Body xmlns:s="${NS.soap12}" xmlns:u="${NS.utility}" u:Id="_b"><x xmlns="urn:x"></x></s:Body>`;
  const digest = createHash('sha1').update(body).digest('base64');
  const header = security(
    timestamp() +
      session.token +
      signature({ timestamp: '', key: session.key, uri: '#_b', digest, keyInfo: own(session) }),
  );
  return question(target, { security: header }).replace(/<s:Body>.*<\/s:Body>/s, body);
}

function refusedProbe([tried, write]: readonly [string, Write], quick = false): Probe {
  return onTarget(
    tried,
    async (target) => {
      const session = await openSession(target);
      const answer = await post(target, write(session, target));
      tellsNobody(target, answer);
      return legalFault(answer, REFUSED);
    },
    quick,
  );
}

export const signatures: Item = {
  number: 26,
  title: 'A signature that is wrong in any way, or moved, is refused',
  probes: [
    onTarget(
      'for comparison: a right one, by our own arithmetic',
      async (target) => {
        // The vector of the contract first, so that the arithmetic is not ours alone.
        const entropy = (from: number): Buffer =>
          Buffer.from(Array.from({ length: 32 }, (_, index) => from + index));
        insist(
          pSha1(entropy(0), entropy(32)).toString('hex') ===
            'df59132c2af6d230e4337732076a14561694be12838cc00203d63c816653d75b',
          'the arithmetic of this program is wrong',
        );
        return tells(target, await post(target, sessionCall(target, await openSession(target))));
      },
      true,
    ),
    ...wrong.map((one, index) => refusedProbe(one, index < 3)),
    ...wrapped.map(([where, write], index) =>
      refusedProbe([`the signed Timestamp moved: ${where}`, write], index < 1),
    ),
    onTarget('a context token that was changed', async (target) => {
      const session = await openSession(target);
      const cookie = /<Cookie[^>]*>([^<]+)</.exec(session.token)?.[1] ?? '';
      for (const at of [0, 5, Math.floor(cookie.length / 2), cookie.length - 3]) {
        const changed = cookie.slice(0, at) + (cookie[at] === 'A' ? 'B' : 'A') + cookie.slice(at + 1);
        const header = signedHeader(session, { token: session.token.replace(cookie, changed) });
        legalFault(await post(target, sessionCall(target, session, header)), REFUSED);
      }
      const other = await openSession(target);
      const mixed = session.token.replace(session.identifier, other.identifier);
      legalFault(
        await post(target, sessionCall(target, session, signedHeader(session, { token: mixed }))),
        REFUSED,
      );
      const none = session.token.replace(cookie, '');
      return legalFault(
        await post(target, sessionCall(target, session, signedHeader(session, { token: none }))),
        REFUSED,
      );
    }),
    onTarget('a context token that the attacker made up', async (target) => {
      const session = await openSession(target);
      const made = `<c:SecurityContextToken xmlns:c="http://schemas.xmlsoap.org/ws/2005/02/sc" xmlns:u="${NS.utility}" u:Id="${session.tokenId}"><c:Identifier>urn:uuid:00000000-0000-4000-8000-000000000000</c:Identifier></c:SecurityContextToken>`;
      return legalFault(
        await post(target, sessionCall(target, session, signedHeader(session, { token: made }))),
        REFUSED,
      );
    }),
    onTarget('a session that was cancelled', async (target) => {
      const session = await openSession(target);
      const answer = await post(target, cancelMessage(session));
      insist(
        answer.status === 200 && answer.text.includes('RequestedTokenCancelled'),
        `cancel: HTTP ${answer.status}`,
      );
      return legalFault(await post(target, sessionCall(target, session)), { code: 'BadContextToken' });
    }),
    onTarget('somebody ends the session of somebody else without its key', async (target) => {
      const session = await openSession(target);
      const mine = await openSession(target);
      const theft = cancelMessage({ ...mine, identifier: session.identifier });
      legalFault(await post(target, theft), { code: 'InvalidRequest' });
      return tells(target, await post(target, sessionCall(target, session)));
    }),
    onHospital('a session at a service that its client may not use', async ({ target, accounts }) => {
      const { username, password } = accounts.narrow;
      const header = security(timestamp() + usernameToken(username, password));
      const session = await openSession({ ...target, account: accounts.narrow }, header).catch(
        () => undefined,
      );
      if (session === undefined) return 'no session is given at this address';
      const answer = await post(target, sessionCall(target, session));
      tellsNobody(target, answer);
      const came = legalFault(answer, { code: 'Sender' });
      const allowed = question(target, {
        security: signedHeader(session),
        action: GET_PERSON,
        body: personBody(target.person.nin),
      });
      tells(target, await post(target, allowed, { path: PERSON_SERVICE_PATH }));
      return came;
    }),
    onHospital('a session outlives kill -9, and a changed password ends it', async (hospital) => {
      const { target } = hospital;
      const session = await openSession(target);
      await hospital.restart({ kill: true });
      return tells(target, await post(target, sessionCall(target, session)));
    }),
  ],
};
