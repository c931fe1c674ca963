import { inventFamilyName } from './invented-words.js';
import { bornAtAge, registerName, REFERENCE_DAY, settle, type Workshop } from './basics.js';
import * as address from './addresses.js';
import type { Day } from './day.js';
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

/** A day of the last years, after the person moved to the present home. */
function lately({ dice }: Workshop, person: PersonDraft): Day {
  return Math.max(REFERENCE_DAY - dice.between(40, 900), person.livesSince + 5);
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
    address.stayAt(p, streetHome(w.dice), lately(w, p), 'Military');
  },
  (w, p) => {
    address.stayAt(p, streetHome(w.dice), lately(w, p), 'Commuter');
  },
  (w, p) => {
    address.stayAt(p, cadastralHome(w.dice), lately(w, p), 'Commuter');
  },
  (w, p) => {
    address.stayAbroad(w.dice, p, lately(w, p));
  },
  (w, p) => {
    address.staySomewhere(p, lately(w, p));
  },
  ...['UnderSixMonths', 'OverSixMonths', 'OverTwelveMonths', 'Unknown'].map((length): Curiosity => (w, p) => {
    address.stayOnSvalbard(w.dice, p, lately(w, p), length);
  }),
  (w, p) => {
    address.postBox(w.dice, p, lately(w, p), 'Syntetisk Gårdsdrift');
  },
  (w, p) => {
    address.postToStreet(w.dice, p, lately(w, p));
  },
  (w, p) => {
    address.postInLines(w.dice, p, lately(w, p), 'addressLine');
  },
  (w, p) => {
    address.postInLines(w.dice, p, lately(w, p), 'adresselinje');
  },
  (w, p) => {
    address.postAbroad(w.dice, p, lately(w, p));
  },
  (w, p) => {
    address.postAbroadInLines(w.dice, p, lately(w, p));
  },
  ...['ResidentialAddress', 'LivingAddress', 'PostalAddress', 'ForeignPostalAddress'].map(
    (type): Curiosity =>
      (w, p) => {
        address.preferAddress(p, lately(w, p), type);
      },
  ),
  (w, p) => {
    settle(p, cadastralHome(w.dice, { careOf: 'C/O Syntetisk Husvert' }), lately(w, p));
  },
  (w, p) => {
    settle(
      p,
      streetHome(w.dice, { careOf: 'C/O Syntetisk Husvert', additionalName: 'Prøvegården' }),
      lately(w, p),
    );
  },
  (w, p) => {
    settle(p, unknownHome(w.dice, true), lately(w, p));
  },
  (w, p) => {
    settle(p, unknownHome(w.dice, false), lately(w, p));
  },
  ...UNIT_TYPES.map((unitType): Curiosity => (w, p) => {
    settle(p, streetHome(w.dice, { unitType }), lately(w, p));
  }),
];

const protections: readonly Curiosity[] = [
  (w, p) => {
    protectConfidentially(w.dice, p, streetHome(w.dice), lately(w, p));
  },
  (w, p) => {
    protectStrictly(w.dice, p, lately(w, p));
  },
  (w, p) => {
    liveAtClassifiedAddress(p, streetHome(w.dice), lately(w, p), 'ClientAddress');
  },
  (w, p) => {
    liveAtClassifiedAddress(p, streetHome(w.dice), lately(w, p), 'Confidential');
  },
  (w, p) => {
    liveAtClassifiedAddress(p, streetHome(w.dice), lately(w, p), 'StrictlyConfidential');
  },
];

const names: readonly Curiosity[] = [
  (w, p) => {
    p.familyName = inventFamilyName(w.dice, true);
    p.givenName = 'Ŋuovvas Áiddas';
    registerName(p, lately(w, p));
  },
  (w, p) => {
    p.familyName = `${inventFamilyName(w.dice, false)}-${inventFamilyName(w.dice, false)}`;
    registerName(p, lately(w, p));
  },
  (w, p) => {
    p.familyName = "O'Syntetisk";
    registerName(p, lately(w, p));
  },
  (w, p) => {
    p.givenName = 'Å';
    registerName(p, lately(w, p));
  },
  (w, p) => {
    // Two hundred characters, the longest that the register takes (persontjenesten-api 11, Names).
    p.familyName = 'Endeløs'.repeat(29).slice(0, 200);
    registerName(p, lately(w, p), 'Mellomlang'.repeat(6));
  },
  (w, p) => {
    p.replace('name', lately(w, p), {
      givenName: p.givenName,
      familyName: p.familyName,
      originalName: { givenName: 'Żółta', middleName: 'Ğül', familyName: 'Ščedrýn' },
    });
  },
];

const identities: readonly Curiosity[] = [
  (w, p) => {
    entitlement.registerDocument(p, w.dice.pick(ORIGINS), lately(w, p));
  },
  (w, p) => {
    p.replace('identityVerification', lately(w, p), { identityVerificationStatus: 'None' });
  },
  (w, p) => {
    p.putEntry('falseIdentity', lately(w, p), { isFalseIdentity: true, isCorrectIdentityUnknown: true });
  },
  (w, p, partner) => {
    p.putEntry('falseIdentity', lately(w, p), {
      isFalseIdentity: true,
      isCorrectIdentityUnknown: false,
      correctIdentityFromIdentificationNumber: partner?.number ?? null,
    });
  },
  (w, p) => {
    p.putEntry('falseIdentity', lately(w, p), {
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
    entitlement.addCitizenship(p, origin.alpha3, lately(w, p));
  }),
  ...[STATELESS, UNKNOWN_ORIGIN].map((origin): Curiosity => (w, p) => {
    p.replace('citizenship', lately(w, p), { countryCode: origin.alpha3 });
  }),
  ...['CitizenshipRetained', 'CitizenshipNoLongerRetained', 'NorwegianCitizenRetentionNotRequired'].map(
    (citizenshipRetentionStatus): Curiosity =>
      (w, p) => {
        const day = lately(w, p);
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
      entitlement.appointGuardian(p, lately(w, p), type, scope, partner);
    }),
  ),
  (w, p, partner) => {
    const day = lately(w, p);
    entitlement.appointGuardian(p, day, 'Adult', 'PersonalAndFinancialInterests', partner);
    p.add('legalAuthority', day, { legalAuthorityScope: 'Limited' });
  },
  (w, p) => {
    p.add('deprivedLegalAuthority', lately(w, p), {});
  },
];

const samiLife: readonly Curiosity[] = (
  [
    [['Nordsamisk'], 'Enrolled'],
    [['Lulesamisk'], 'Unenrolled'],
    [['Soersamisk', 'Nordsamisk'], 'NeverEnrolled'],
  ] as const
).map(([language, status]): Curiosity => (w, p) => {
  const day = lately(w, p);
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
  entitlement.registerDigitalContact(w.dice, p, lately(w, p), contact);
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
