import type { MailingAddress, PregAddress, PregPerson } from '../../../person/preg-person.js';
import { protectionOf } from '../../../person/protection.js';
import type { AddressKind, Hl7v2Codes } from '../codes.js';
import { isBefore, type Hl7Version } from '../message/header.js';
import type { Hl7Field, Hl7Repetition } from '../message/message.js';
import { field, repetition } from '../message/segment.js';

/** The first version in which XAD-1 has subcomponents. */
const WITH_STREET_PARTS: Hl7Version = '2.4';

/**
 * PID-11: where the person lives today, and where mail goes; empty for whoever is protected ("Decided" 4).
 * Contract: preg-xml-filematch-hl7v2 3.4.
 */
export function addressField(person: PregPerson, codes: Hl7v2Codes, version: Hl7Version): Hl7Field {
  if (protectionOf(person) !== null) return [];
  const current = person.addresses.filter(({ currentAddress }) => currentAddress);
  return field(
    ...current.flatMap((address) => [...homeIn(address, codes, version), ...mailIn(address.mailing, codes)]),
  );
}

function homeIn(address: PregAddress, codes: Hl7v2Codes, version: Hl7Version): readonly Hl7Repetition[] {
  const { postalAddress, streetName, houseNumber, houseLetter, postalPlace, postalCode } = address;
  const house = `${houseNumber ?? ''}${houseLetter ?? ''}`;
  const parts = [postalAddress, streetName, postalPlace, postalCode, address.coAddress, address.st];
  if (!parts.some(isGiven)) return [];
  const line = postalAddress ?? undefined;
  const kind: AddressKind = address.source === 'present' ? 'present' : 'residential';
  return [
    repetition(
      isBefore(version, WITH_STREET_PARTS) ? line : [line, streetName ?? undefined, house],
      address.coAddress ?? undefined,
      postalPlace ?? undefined,
      undefined,
      postalCode ?? undefined,
      address.countryCode ?? undefined,
      codes.addressKind(kind),
      address.districtCode ?? undefined,
      address.st ?? undefined,
    ),
  ];
}

/** The lines of mail in one text, but for whoever's care it is sent to: that has a place of its own. */
function mailIn(mailing: MailingAddress | null, codes: Hl7v2Codes): readonly Hl7Repetition[] {
  if (mailing === null) return [];
  const { lines, postalPlace, postalCode } = mailing;
  if (![...lines, postalPlace, postalCode].some(isGiven)) return [];
  return [
    repetition(
      lines.filter((line) => !isCareOf(line)).join(', '),
      lines.filter(isCareOf).join(', '),
      postalPlace ?? undefined,
      undefined,
      postalCode ?? undefined,
      mailing.countryCode ?? undefined,
      codes.addressKind(mailing.isForeignStay ? 'foreign-stay' : 'mailing'),
    ),
  ];
}

function isCareOf(line: string): boolean {
  return /^(?:C\/O|V\/|ATTN?[.: ])/.test(line);
}

function isGiven(text: string | null): boolean {
  return text !== null && text.trim() !== '';
}
