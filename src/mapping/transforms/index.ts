import type { Transform } from '../transform.js';
import * as address from './address.js';
import * as citizenship from './citizenship.js';
import * as custody from './custody.js';
import * as identity from './identity.js';
import * as plain from './plain.js';
import * as status from './status.js';

/** Every transform by the name that mappings/person.yaml calls it. */
export const transforms: ReadonlyMap<string, Transform> = new Map<string, Transform>([
  ['text', plain.text],
  ['texts', plain.texts],
  ['upperCase', plain.upperCase],
  ['day', plain.day],
  ['wholeNumberText', plain.wholeNumberText],
  ['fourDigits', plain.fourDigits],
  ['lastFourDigits', plain.lastFourDigits],
  ['basicStatisticalUnit', plain.basicStatisticalUnit],
  ['codeText', plain.codeText],
  ['codeNumber', plain.codeNumber],
  ['recordNumber', identity.recordNumber],
  ['successorNumber', identity.successorNumber],
  ['predecessorNumber', identity.predecessorNumber],
  ['supersededNumbers', identity.supersededNumbers],
  ['alternativeNumbers', identity.alternativeNumbers],
  ['dufNumber', identity.dufNumber],
  ['registrationStatus', status.registrationStatus],
  ['registrationStatusDay', status.registrationStatusDay],
  ['emigrationCountry', status.emigrationCountry],
  ['deceased', status.deceased],
  ['custody', custody.custody],
  ['custodyDay', custody.custodyDay],
  ['legalCapacity', custody.legalCapacity],
  ['citizenshipName', citizenship.citizenshipName],
  ['citizenshipCode', citizenship.citizenshipCode],
  ['citizenshipDay', citizenship.citizenshipDay],
  ['citizenshipCountries', citizenship.citizenshipCountries],
  ['postalType', address.postalType],
  ['postalTypeDay', address.postalTypeDay],
  ['currentAddress', address.currentAddress],
  ['norwegianPlaceName', address.norwegianPlaceName],
  ['streetName', address.streetName],
  ['houseNumber', address.houseNumber],
  ['houseLetter', address.houseLetter],
  ['streetLine', address.streetLine],
  ['norway', address.norway],
  ['countryName', address.countryName],
  ['addressLine1', address.addressLine1],
  ['addressLine2', address.addressLine2],
  ['addressLine3', address.addressLine3],
]);
