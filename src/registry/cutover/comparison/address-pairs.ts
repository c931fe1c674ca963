import type { PregAddress } from '../../../person/preg-person.js';
import { isProtected } from '../../../person/protection.js';
import type { AddressRow } from './compared-row.js';
import type { PlacedAddress } from './difference.js';
import { normalValue } from './normal-value.js';
import type { Spellings } from './text-forms.js';

/** An address of one list, and the one of the other that is meant to be the same; undefined where there is none. */
export type AddressPair = readonly [old: PlacedAddress | undefined, fresh: PlacedAddress | undefined];

/** By what two addresses are known to be meant for the same one; undefined for one that the key does not suit. */
type Key = (address: PregAddress) => string | undefined;

/**
 * Pairs the addresses of two lists: equal ones first, then those of one kind that begin on one day, those of one street, the
 * current ones of one kind, and what is left of current ones. Which list comes first makes no difference.
 */
export function addressPairs(
  old: readonly PregAddress[],
  fresh: readonly PregAddress[],
  rows: readonly AddressRow[],
  spellings: Spellings,
): readonly AddressPair[] {
  const [one, other] = [old[0], fresh[0]];
  if (
    old.length === 1 &&
    fresh.length === 1 &&
    one?.currentAddress === true &&
    other?.currentAddress === true
  ) {
    return [
      [
        { address: one, index: 0 },
        { address: other, index: 0 },
      ],
    ];
  }
  const whole = wholeKey(rows, spellings);
  const left = { old: inOrder(old, whole), fresh: inOrder(fresh, whole) };
  const street = streetKey(rows, spellings);
  const pairs: AddressPair[] = [];
  for (const key of [whole, dayKey, street, currentKindKey, currentKey]) {
    for (const one of [...left.old]) {
      const wanted = key(one.address);
      const other =
        wanted === undefined ? undefined : left.fresh.find(({ address }) => key(address) === wanted);
      if (other === undefined) continue;
      pairs.push([one, other]);
      left.old.splice(left.old.indexOf(one), 1);
      left.fresh.splice(left.fresh.indexOf(other), 1);
    }
  }
  const alone = [
    ...left.old.map((one): AddressPair => [one, undefined]),
    ...left.fresh.map((one): AddressPair => [undefined, one]),
  ];
  return [...pairs, ...alone];
}

/** By content, so that of several that a key suits the same ones meet whatever the order of the lists. */
function inOrder(
  addresses: readonly PregAddress[],
  whole: (address: PregAddress) => string,
): PlacedAddress[] {
  return addresses
    .map((address, index) => ({ placed: { address, index }, key: whole(address) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ placed }) => placed);
}

function wholeKey(rows: readonly AddressRow[], spellings: Spellings): (address: PregAddress) => string {
  return (address) => JSON.stringify(rows.map((row) => normalValue(row, address[row.field], spellings)));
}

function dayKey(address: PregAddress): string | undefined {
  const day = address.dateAdrFrom ?? address.postalAddressValidFrom;
  return day === null ? undefined : `${kindOf(address)} ${day}`;
}

function streetKey(rows: readonly AddressRow[], spellings: Spellings): Key {
  const where = rows.filter(({ field }) => field === 'postalAddress' || field === 'postalCode');
  return (address) => {
    const told = where.map((row) => normalValue(row, address[row.field], spellings));
    return told.includes(null) ? undefined : told.join('\n');
  };
}

function currentKindKey(address: PregAddress): string | undefined {
  return address.currentAddress ? kindOf(address) : undefined;
}

function currentKey({ currentAddress }: PregAddress): string | undefined {
  return currentAddress ? 'current' : undefined;
}

/** A home, a place that mail goes to, or one that is hidden. */
function kindOf(address: PregAddress): string {
  if (isProtected(address.postalType)) return 'hidden';
  const { st, streetName, postalAddress, postalCode } = address;
  return [st, streetName, postalAddress, postalCode].some((value) => (value ?? '') !== '') ? 'home' : 'mail';
}

/** PREG's address code of people without a fixed abode (preg-xml-filematch-hl7v2 4.2). */
const NO_FIXED_ABODE = 5;

/**
 * Whether an address says nothing of where somebody lives or has mail sent to, nor that this is hidden. HL7 v3 has no place for one
 * that says no more than that there is none.
 */
export function isEmptyAddress(address: PregAddress): boolean {
  const { postalType, addressLine1, addressLine2, addressLine3, coAddress, mailing } = address;
  const isOrdinary = postalType === null || postalType === 0 || postalType === NO_FIXED_ABODE;
  const lines = [addressLine1, addressLine2, addressLine3, coAddress];
  const isBlank = kindOf(address) === 'mail' && mailing === null;
  return isOrdinary && isBlank && lines.every((line) => (line ?? '') === '');
}
