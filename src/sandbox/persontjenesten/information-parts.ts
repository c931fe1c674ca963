/** One information part: the name that a caller asks by and the property that answers (persontjenesten-api 7). */
export interface Part {
  readonly name: string;
  readonly property: string;
  /** Whether the property is one object instead of a list. */
  readonly single: boolean;
}

const NAMES = [
  'AddressProtection',
  'CitizenshipRetention',
  'ResidentialAddress',
  'UseOfSamiLanguage',
  'SharedResidence',
  'Death',
  'FalseIdentity',
  'FamilyRelation',
  'Birth',
  'BirthInNorway',
  'ParentalResponsibility',
  'SamiParliamentElectoralRegistryStatus',
  'NorwegianIdentificationNumber',
  'IdentityVerification',
  'ImmigrationToNorway',
  'Gender',
  'ResiduaryEstateContactInformation',
  'IdentificationDocument',
  'Name',
  'ResidencePermit',
  'StayOnSvalbard',
  'PresentAddress',
  'PostalAddress',
  'ForeignPostalAddress',
  'PreferredContactAddress',
  'MaritalStatus',
  'Citizenship',
  'Status',
  'ForeignPersonIdentificationNumber',
  'EmigrationFromNorway',
  'ImmigrationAuthoritiesIdentificationNumber',
  'GuardianshipOrFuturePowerOfAttorney',
  'DeprivedLegalAuthority',
  'CommonContactRegisterInformation',
  'LegalAuthority',
] as const;

/** The name of an information part. */
export type InformationPart = (typeof NAMES)[number];

const SINGLE: ReadonlySet<string> = new Set<InformationPart>([
  'Death',
  'FalseIdentity',
  'CommonContactRegisterInformation',
]);

/** The 35 information parts. */
export const PARTS: readonly (Part & { readonly name: InformationPart })[] = NAMES.map((name) => ({
  name,
  property: name.charAt(0).toLowerCase() + name.slice(1),
  single: SINGLE.has(name),
}));

const KNOWN: ReadonlySet<string> = new Set(NAMES);

/** Whether the text names an information part, letter for letter. */
export function isInformationPart(text: string): text is InformationPart {
  return KNOWN.has(text);
}
