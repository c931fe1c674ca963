import type { JsonObject } from '../person-document.js';
import { inventPhoneNumber } from './basics.js';
import { isoDay, type Day } from './day.js';
import type { Dice } from './dice.js';
import type { Origin } from './basics.js';
import type { PersonDraft } from './person-draft.js';

/** The number of the immigration authorities, twelve digits. */
export function registerDuf(person: PersonDraft, number: string, since: Day): void {
  person.add('immigrationAuthoritiesIdentificationNumber', since, {
    identificationNumber: number,
    identificationNumberType: 'utlendingsmyndighetenesIdentifikasjonsnummer',
    issuerCountry: 'NOR',
  });
}

/** A number from the country the person came from. */
export function registerForeignNumber(dice: Dice, person: PersonDraft, origin: Origin, since: Day): void {
  person.add('foreignPersonIdentificationNumber', since, {
    identificationNumber: `SYN-${origin.alpha3}-${String(dice.below(100_000))}`,
    identificationNumberType: dice.pick([
      'utenlandskIdentifikasjonsnummer',
      'taxIdentificationNumber',
      'socialSecurityNumber',
    ]),
    issuerCountry: origin.alpha3,
  });
}

/** Leave to stay; only limited in time when temporary. */
export function permitStay(
  person: PersonDraft,
  since: Day,
  residencePermitType: 'Temporary' | 'Permanent' | 'InformationMissing',
): void {
  person.replace('residencePermit', since, {
    residencePermitType,
    stayFrom: person.date(since),
    stayTo: residencePermitType === 'Temporary' ? person.date(since + 1826) : undefined,
  });
}

/** A further citizenship besides those the person has. */
export function addCitizenship(person: PersonDraft, countryCode: string, since: Day): void {
  person.add('citizenship', since, { countryCode, aquiredDate: person.date(since) });
}

/** Passport or identity card. */
export function registerDocument(person: PersonDraft, origin: Origin, since: Day): void {
  person.add('identificationDocument', since, {
    documentNumber: `SYN${origin.alpha3}0001`,
    documentType: 'pass',
    issuerCountry: origin.alpha3,
    issuerName: 'Syntetisk passkontor',
    documentValidFrom: person.date(since),
    documentValidTo: person.date(since + 3652),
    documentVerification: { verificationStatus: 'kontrollert', verifiedAt: person.date(since + 10) },
  });
}

/** Guardianship or a future power of attorney. Without `guardian` the guardian has no number. */
export function appointGuardian(
  person: PersonDraft,
  since: Day,
  guardianshipType: string,
  guardianshipScope: string,
  guardian: PersonDraft | undefined,
): void {
  const name: JsonObject = {
    givenName: guardian?.givenName ?? 'Myndig',
    familyName: guardian?.familyName ?? 'Bjørkekompass',
  };
  const born = person.date(person.born - 9000);
  person.add('guardianshipOrFuturePowerOfAttorney', since, {
    guardianshipType,
    office: 'statsforvalterenIVestland',
    guardian: {
      name,
      ...(guardian === undefined
        ? {
            nameBirthDate: { name, birthDate: born, citizenship: 'NOR', gender: 'Female' },
            guardianInformation: {
              personName: name,
              birthDate: born,
              citizenship: ['NOR'],
              gender: 'Female',
            },
          }
        : { identificationNumber: guardian.number }),
      guardianshipScope,
      isGuardianshipInPersonalScope: guardianshipScope !== 'FinancialInterests',
      guardianServiceArea: [
        { guardianServiceEstablishment: 'helseforetak', guardianServiceTask: 'syntetisk-oppgave' },
      ],
    },
  });
}

/** What KRR may hold of one person. */
export interface DigitalContact {
  readonly status: 'Active' | 'Deleted' | 'NotRegistered';
  readonly reserved: boolean;
}

/** The person's entry in the Contact and Reservation Register; its dates are text. */
export function registerDigitalContact(
  dice: Dice,
  person: PersonDraft,
  since: Day,
  { status, reserved }: DigitalContact,
): void {
  const day = `${isoDay(since)}T10:00:00Z`;
  const reachable = status === 'Active';
  person.put('commonContactRegisterInformation', {
    reservation: reserved ? 'Yes' : 'No',
    status,
    notificationStatus: reachable && !reserved ? 'CanBeNotified' : 'CanNotBeNotified',
    language: dice.pick(['nb', 'nn', 'en', 'se']),
    languageLastUpdated: day,
    ...(reserved ? { reservationTime: day, reservationUpdated: day } : {}),
    ...(reachable ? { contactInformation: contactInformation(dice, day), ...mailbox(dice) } : {}),
  });
}

function contactInformation(dice: Dice, day: string): JsonObject {
  return {
    email: `prøve${String(dice.below(1_000_000))}@example.com`,
    emailLastUpdated: day,
    emailLastVerified: day,
    emailDuplicated: dice.chance(0.1) ? 'Yes' : 'No',
    emailLastValidated: day,
    phoneNumber: inventPhoneNumber(dice),
    phoneNumberLastUpdated: day,
    phoneNumberLastVerified: day,
    phoneNumberDuplicated: dice.chance(0.1) ? 'Yes' : 'No',
    phoneNumberLastValidated: day,
  };
}

function mailbox(dice: Dice): JsonObject {
  if (dice.chance(0.4)) return {};
  return {
    digitalPost: {
      digitalPostAddress: `syntetisk.${String(dice.below(1_000_000))}#0000`,
      digitalPostVendorAddress: '310000043',
      digitalPostVendorName: 'Syntetisk Postkasse',
    },
    certificate: 'SYNTHETIC-NOT-A-CERTIFICATE',
    certificateExpireDate: '2027-01-01T00:00:00Z',
  };
}
