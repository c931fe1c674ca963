import { expect } from 'chai';
import { checkDigitsFor } from '../../../src/person/national-id.js';
import { isCalendarDate } from '../../../src/person/calendar-date.js';
import { Population } from '../../../src/sandbox/population/population.js';
import {
  elementsOf,
  isCurrent,
  isJsonList,
  isJsonObject,
  numbersOf,
  textAt,
  type JsonObject,
  type JsonValue,
  type PersonDocument,
} from '../../../src/sandbox/population/person-document.js';
import { PARTS } from '../../../src/sandbox/persontjenesten/information-parts.js';

const SIZE = 10_000;
const PARENTS = ['Mother', 'Father', 'CoMother'];

function generate(generated: number, seed = 1): Promise<Population> {
  return Population.create({ personFolders: [], generated, seed });
}

function currentOf(document: PersonDocument, part: string): readonly JsonObject[] {
  return elementsOf(document, part).filter(isCurrent);
}

/** The values of a path over all persons; lists on the way are looked through. */
function valuesAt(documents: readonly PersonDocument[], path: string): Set<JsonValue> {
  const values = new Set<JsonValue>();
  const walk = (value: JsonValue | undefined, [name, ...rest]: readonly string[]): void => {
    if (value === undefined) return;
    if (isJsonList(value))
      value.forEach((entry) => {
        walk(entry, name === undefined ? [] : [name, ...rest]);
      });
    else if (name === undefined) values.add(value);
    else if (isJsonObject(value)) walk(value[name], rest);
  };
  for (const document of documents) walk(document, path.split('.'));
  return values;
}

const ADDRESS_LEVELS = 'Unclassified ClientAddress Confidential StrictlyConfidential';
const UNIT_TYPES =
  'Housing OtherThanHousing HolidayHome NotApprovedAsHousing UnnumberedSeparatelyOccupiedUnit';

/** Every code of every enumeration (persontjenesten-api 10), by where it stands. `Active` is never stored. */
const CODES: Readonly<Record<string, string>> = {
  'residentialAddress.addressConfidentiality': ADDRESS_LEVELS,
  'addressProtection.protectionLevel': 'Confidential StrictlyConfidential',
  'preferredContactAddress.addressType':
    'ResidentialAddress LivingAddress PostalAddress ForeignPostalAddress',
  'citizenshipRetention.citizenshipRetentionStatus':
    'CitizenshipRetained CitizenshipNoLongerRetained NorwegianCitizenRetentionNotRequired',
  'familyRelation.relatedPersonsRole': 'Mother Father CoMother Child Sibling SpouseOrPartner StillbornChild',
  'gender.gender': 'Female Male',
  'guardianshipOrFuturePowerOfAttorney.guardian.guardianshipScope':
    'ImmigrationPersonalAndFinancialInterests PersonalAndFinancialInterests FinancialInterests PersonalInterests',
  'guardianshipOrFuturePowerOfAttorney.guardianshipType':
    'SingleMinorAsylumSeeker SingleMinorRefugee Adult TemporaryForAdult Minor TemporaryForMinor ' +
    'ManagementOutsideGuardianship ConfirmedFuturePowerOfAttorney',
  'norwegianIdentificationNumber.status': 'InUse Discontinued',
  'norwegianIdentificationNumber.identificationNumberType':
    'NationalIdentityNumber DNumber AlternateIdentificationNumber',
  'identityVerification.identityVerificationStatus': 'None NotVerified Verified',
  'legalAuthority.legalAuthorityScope': 'Limited',
  'stayOnSvalbard.estimatedLengthOfStay': 'UnderSixMonths OverSixMonths OverTwelveMonths Unknown',
  'maritalStatus.status':
    'Unspecified Unmarried Married WidowOrWidower Divorced Separated RegisteredPartner SeparatedPartner ' +
    'DivorcedPartner SurvivingPartner',
  'commonContactRegisterInformation.notificationStatus': 'CanNotBeNotified CanBeNotified',
  'commonContactRegisterInformation.reservation': 'Yes No',
  'commonContactRegisterInformation.status': 'Active Deleted NotRegistered',
  'commonContactRegisterInformation.contactInformation.emailDuplicated': 'Yes No',
  'parentalResponsibility.responsibilityType': 'Joint Mother Father CoMother Other Unknown',
  'status.status':
    'Resident Emigrated Disappeared Deceased Discontinued RegisteredAtBirth Temporary Inactive NotResident',
  'residuaryEstateContactInformation.probateCertificateType': 'Public Other',
  'residencePermit.residencePermitType': 'Temporary Permanent InformationMissing',
  'useOfSamiLanguage.language': 'Nordsamisk Soersamisk Lulesamisk',
  'samiParliamentElectoralRegistryStatus.status': 'Enrolled Unenrolled NeverEnrolled',
  'residentialAddress.streetAddress.separatelyOccupiedUnitType': UNIT_TYPES,
  'presentAddress.stayElsewhere': 'Military Abroad OnSvalbard Commuter',
};

