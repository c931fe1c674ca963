import type { FieldKind } from '../targets.js';
import type { Transform } from '../transform.js';
import * as citizenship from './citizenship.js';
import * as custody from './custody.js';
import * as family from './family.js';
import * as identity from './identity.js';
import * as legalCapacity from './legal-capacity.js';
import * as mailing from './mailing.js';
import * as plain from './plain.js';
import * as postalType from './postal-type.js';
import * as status from './status.js';
import * as street from './street.js';

/** A transform with what mappings/person.yaml has to know of it. */
export interface NamedTransform {
  readonly apply: Transform;
  /** What it fills a field with. */
  readonly gives: FieldKind;
  /** How many code tables its row has to name. */
  readonly tables: number;
}

/** Every transform by the name that mappings/person.yaml calls it. */
export const transforms: ReadonlyMap<string, NamedTransform> = new Map([
  ['text', gives('text', plain.text)],
  ['texts', gives('list', plain.texts)],
  ['upperCase', gives('text', plain.upperCase)],
  ['day', gives('day', plain.day)],
  ['lastRegistered', gives('day', plain.lastRegistered)],
  ['wholeNumberText', gives('text', plain.wholeNumberText)],
  ['fourDigits', gives('text', plain.fourDigits)],
  ['lastFourDigits', gives('text', plain.lastFourDigits)],
  ['basicStatisticalUnit', gives('number', plain.basicStatisticalUnit)],
  ['codeText', gives('text', plain.codeText, 1)],
  ['codeNumber', gives('number', plain.codeNumber, 1)],
  ['recordNumber', gives('text', identity.recordNumber)],
  ['successorNumber', gives('text', identity.successorNumber)],
  ['predecessorNumber', gives('text', identity.predecessorNumber)],
  ['supersededNumbers', gives('list', identity.supersededNumbers)],
  ['supersededDays', gives('list', identity.supersededDays)],
  ['alternativeNumbers', gives('list', identity.alternativeNumbers)],
  ['dufNumber', gives('text', identity.dufNumber)],
  ['registrationStatus', gives('number', status.registrationStatus, 2)],
  ['registrationStatusDay', gives('day', status.registrationStatusDay, 2)],
  ['emigrationCountry', gives('number', status.emigrationCountry, 2)],
  ['deceased', gives('flag', status.deceased, 1)],
  ['relativeInFirstRole', gives('text', family.relativeInFirstRole)],
  ['custody', gives('text', custody.custody, 1)],
  ['custodyDay', gives('day', custody.custodyDay)],
  ['legalCapacity', gives('text', legalCapacity.legalCapacity, 1)],
  ['legalCapacityDay', gives('day', legalCapacity.legalCapacityDay, 1)],
  ['citizenshipName', gives('text', citizenship.citizenshipName)],
  ['citizenshipCode', gives('text', citizenship.citizenshipCode)],
  ['citizenshipDay', gives('day', citizenship.citizenshipDay)],
  ['citizenshipCountries', gives('list', citizenship.citizenshipCountries)],
  ['postalType', gives('number', postalType.postalType, 1)],
  ['postalTypeDay', gives('day', postalType.postalTypeDay, 1)],
  ['currentAddress', gives('flag', mailing.currentAddress)],
  ['norwegianPlaceName', gives('text', street.norwegianPlaceName, 1)],
  ['streetName', gives('text', street.streetName)],
  ['houseNumber', gives('number', street.houseNumber)],
  ['houseLetter', gives('text', street.houseLetter)],
  ['streetLine', gives('text', street.streetLine)],
  ['norway', gives('text', street.norway)],
  ['countryName', gives('text', mailing.countryName)],
  ['addressLine1', gives('text', mailing.addressLine1)],
  ['addressLine2', gives('text', mailing.addressLine2)],
  ['addressLine3', gives('text', mailing.addressLine3)],
]);

function gives(kind: FieldKind, apply: Transform, tables = 0): NamedTransform {
  return { apply, gives: kind, tables };
}
