import { inventFamilyName } from './invented-words.js';
import { bornAtAge, registerName, REFERENCE_DAY, settle, type Workshop } from './basics.js';
import * as address from './addresses.js';
import * as entitlement from './entitlements.js';
import { cadastralHome, streetHome, unknownHome, type UnitType } from './home.js';
import { KOSOVO, ORIGINS, STATELESS, UNKNOWN_ORIGIN } from './origins.js';
import { liveAtClassifiedAddress, protectConfidentially, protectStrictly } from './protection.js';
import type { PersonDraft } from './person-draft.js';

/**
 * Something out of the ordinary in the life of a resident adult. `partner` lives with the person, when somebody does.
 * A curiosity never changes the person's number: relations name it.
 */
export type Curiosity = (workshop: Workshop, person: PersonDraft, partner: PersonDraft | undefined) => void;

/** A few years before the reference day, after the person came of age. */
function lately({ dice }: Workshop): number {
  return REFERENCE_DAY - dice.between(40, 900);
}

const GUARDIANSHIP_TYPES = [
  'Adult',
  'TemporaryForAdult',
  'ManagementOutsideGuardianship',
  'ConfirmedFuturePowerOfAttorney',
] as const;
const GUARDIANSHIP_SCOPES = [
  'ImmigrationPersonalAndFinancialInterests',
  'PersonalAndFinancialInterests',
  'FinancialInterests',
  'PersonalInterests',
] as const;
const UNIT_TYPES: readonly UnitType[] = [
  'OtherThanHousing',
  'HolidayHome',
  'NotApprovedAsHousing',
  'UnnumberedSeparatelyOccupiedUnit',
];

const addresses: readonly Curiosity[] = [
  (w, p) => {
    address.stayAt(p, streetHome(w.dice), lately(w), 'Military');
  },
  (w, p) => {
    address.stayAt(p, streetHome(w.dice), lately(w), 'Commuter');
  },
  (w, p) => {
    address.stayAt(p, cadastralHome(w.dice), lately(w), 'Commuter');
  },
  (w, p) => {
    address.stayAbroad(w.dice, p, lately(w));
  },
  (w, p) => {
    address.staySomewhere(p, lately(w));
  },
  ...['UnderSixMonths', 'OverSixMonths', 'OverTwelveMonths', 'Unknown'].map((length): Curiosity => (w, p) => {
    address.stayOnSvalbard(w.dice, p, lately(w), length);
  }),
  (w, p) => {
    address.postBox(w.dice, p, lately(w), 'Syntetisk Gårdsdrift');
  },
  (w, p) => {
    address.postToStreet(w.dice, p, lately(w));
  },
  (w, p) => {
    address.postInLines(w.dice, p, lately(w), 'addressLine');
  },
  (w, p) => {
    address.postInLines(w.dice, p, lately(w), 'adresselinje');
  },
  (w, p) => {
    address.postAbroad(w.dice, p, lately(w));
  },
  (w, p) => {
    address.postAbroadInLines(w.dice, p, lately(w));
  },
  ...['ResidentialAddress', 'LivingAddress', 'PostalAddress', 'ForeignPostalAddress'].map(
    (type): Curiosity =>
      (w, p) => {
        address.preferAddress(p, lately(w), type);
      },
  ),
  (w, p) => {
    settle(p, cadastralHome(w.dice, { careOf: 'C/O Syntetisk Husvert' }), lately(w));
  },
  (w, p) => {
    settle(
      p,
      streetHome(w.dice, { careOf: 'C/O Syntetisk Husvert', additionalName: 'Prøvegården' }),
      lately(w),
    );
  },
  (w, p) => {
    settle(p, unknownHome(w.dice, true), lately(w));
  },
  (w, p) => {
    settle(p, unknownHome(w.dice, false), lately(w));
  },
  ...UNIT_TYPES.map((unitType): Curiosity => (w, p) => {
    settle(p, streetHome(w.dice, { unitType }), lately(w));
  }),
];

const protections: readonly Curiosity[] = [
  (w, p) => {
    protectConfidentially(w.dice, p, streetHome(w.dice), lately(w));
  },
  (w, p) => {
    protectStrictly(w.dice, p, lately(w));
  },
  (w, p) => {
    liveAtClassifiedAddress(p, streetHome(w.dice), lately(w), 'ClientAddress');
  },
  (w, p) => {
    liveAtClassifiedAddress(p, streetHome(w.dice), lately(w), 'Confidential');
  },
  (w, p) => {
    liveAtClassifiedAddress(p, streetHome(w.dice), lately(w), 'StrictlyConfidential');
  },
];