/** Shapes that an address or an identity can take: each is to be found somewhere. */
const SHAPES = [
  'residentialAddress.streetAddress.addressNumber.houseLetter',
  'residentialAddress.cadastralAddress.cadastralNumber.leaseholdNumber',
  'residentialAddress.unknownResidence.municipalityNumber',
  'presentAddress.streetAddress.coAddressName',
  'presentAddress.cadastralAddress.cadastralNumber.titleNumber',
  'presentAddress.foreignAddress.countryCode',
  'presentAddress.isAddressUnknown',
  'sharedResidence.streetAddress.addressName',
  'postalAddress.postBoxAddress.postBoxIdentification',
  'postalAddress.streetAddress.addressName',
  'postalAddress.freeFormPostalAddress.addressLine',
  'postalAddress.freeFormPostalAddress.adresselinje',
  'foreignPostalAddress.foreignAddress.addressName',
  'foreignPostalAddress.freeFormForeignAddress.addressLine',
  'residuaryEstateContactInformation.person.norwegianIdentificationNumber',
  'residuaryEstateContactInformation.lawyer.organizationNumber',
  'residuaryEstateContactInformation.organization.organizationName',
  'falseIdentity.correctIdentityFromInformation.birthDate',
  'falseIdentity.correctIdentityFromIdentificationNumber',
  'birthInNorway.multipleBirthNumber',
  'familyRelation.relatedPersonWithoutIdentifier.citizenship',
  'commonContactRegisterInformation.digitalPost.digitalPostAddress',
  'commonContactRegisterInformation.reservationTime',
  'guardianshipOrFuturePowerOfAttorney.guardian.guardianInformation.birthDate',
  'guardianshipOrFuturePowerOfAttorney.guardian.identificationNumber',
];

