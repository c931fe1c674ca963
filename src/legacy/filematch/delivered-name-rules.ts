import { redact } from '../../operations/redact.js';

/** What is wrong with the name of a delivered file, whichever door it comes by. */
export type NameProblem = 'characters' | 'length' | 'device' | 'number';

/** In characters. */
export const LONGEST_NAME = 120;

/** Begins and ends so that no system hides it, or takes it for an option or a folder. */
const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;

/** Names that Windows keeps for devices, whatever extension follows. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/**
 * What is wrong with a name that somebody else chose; undefined for one that may be taken. Names come back in those of the
 * results, so they must neither lead anywhere nor hold what could be somebody's number.
 */
export function problemOfName(name: string): NameProblem | undefined {
  if (!PLAIN.test(name)) return 'characters';
  if (name.length > LONGEST_NAME) return 'length';
  if (DEVICE.test(name)) return 'device';
  return redact(name) === name ? undefined : 'number';
}
