import { InvalidSecurity } from '../../src/errors/errors.js';
import { expect } from 'chai';
import { judgeSignature } from './judge-signature.js';
import { sessionVectors } from './session-vectors.js';
import {
  contextToken,
  signedInfoOf,
  signedMessage,
  type SignedInfoTexts,
  type Signing,
} from './signed-message.js';
import type { MessageParts } from './soap-request.js';

/** What a message is that must be refused, its text, and the rule that refuses it. */
export type Attack = readonly [what: string, text: string, rule: RegExp];

const { key, tokenId, tokenIdentifier } = sessionVectors;

/** The session that is attacked. */
export const session: Signing = { token: contextToken(tokenId, tokenIdentifier), key };

/** A message signed by one who has the key, and deviates. */
export function deviating(deviation: Partial<Signing>, parts?: MessageParts): string {
  return signedMessage({ ...session, ...deviation }, parts);
}

/** The same with other parts of SignedInfo. */
export function withSignedInfo(texts: Partial<SignedInfoTexts>): string {
  return deviating({ signedInfo: (digest) => signedInfoOf({ digest, ...texts }) });
}

/** A message of somebody else, changed by one who has no key. */
export function tampered(from: string | RegExp, to: string): string {
  const genuine = signedMessage(session);
  const text = genuine.replace(from, to);
  if (text === genuine) throw new Error('nothing was changed');
  return text;
}

/** A test for each attack. */
export function areRefused(attacks: Readonly<Record<string, readonly Attack[]>>): void {
  for (const [kind, list] of Object.entries(attacks)) {
    describe(kind, () => {
      for (const [what, text, rule] of list) {
        it(`is refused: ${what}`, () => {
          expect(() => judgeSignature(text, key))
            .to.throw(InvalidSecurity, rule)
            .with.property('message')
            .not.match(/2025|urn:|uuid|secret|http/);
        });
      }
    });
  }
}
