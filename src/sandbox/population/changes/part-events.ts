import type { EventType } from '../../events/event-types.js';

const EVENT_OF_PART: Readonly<Record<string, EventType>> = {
  norwegianIdentificationNumber: 'ChangeInNorwegianIdentificationNumber',
  immigrationAuthoritiesIdentificationNumber: 'ChangeInImmigrationAuthoritiesIdentificationNumber',
  identityVerification: 'ChangeInIdentityVerification',
  status: 'ChangeInStatus',
  gender: 'ChangeInGender',
  name: 'ChangeInName',
  death: 'ChangeInDeath',
  familyRelation: 'ChangeInFamilyRelation',
  parentalResponsibility: 'ChangeInParentalResponsibility',
  maritalStatus: 'ChangeInMaritalStatus',
  addressProtection: 'ChangeInAddressProtection',
  residentialAddress: 'ChangeInResidentialAddress',
  presentAddress: 'ChangeInPresentAddress',
  sharedResidence: 'ChangeInSharedResidence',
  postalAddress: 'ChangeInPostalAddress',
  foreignPostalAddress: 'ChangeInForeignPostalAddress',
  immigrationToNorway: 'ChangeInImmigrationToNorway',
};

/** The event that tells of a change in one part of a document (persontjenesten-api 9). */
export function eventOfPart(part: string): EventType {
  return EVENT_OF_PART[part] ?? 'ChangeInPerson';
}