const names: readonly Curiosity[] = [
  (w, p) => {
    p.familyName = inventFamilyName(w.dice, true);
    p.givenName = 'Ŋuovvas Áiddas';
    registerName(p, lately(w));
  },
  (w, p) => {
    p.familyName = `${inventFamilyName(w.dice, false)}-${inventFamilyName(w.dice, false)}`;
    registerName(p, lately(w));
  },
  (w, p) => {
    p.familyName = "O'Syntetisk";
    registerName(p, lately(w));
  },
  (w, p) => {
    p.givenName = 'Å';
    registerName(p, lately(w));
  },
  (w, p) => {
    // Two hundred characters, the longest that the register takes (persontjenesten-api 11, Names).
    p.familyName = 'Endeløs'.repeat(29).slice(0, 200);
    registerName(p, lately(w), 'Mellomlang'.repeat(6));
  },
  (w, p) => {
    p.replace('name', lately(w), {
      givenName: p.givenName,
      familyName: p.familyName,
      originalName: { givenName: 'Żółta', middleName: 'Ğül', familyName: 'Ščedrýn' },
    });
  },
];

const identities: readonly Curiosity[] = [
  (w, p) => {
    entitlement.registerDocument(p, w.dice.pick(ORIGINS), lately(w));
  },
  (w, p) => {
    p.replace('identityVerification', lately(w), { identityVerificationStatus: 'None' });
  },
  (w, p) => {
    p.putEntry('falseIdentity', lately(w), { isFalseIdentity: true, isCorrectIdentityUnknown: true });
  },
  (w, p, partner) => {
    p.putEntry('falseIdentity', lately(w), {
      isFalseIdentity: true,
      isCorrectIdentityUnknown: false,
      correctIdentityFromIdentificationNumber: partner?.number ?? null,
    });
  },
  (w, p) => {
    p.putEntry('falseIdentity', lately(w), {
      isFalseIdentity: true,
      isCorrectIdentityUnknown: false,
      correctIdentityFromInformation: {
        personName: { givenName: 'Ekte', familyName: 'Vindusklokke' },
        birthDate: p.date(bornAtAge(w.dice, 30, 50)),
        citizenship: ['SWE', 'XXK'],
        gender: p.gender,
      },
    });
  },
  (_, p) => {
    p.annul('birth');
    p.add('birth', p.born, { birthYear: p.date(p.born).slice(0, 4), birthCountry: 'XUK' });
  },
  (_, p, partner) => {
    if (partner !== undefined) return;
    p.annul('maritalStatus');
    p.add('maritalStatus', p.born, { status: 'Unspecified' });
  },
];

const citizenships: readonly Curiosity[] = [
  ...[...ORIGINS.slice(0, 3), KOSOVO].map((origin): Curiosity => (w, p) => {
    entitlement.addCitizenship(p, origin.alpha3, lately(w));
  }),
  ...[STATELESS, UNKNOWN_ORIGIN].map((origin): Curiosity => (w, p) => {
    p.replace('citizenship', lately(w), { countryCode: origin.alpha3 });
  }),
  ...['CitizenshipRetained', 'CitizenshipNoLongerRetained', 'NorwegianCitizenRetentionNotRequired'].map(
    (citizenshipRetentionStatus): Curiosity =>
      (w, p) => {
        const day = lately(w);
        p.add('citizenshipRetention', day, {
          citizenshipRetentionStatus,
          retentionResolutionDate: p.date(day),
        });
      },
  ),
];

const capacities: readonly Curiosity[] = [
  ...GUARDIANSHIP_TYPES.flatMap((type) =>
    GUARDIANSHIP_SCOPES.map((scope): Curiosity => (w, p, partner) => {
      entitlement.appointGuardian(p, lately(w), type, scope, partner);
    }),
  ),
  (w, p, partner) => {
    const day = lately(w);
    entitlement.appointGuardian(p, day, 'Adult', 'PersonalAndFinancialInterests', partner);
    p.add('legalAuthority', day, { legalAuthorityScope: 'Limited' });
  },
  (w, p) => {
    p.add('deprivedLegalAuthority', lately(w), {});
  },
];

const samiLife: readonly Curiosity[] = (
  [
    [['Nordsamisk'], 'Enrolled'],
    [['Lulesamisk'], 'Unenrolled'],
    [['Soersamisk', 'Nordsamisk'], 'NeverEnrolled'],
  ] as const
).map(([language, status]): Curiosity => (w, p) => {
  const day = lately(w);
  p.add('useOfSamiLanguage', day, { language });
  p.add('samiParliamentElectoralRegistryStatus', day, { status, resolutionDate: p.date(day) });
});

const digitalContacts: readonly Curiosity[] = (
  [
    { status: 'Active', reserved: true },
    { status: 'Deleted', reserved: false },
    { status: 'NotRegistered', reserved: false },
  ] as const
).map((contact): Curiosity => (w, p) => {
  entitlement.registerDigitalContact(w.dice, p, lately(w), contact);
});

/** Every curiosity there is. */
export const CURIOSITIES: readonly Curiosity[] = [
  ...addresses,
  ...protections,
  ...names,
  ...identities,
  ...citizenships,
  ...capacities,
  ...samiLife,
  ...digitalContacts,
];
