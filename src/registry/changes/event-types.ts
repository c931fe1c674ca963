import { ChangeKind } from '../change-news.js';

/**
 * What an event type says about PREG's records (persontjenesten-api 9). Types that are not named here, unknown ones included,
 * count as changes of the record: who looks once too often misses nothing.
 */
export const Concern = {
  /** Nothing that PREG had. */
  Nothing: 0,
  /** Something in the record may be another than before. */
  Record: 1,
  /** A number may have given way to another, or come back, as well. */
  Number: 2,
} as const;
export type Concern = (typeof Concern)[keyof typeof Concern];

/** Told of information parts that no row of the mapping asks for; a test holds the two together. */
const beyondPreg: ReadonlySet<string> = new Set([
  'ChangeInIdentityVerification',
  'ChangeInForeignPersonIdentificationNumber',
  'ChangeInIdentificationDocument',
  'ChangeInBirthInNorway',
  'ChangeInUseOfSamiLanguage',
  'ChangeInSamiParliamentElectoralRegistryStatus',
  'ChangeInCommonContactRegisterInformation',
]);

const aboutNumbers: ReadonlySet<string> = new Set([
  'ChangeInNorwegianIdentificationNumber',
  'PersonIsContinuedAsValidUponMerger',
  'PersonIsDiscontinuedAsDuplicate',
  'PersonIsChangedBySplitting',
  'PersonIsRestoredBySplitting',
]);

const others: ReadonlySet<string> = new Set([
  'Unknown',
  'PersonIsCreated',
  'PersonIsReactivated',
  'PersonIsUpdated',
  'PersonIsDiscontinued',
  'PersonIsDeceased',
  'PersonIsResident',
  'PersonIsEmigrated',
  'ChangeInStatus',
  'ChangeInImmigrationAuthoritiesIdentificationNumber',
  'ChangeInFalseIdentity',
  'ChangeInResiduaryEstateContactInformation',
  'ChangeInSharedResidence',
  'ChangeInBirth',
  'ChangeInGender',
  'ChangeInFamilyRelation',
  'ChangeInMaritalStatus',
  'ChangeInDeath',
  'ChangeInName',
  'ChangeInAddressProtection',
  'ChangeInResidentialAddress',
  'ChangeInResidentialAddressWithoutRelocation',
  'ChangeInPresentAddress',
  'ChangeInImmigrationToNorway',
  'ChangeInEmigrationFromNorway',
  'ChangeInContactinformation',
  'ChangeInParentalResponsibility',
  'ChangeInCitizenship',
  'ChangeInResidency',
  'ChangeInResidencyOnSvalbard',
  'ChangeInGuardianship',
  'ChangeInPerson',
  'PersonCorrected',
  'PersonPopulated',
  'ChangeInPostalAddress',
  'ChangeInForeignPostalAddress',
  'ChangeInResidencePermit',
  'ChangeInDeprivedLegalAuthority',
  'CreatedAlternateIdentificationNumber',
  'UpdatedAlternateIdentificationNumber',
  'ChangeInLegalAuthority',
]);

/** What an event of that type may have changed. */
export function concernOf(type: string): Concern {
  if (aboutNumbers.has(type)) return Concern.Number;
  return beyondPreg.has(type) ? Concern.Nothing : Concern.Record;
}

/** Whether the contract names the type. */
export function isKnownType(type: string): boolean {
  return aboutNumbers.has(type) || beyondPreg.has(type) || others.has(type);
}

const kinds: ReadonlyMap<string, ChangeKind> = new Map([
  ['PersonIsCreated', ChangeKind.Created],
  ['PersonPopulated', ChangeKind.Created],
  ['PersonIsDiscontinuedAsDuplicate', ChangeKind.Merged],
  ['PersonIsChangedBySplitting', ChangeKind.Split],
  ['PersonIsRestoredBySplitting', ChangeKind.Split],
]);

/** What kind of change an event of that type tells to who passes it on; undefined for nothing that PREG had. */
export function changeKindOf(type: string): ChangeKind | undefined {
  switch (concernOf(type)) {
    case Concern.Nothing:
      return undefined;
    case Concern.Number:
      return kinds.get(type) ?? ChangeKind.Number;
    case Concern.Record:
      return kinds.get(type) ?? ChangeKind.Record;
  }
}
