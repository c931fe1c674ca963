import type { JsonObject } from '../person-document.js';
import { REFERENCE_DAY } from './basics.js';
import type { Day } from './day.js';
import type { Dice } from './dice.js';
import type { PersonDraft } from './person-draft.js';

const ENDED_BY_DEATH = [
  'residentialAddress',
  'presentAddress',
  'postalAddress',
  'foreignPostalAddress',
  'sharedResidence',
];

/** Registers a death: final status, date, and the end of all addresses. */
export function die(person: PersonDraft, day: Day): void {
  for (const part of ENDED_BY_DEATH) person.end(part, day);
  person.replace('status', day, { status: 'Deceased' });
  person.putEntry('death', Math.min(day + 1, REFERENCE_DAY), { deceasedDate: person.date(day) });
}

type Contact = 'person' | 'lawyer' | 'organization';

/** Registers whom to write to about the estate. */
export function leaveEstate(
  dice: Dice,
  dead: PersonDraft,
  since: Day,
  heir: PersonDraft | undefined,
  contact: Contact = dice.pick<Contact>(['person', 'lawyer', 'organization']),
): void {
  dead.add('residuaryEstateContactInformation', since, {
    [contact]: contactOf(dead, contact, heir),
    probateCertificateType: dice.chance(0.5) ? 'Public' : 'Other',
    probateCertificateIssueDate: dead.date(since),
    contactAddress: {
      addressLine: ['Skiftegata 1'],
      city: 'STAVANGER',
      postalCode: '4005',
      countryCode: 'NO',
    },
  });
}

function contactOf(dead: PersonDraft, contact: Contact, heir: PersonDraft | undefined): JsonObject {
  switch (contact) {
    case 'person':
      return heir === undefined
        ? {
            birthDate: dead.date(dead.born + 9000),
            personName: { givenName: 'Trofast', familyName: 'Arvingkopp' },
          }
        : { norwegianIdentificationNumber: heir.number };
    case 'lawyer':
      return {
        personName: { givenName: 'Sindig', familyName: 'Paragrafpære' },
        organizationName: 'Syntetisk Advokatkontor',
        organizationNumber: '310000019',
      };
    case 'organization':
      return {
        organizationName: 'Syntetisk Begravelsesbyrå',
        organizationNumber: '310000019',
        contactPersonName: { givenName: 'Rolig', familyName: 'Lykteramme' },
      };
  }
}
