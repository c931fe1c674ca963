const NAMES = [
  'Unknown',
  'PersonIsCreated',
  'PersonIsReactivated',
  'PersonIsUpdated',
  'PersonIsDiscontinued',
  'PersonIsContinuedAsValidUponMerger',
  'PersonIsDiscontinuedAsDuplicate',
  'PersonIsChangedBySplitting',
  'PersonIsRestoredBySplitting',
  'PersonIsDeceased',
  'PersonIsResident',
  'PersonIsEmigrated',
  'ChangeInStatus',
  'ChangeInIdentityVerification',
  'ChangeInForeignPersonIdentificationNumber',
  'ChangeInImmigrationAuthoritiesIdentificationNumber',
  'ChangeInIdentificationDocument',
  'ChangeInNorwegianIdentificationNumber',
  'ChangeInFalseIdentity',
  'ChangeInResiduaryEstateContactInformation',
  'ChangeInSharedResidence',
  'ChangeInBirth',
  'ChangeInBirthInNorway',
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
  'ChangeInUseOfSamiLanguage',
  'ChangeInSamiParliamentElectoralRegistryStatus',
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
  'ChangeInCommonContactRegisterInformation',
] as const;

/** What kind of change an event tells of (persontjenesten-api 9). */
export type EventType = (typeof NAMES)[number];

/** The 53 event types. */
export const EVENT_TYPES: readonly EventType[] = NAMES;

const KNOWN: ReadonlySet<string> = new Set(NAMES);

/** Whether the text names an event type, letter for letter. */
export function isEventType(text: string): text is EventType {
  return KNOWN.has(text);
}
