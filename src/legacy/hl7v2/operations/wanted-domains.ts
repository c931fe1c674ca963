import type { Hl7v2Codes } from '../codes.js';
import { partOf, type Hl7Field, type Hl7Repetition } from '../message/message.js';
import { fieldAt, refused } from './query-refusals.js';
import { isFilledText } from './query-segments.js';

const SEGMENT = 'QPD';
const FIELD = 8;
/** The component of CX that is the assigning authority. */
const AUTHORITY = 4;

/**
 * The domains whose numbers are wanted, by OID (QPD-8); undefined when any will do. An authority is told by OID or by name.
 * @throws RefusedMessage for a domain that is not known here (IHE PDQ), and for an identifier in place of a domain
 */
export function wantedDomains(field: Hl7Field, codes: Hl7v2Codes): ReadonlySet<string> | undefined {
  const given = field
    .map((repetition, index) => ({ repetition, place: field.length > 1 ? index + 1 : undefined }))
    .filter(({ repetition }) => repetition.some((component) => component.some(isFilledText)));
  if (given.length === 0) return undefined;
  return new Set(
    given.flatMap(({ repetition, place }) => {
      if (repetition.slice(0, AUTHORITY - 1).some((component) => component.some(isFilledText))) {
        throw refused('102', fieldAt(SEGMENT, FIELD, place), 'QPD-8 has an identifier besides a domain.');
      }
      const domains = domainsOf(repetition, codes);
      if (domains.length > 0) return domains;
      throw refused('204', fieldAt(SEGMENT, FIELD, place), 'QPD-8 is a domain that is not known here.');
    }),
  );
}

function domainsOf(repetition: Hl7Repetition, codes: Hl7v2Codes): readonly string[] {
  const [namespace, oid, type] = [1, 2, 3].map((part) => partOf(repetition, AUTHORITY, part).trim());
  const told = oid === undefined || oid === '' ? (namespace ?? '') : oid;
  if (type !== undefined && type !== '' && type.toUpperCase() !== 'ISO') return [];
  return codes.domains.includes(told) ? [told] : told === oid ? [] : codes.domainsNamed(told);
}
