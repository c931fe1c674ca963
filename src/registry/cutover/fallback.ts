import type { ErrorCode } from '../../errors/catalogue.js';
import type { AdapterError } from '../../errors/errors.js';
import type { Caller } from '../person-registry.js';
import type { CutoverSettings } from './cutover.js';
import type { Source } from './route.js';

/** So much of the time that is left has the register of the route where the other one may answer in its place. */
const SHARE_OF_FIRST = 0.6;

/** What passes by itself, and is no outage of a register. */
const notOfRegister: ReadonlySet<ErrorCode> = new Set([
  'caller-left',
  'audit-unavailable',
  'store-failed',
  'overloaded',
]);

/** What whoever asks has brought about, so that the register has done nothing wrong. */
const ofTheAsker: ReadonlySet<ErrorCode> = new Set([
  'caller-left',
  'invalid-query',
  'too-many-hits',
  'not-authorised',
  'malformed-request',
]);

/** Whether an error is due to whoever asks, as the register sees it. */
export function isOfTheAsker(code: ErrorCode): boolean {
  return ofTheAsker.has(code);
}

/** Whether a policy lets the other register answer in place of one. */
export function mayFallBack(fallback: CutoverSettings['fallback'], from: Source): boolean {
  return fallback === 'both' || fallback === (from === 'preg' ? 'to-persontjenesten' : 'to-preg');
}

/** Whether an error means that the register is out of order for now, and not that it has answered. */
export function isOutage({ code, description }: AdapterError): boolean {
  return description.retry === 'transient' && !notOfRegister.has(code);
}

/** Whether an error is trouble of the register, passing or not. */
export function isTroubleOfRegister({ code }: AdapterError): boolean {
  return !isOfTheAsker(code) && !notOfRegister.has(code);
}

/** How long the first of two registers may take, in milliseconds; undefined where nobody knows when the time is up. */
export function timeOfFirst({ deadline }: Pick<Caller, 'deadline'>, now: Date): number | undefined {
  if (deadline === undefined) return undefined;
  return Math.max(0, Math.floor((deadline.getTime() - now.getTime()) * SHARE_OF_FIRST));
}
