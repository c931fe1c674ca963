import { TRUST } from './namespaces.js';

/** What both sides of WS-Trust February 2005 say when they make the key of a security context (contract: preg-hl7v3 1.5). */

/** How the key is made of both entropies: by P_SHA1. */
export const COMPUTED_KEY = `${TRUST}/CK/PSHA1`;

/** Type of a BinarySecret that is an entropy. */
export const NONCE = `${TRUST}/Nonce`;

/** Octets of a session key, and of what each side adds to it. */
export const KEY_LENGTH = 32;

/** What a request wants done. */
export type TrustAim = 'Issue' | 'Renew' | 'Cancel';

/** The end of the actions of a request and its reply, `…/RST/SCT` and `…/RSTR/SCT` and so on (contract 1.3). */
const places: Readonly<Record<TrustAim, string>> = {
  Issue: 'SCT',
  Renew: 'SCT/Renew',
  Cancel: 'SCT/Cancel',
};

/** WS-Addressing actions of a request about a security context, and of its reply. */
export function trustActions(aim: TrustAim): { readonly action: string; readonly replyAction: string } {
  return { action: `${TRUST}/RST/${places[aim]}`, replyAction: `${TRUST}/RSTR/${places[aim]}` };
}