describe('generated population', () => {
  let population: Population;
  let documents: readonly PersonDocument[];

  before(async function () {
    this.timeout(20_000);
    population = await generate(SIZE);
    documents = [...population.documents()];
  });

  it('has exactly as many persons as were asked for', async () => {
    expect(documents).to.have.length(SIZE);
    for (const size of [0, 1, 2, 3, 50]) expect((await generate(size)).size).to.equal(size);
  });

  it('has ids and sequence numbers that no two persons share', () => {
    expect(new Set(documents.map(({ id }) => id)).size).to.equal(SIZE);
    expect(new Set(documents.map(({ sequenceNumber }) => sequenceNumber)).size).to.equal(SIZE);
    expect(documents.every(({ id }) => /^[0-9a-f]{64}$/.test(id))).to.equal(true);
  });

  it('has numbers that no two persons share', () => {
    const numbers = documents.flatMap((document) => numbersOf(document));
    expect(new Set(numbers).size).to.equal(numbers.length);
    expect(numbers.length).to.be.above(SIZE);
  });

  it('has numbers that nobody can have, with right check digits, and date as of birth', () => {
    const offsets = new Set<number>();
    const wrong: string[] = [];
    for (const document of documents) {
      const born = textAt(currentOf(document, 'birth')[0], 'birthDate');
      for (const number of elementsOf(document, 'norwegianIdentificationNumber')) {
        const digits = textAt(number, 'identificationNumber') ?? '';
        const type = textAt(number, 'identificationNumberType');
        const month = Number(digits.slice(2, 4));
        const offset = month > 80 ? 80 : 65;
        offsets.add(offset);
        const isSynthetic = /^[0-9]{11}$/.test(digits) && month - offset >= 1 && month - offset <= 12;
        const isRight = checkDigitsFor(digits.slice(0, 9)) === digits.slice(9);
        if (!isSynthetic || !isRight) wrong.push(digits);
        if (type === 'AlternateIdentificationNumber') {
          if (!/^[89]/.test(digits)) wrong.push(digits);
        } else if (born !== undefined) {
          const day = Number(digits.slice(0, 2)) - (type === 'DNumber' ? 40 : 0);
          const date = [digits.slice(4, 6), month - offset, day].map(Number);
          if (date.join() !== born.slice(2, 10).split('-').map(Number).join()) wrong.push(digits);
        }
      }
    }
    expect(wrong).to.deep.equal([]);
    expect(offsets).to.deep.equal(new Set([80, 65]));
  });

  it('tells the gender by the number in use', () => {
    const wrong = documents.filter((document) => {
      const inUse = currentOf(document, 'norwegianIdentificationNumber').find(
        ({ identificationNumberType }) => identificationNumberType === 'NationalIdentityNumber',
      );
      const digits = textAt(inUse, 'identificationNumber');
      if (digits === undefined) return false;
      const gender = Number(digits.charAt(8)) % 2 === 0 ? 'Female' : 'Male';
      return gender !== textAt(currentOf(document, 'gender')[0], 'gender');
    });
    expect(wrong).to.deep.equal([]);
  });

  it('has DUF numbers of twelve digits of the year 0000', () => {
    const numbers = [
      ...valuesAt(documents, 'immigrationAuthoritiesIdentificationNumber.identificationNumber'),
    ];
    expect(numbers).not.to.deep.equal([]);
    for (const number of numbers) expect(number).to.match(/^0000[0-9]{8}$/);
  });

  it('finds every person by each of the numbers and by id', () => {
    for (const document of documents.slice(0, 500)) {
      for (const number of numbersOf(document)) expect(population.find(number)?.id).to.equal(document.id);
      expect(population.get(document.id)).to.deep.equal(document);
    }
    expect(population.find('00000000000')).to.equal(undefined);
    expect(population.get('nobody')).to.equal(undefined);
  });

  it('is the same for the same seed, and another for another', async () => {
    const [again, other] = [await generate(300, 1), await generate(300, 2)];
    const [first, same] = [await generate(300, 1), [...again.documents()]];
    expect([...first.documents()]).to.deep.equal(same);
    const numbers = new Set(same.flatMap((document) => numbersOf(document)));
    const shared = [...other.documents()]
      .flatMap((document) => numbersOf(document))
      .filter((n) => numbers.has(n));
    expect(shared).to.have.length.below(3);
  });

  it('has every information part', () => {
    const missing = PARTS.filter(({ property }) => !documents.some((document) => property in document));
    expect(missing.map(({ name }) => name)).to.deep.equal([]);
  });

  for (const [path, codes] of Object.entries(CODES)) {
    it(`has every code of ${path}`, () => {
      expect([...valuesAt(documents, path)]).to.have.members(codes.split(' '));
    });
  }

  for (const shape of SHAPES) {
    it(`has some ${shape}`, () => {
      expect(valuesAt(documents, shape).size).to.be.above(0);
    });
  }

  it('has every status and kind of protection among three hundred persons already', async () => {
    const few = [...(await generate(300)).documents()];
    for (const path of [
      'status.status',
      'addressProtection.protectionLevel',
      'presentAddress.stayElsewhere',
    ]) {
      expect([...valuesAt(few, path)], path).to.include.members(CODES[path]?.split(' ') ?? []);
    }
  });

  describe('family relations', () => {
    let byNumber: ReadonlyMap<string, PersonDocument>;

    before(() => {
      byNumber = new Map(
        documents.flatMap((document) => numbersOf(document).map((number) => [number, document] as const)),
      );
    });

    const personAt = (element: JsonObject | undefined, member: string): PersonDocument | undefined =>
      byNumber.get(textAt(element, member) ?? '');
    const ownNumber = (document: PersonDocument): string | undefined =>
      textAt(elementsOf(document, 'norwegianIdentificationNumber')[0], 'identificationNumber');
    const statusOf = (document: PersonDocument): string | undefined =>
      textAt(currentOf(document, 'status')[0], 'status');

    it('stand in both documents once, with the roles turned round', () => {
      let relations = 0;
      const oneSided: JsonObject[] = [];
      for (const document of documents) {
        for (const relation of elementsOf(document, 'familyRelation')) {
          if ('relatedPersonWithoutIdentifier' in relation) continue;
          relations += 1;
          const other = personAt(relation, 'relatedPerson');
          const back = (other === undefined ? [] : elementsOf(other, 'familyRelation')).filter(
            (candidate) =>
              candidate['relatedPerson'] === ownNumber(document) &&
              candidate['relatedPersonsRole'] === relation['myRoleForRelatedPerson'] &&
              candidate['myRoleForRelatedPerson'] === relation['relatedPersonsRole'] &&
              candidate['isValid'] === relation['isValid'],
          );
          if (back.length !== 1) oneSided.push(relation);
        }
      }
      expect(oneSided).to.deep.equal([]);
      expect(relations).to.be.above(SIZE / 2);
    });

    it('name parents of the right gender who were grown up at the birth', () => {
      let parents = 0;
      const wrong: unknown[] = [];
      for (const document of documents) {
        for (const relation of currentOf(document, 'familyRelation')) {
          const role = textAt(relation, 'relatedPersonsRole') ?? '';
          const parent = personAt(relation, 'relatedPerson');
          if (!PARENTS.includes(role) || parent === undefined) continue;
          parents += 1;
          const genders = elementsOf(parent, 'gender').map(({ gender }) => gender);
          const [older = 0, younger = 0] = [parent, document].map((person) =>
            Number(textAt(elementsOf(person, 'birth')[0], 'birthYear')),
          );
          const isGrownUp = younger - older >= 17 && younger - older <= 60;
          const isRight = genders.includes(role === 'Father' ? 'Male' : 'Female');
          if (!isGrownUp || !isRight) wrong.push([role, genders, older, younger]);
        }
      }
      expect(wrong).to.deep.equal([]);
      expect(parents).to.be.above(1000);
    });

    it('name the spouse on both sides of a marriage', () => {
      let marriages = 0;
      const wrong: unknown[] = [];
      for (const document of documents) {
        const [marriage] = currentOf(document, 'maritalStatus');
        const status = textAt(marriage, 'status') ?? '';
        const isMarried = ['Married', 'Separated', 'RegisteredPartner', 'SeparatedPartner'].includes(status);
        if (!isMarried || statusOf(document) === 'Deceased') continue;
        marriages += 1;
        const spouse = personAt(marriage, 'relatedByMaritalStatus');
        const [theirs] = spouse === undefined ? [] : currentOf(spouse, 'maritalStatus');
        const isMutual = textAt(theirs, 'relatedByMaritalStatus') === ownNumber(document);
        if (!isMutual || textAt(theirs, 'status') !== status) wrong.push([marriage, theirs]);
      }
      expect(wrong).to.deep.equal([]);
      expect(marriages).to.be.above(1000);
    });

    it('come with parental responsibility in both documents while the child is a minor', () => {
      let shared = 0;
      const wrong: JsonObject[] = [];
      const said = ({ responsibilityType, subjectOfResponsibility, responsible }: JsonObject): string =>
        JSON.stringify([responsibilityType, subjectOfResponsibility, responsible]);
      for (const document of documents) {
        for (const responsibility of currentOf(document, 'parentalResponsibility')) {
          if (!('responsible' in responsibility)) continue;
          shared += 1;
          for (const member of ['subjectOfResponsibility', 'responsible']) {
            const person = personAt(responsibility, member);
            const theirs = person === undefined ? [] : elementsOf(person, 'parentalResponsibility').map(said);
            if (!theirs.includes(said(responsibility))) wrong.push(responsibility);
          }
        }
      }
      expect(wrong).to.deep.equal([]);
      expect(shared).to.be.above(1000);
    });
  });

  describe('lives', () => {
    const statusOf = (document: PersonDocument): string | undefined =>
      textAt(currentOf(document, 'status')[0], 'status');

    it('have at most one current entry where the register has one', () => {
      const single = [
        'residentialAddress',
        'presentAddress',
        'postalAddress',
        'foreignPostalAddress',
        'name',
        'maritalStatus',
        'status',
        'gender',
        'birth',
        'sharedResidence',
        'addressProtection',
        'norwegianIdentificationNumber',
      ];
      const several = documents.flatMap((document) =>
        single.filter((part) => currentOf(document, part).length > 1),
      );
      expect(several).to.deep.equal([]);
    });

    it('have exactly one kind of home in each residential address', () => {
      const kinds = ['streetAddress', 'cadastralAddress', 'unknownResidence'];
      const wrong = documents
        .flatMap((document) => elementsOf(document, 'residentialAddress'))
        .filter((address) => kinds.filter((kind) => kind in address).length !== 1);
      expect(wrong).to.deep.equal([]);
    });

    it('have a home when resident; none with a D-number, abroad or dead; none at all when strictly protected', () => {
      const wrong: unknown[] = [];
      for (const document of documents) {
        const homes = currentOf(document, 'residentialAddress').length;
        const strictly = currentOf(document, 'addressProtection').some(
          ({ protectionLevel }) => protectionLevel === 'StrictlyConfidential',
        );
        const status = statusOf(document) ?? '';
        if (strictly) {
          const held = ['residentialAddress', 'presentAddress', 'sharedResidence'].flatMap((part) =>
            elementsOf(document, part),
          );
          if (held.length > 0 || currentOf(document, 'postalAddress').length !== 1) wrong.push(document.id);
        } else if (status === 'Resident' && homes !== 1) wrong.push([status, homes]);
        else if (['Deceased', 'Temporary', 'Inactive', 'Emigrated'].includes(status) && homes !== 0) {
          wrong.push([status, homes]);
        }
      }
      expect(wrong).to.deep.equal([]);
    });

    it('have a date of death when dead, and only then', () => {
      const wrong = documents.filter(
        (document) => 'death' in document !== (statusOf(document) === 'Deceased'),
      );
      expect(wrong).to.deep.equal([]);
    });

    it('have days that exist and nothing that ends before it begins', () => {
      const wrong: unknown[] = [];
      for (const document of documents) {
        for (const { property, single } of PARTS) {
          if (single) continue;
          for (const element of elementsOf(document, property)) {
            const from = textAt(element, 'validFrom') ?? '';
            const to = textAt(element, 'validTo') ?? from;
            const isDay = isCalendarDate(from.slice(0, 10)) && /T00:00:00(?:Z|\+01:00)$/.test(from);
            if (!isDay || to < from) wrong.push([property, from, to]);
          }
        }
      }
      expect(wrong).to.deep.equal([]);
    });

    it('have current entries that are the newest of their part, from the birth on and not after the last day', () => {
      const wrong: unknown[] = [];
      for (const document of documents) {
        const [birth] = elementsOf(document, 'birth');
        const born = textAt(birth, 'birthDate') ?? textAt(birth, 'birthYear') ?? '';
        for (const part of [
          'name',
          'status',
          'maritalStatus',
          'residentialAddress',
          'gender',
          'citizenship',
        ]) {
          const days = elementsOf(document, part).map((element) => textAt(element, 'validFrom') ?? '');
          const newest = days.toSorted().at(-1) ?? born;
          const isInOrder = days.length === 0 || days[0] === newest;
          if (
            !isInOrder ||
            days.some((day) => day < born.slice(0, 10)) ||
            newest.slice(0, 10) > '2025-07-01'
          ) {
            wrong.push([part, born, days]);
          }
        }
      }
      expect(wrong).to.deep.equal([]);
    });

    it('are written in both clothings of dates that real answers may have', () => {
      const births = [...valuesAt(documents, 'birth.birthDate')].map(String);
      expect(births.some((birth) => birth.endsWith('T00:00:00Z'))).to.equal(true);
      expect(births.some((birth) => birth.endsWith('T00:00:00+01:00'))).to.equal(true);
    });

    it('have names with Sami letters, apostrophes and hyphens, and of one and of two hundred letters', () => {
      const names = ['name.familyName', 'name.givenName'].flatMap((path) =>
        [...valuesAt(documents, path)].map(String),
      );
      const letters = new Set(names.join(''));
      expect(letters).to.include.all.keys(Array.from('áčđŋšŧžæøåÆØÅ'));
      expect(names.some((name) => name.includes("'"))).to.equal(true);
      expect(names.some((name) => name.includes('-'))).to.equal(true);
      expect(Math.min(...names.map(({ length }) => length))).to.equal(1);
      expect(Math.max(...names.map(({ length }) => length))).to.equal(200);
      const shortNames = [...valuesAt(documents, 'name.shortName')].map(String);
      expect(Math.max(...shortNames.map(({ length }) => length))).to.be.at.most(40);
    });
  });
});
