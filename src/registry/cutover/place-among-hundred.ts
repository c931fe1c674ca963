import type { SearchQuery } from '../search.js';

/** A keyed digest of a text, of at least four octets, so that nobody can choose on which side of a percentage somebody falls. */
export type Digest = (text: string) => Uint8Array;

/** Where a text stands among a hundred: from 0 to below 100, always the same place. */
export function placeAmongHundred(digestOf: Digest, text: string): number {
  const octets = digestOf(text);
  const number = [0, 1, 2, 3].reduce((sum, index) => sum * 256 + (octets[index] ?? 0), 0);
  return (number / 2 ** 32) * 100;
}

/** A search as text, the same for the same criteria, however many hits are wanted. */
export function criteriaOf({
  name,
  birth,
  gender,
  address,
  deceased,
  death,
  withHelpNumbers,
}: SearchQuery): string {
  return JSON.stringify([
    [name?.given, name?.middle, name?.family, name?.full],
    [birth?.from, birth?.to],
    gender,
    [
      address?.street,
      address?.postalCode,
      address?.postalPlace,
      address?.municipality,
      address?.municipalityName,
      address?.country,
      address?.kind,
    ],
    deceased,
    [death?.from, death?.to],
    withHelpNumbers,
  ]);
}
