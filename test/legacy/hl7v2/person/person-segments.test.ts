import { expect } from 'chai';
import type { IdentifierTypes } from '../../../../src/legacy/hl7v2/codes.js';
import {
  noVisit,
  PersonSegments,
  type Telling,
} from '../../../../src/legacy/hl7v2/person/person-segments.js';
import { fieldGroups } from '../../../../src/person/field-groups.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import { fieldOf, hl7v2Codes, lineOf } from '../../../support/hl7v2-segments.js';
import { everyFixture, fixture, mapped } from '../../../support/person-documents.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const FNR = '2.16.578.1.12.4.1.4.1';
const FHN = '2.16.578.1.12.4.1.4.3';
const usual: Telling = { version: '2.5', visible: new Set(fieldGroups) };

function lines(
  person: PregPerson,
  telling: Partial<Telling> = {},
  types: IdentifierTypes = 'hl7',
): readonly string[] {
  return new PersonSegments(hl7v2Codes(types)).of(person, { ...usual, ...telling }).map(lineOf);
}

function pid(
  known: Partial<PregPerson>,
  field: number,
  telling: Partial<Telling> = {},
  types: IdentifierTypes = 'hl7',
): string {
  return fieldOf(lines(pregPerson(known), telling, types)[0] ?? '', field);
}

const told = (digits: string): PregPerson => mapped(fixture(digits)).person;

describe('a person in segments of HL7 v2', () => {
  it('stands in the fields of PID, and nowhere else', () => {
    const nin = syntheticNumber();
    const person = pregPerson({
      nin,
      sn: 'ØREKJÆR',
      givenName: 'KARI',
      middleName: 'LØV',
      dateOfBirth: dayIn('1981-03-12'),
      gender: 'F',
      maritalStatus: 2,
      citizenships: ['NOR', 'SWE'],
      deceased: false,
      dateRegistered: dayIn('2024-05-06'),
      addresses: [
        pregAddress({
          postalAddress: 'PRØVEVEIEN 12 B',
          streetName: 'PRØVEVEIEN',
          houseNumber: 12,
          houseLetter: 'B',
          coAddress: 'C/O NOEN',
          postalPlace: 'OSLO',
          postalCode: '0484',
          countryCode: 'NOR',
          districtCode: '0304',
          st: '0301',
          source: 'residential',
        }),
      ],
    });
    expect(lines(person)).to.deep.equal([
      `PID|1||${nin}^^^&${FNR}&ISO^NNNOR||ØREKJÆR^KARI^LØV^^^^L||19810312|F|||` +
        'PRØVEVEIEN 12 B&PRØVEVEIEN&12B^C/O NOEN^OSLO^^0484^NOR^L^0304^0301|||||M||||||||||NOR~SWE|||||||20240506',
    ]);
  });

  it('of whom nothing is known is a number, and a gender that is not known', () => {
    expect(lines(pregPerson())).to.deep.equal([`PID|1||${syntheticNumber()}^^^&${FNR}&ISO^NNNOR|||||U`]);
  });

  it('has the place in the message that it is given', () => {
    expect(pid({}, 1, { setId: 7 })).to.equal('7');
  });

  describe('by numbers', () => {
    const [old, older, help] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3)];
    const numbers: Partial<PregPerson> = {
      supersededNINs: [old, older],
      datesSuperseded: [dayIn('2017-05-17'), null],
    };

    it('lists those that gave way behind the one in use, with the day where it is known', () => {
      const repetitions = pid(numbers, 3).split('~');
      expect(repetitions).to.deep.equal([
        `${syntheticNumber()}^^^&${FNR}&ISO^NNNOR`,
        `${old}^^^&${FNR}&ISO^NNNOR^^^20170517`,
        `${older}^^^&${FNR}&ISO^NNNOR`,
      ]);
    });

    it('lists the others in use, foreign ones included, before those that gave way', () => {
      const known = {
        ...numbers,
        alternativeNINs: [help],
        dufNo: '209900000417',
        foreignIds: [{ root: '2.16.840.1.113883.4.330.616', extension: 'AB1' }],
      };
      expect(pid(known, 3).split('~').slice(1, 4)).to.deep.equal([
        `${help}^^^&${FNR}&ISO^NNNOR`,
        '209900000417^^^&2.16.578.1.12.4.1.4.5&ISO^DUF',
        'AB1^^^&2.16.840.1.113883.4.330.616&ISO',
      ]);
    });

    it('shows the numbers of the domains wanted alone', () => {
      const [person] = [told('45')];
      expect(fieldOf(lines(person, { domains: new Set([FHN]) })[0] ?? '', 3)).to.contain(FHN);
      expect(fieldOf(lines(person, { domains: new Set([FNR]) })[0] ?? '', 3)).to.equal('');
    });

    const kinds = [
      ['0', FNR, 'NNNOR', 'FNR'],
      ['4', '2.16.578.1.12.4.1.4.2', 'NNNOR', 'DNR'],
      ['8', FHN, 'FHN', 'FHN'],
    ] as const;
    for (const [first, oid, hl7, volven] of kinds) {
      it(`calls numbers that begin with ${first} ${hl7}, or ${volven} by Volven 8116`, () => {
        const number = `${first}${syntheticNumber().slice(1)}`;
        for (const [types, type] of [
          ['hl7', hl7],
          ['volven', volven],
        ] as const) {
          expect(pid({ mothersNIN: number }, 21, {}, types)).to.equal(`${number}^^^&${oid}&ISO^${type}`);
        }
      });
    }

    it('of the mother stands in PID-21 and NK1, and of no known form nowhere', () => {
      expect(pid({ mothersNIN: old }, 21)).to.equal(`${old}^^^&${FNR}&ISO^NNNOR`);
      expect(lines(pregPerson({ mothersNIN: 'unknown', fathersNIN: '123', spouseNIN: '' }))).to.have.length(
        1,
      );
      expect(pid({ mothersNIN: 'unknown' }, 21)).to.equal('');
    });
  });

  it('has no name field without a name', () => {
    expect(pid({}, 5)).to.equal('');
    expect(pid({ givenName: 'BARN' }, 5)).to.equal('^BARN^^^^^L');
    expect(pid({ sn: 'NORD', middleName: 'VEST' }, 5)).to.equal('NORD^^VEST^^^^L');
  });

  it('has a gender of F, M, or U when nobody knows it', () => {
    expect([pid({ gender: 'F' }, 8), pid({ gender: 'M' }, 8), pid({}, 8)]).to.deep.equal(['F', 'M', 'U']);
  });

  it('has a blank gender when the profile does not show it: U would say that nobody knows', () => {
    expect(pid({}, 8, { visible: new Set(['names']) })).to.equal('');
  });

  it('has the marital status by table 0002', () => {
    const codes = Array.from({ length: 11 }, (_, code) => pid({ maritalStatus: code }, 16));
    expect(codes).to.deep.equal(['U', 'S', 'M', 'W', 'D', 'A', 'R', 'E', 'D', 'W', '']);
  });

  describe('and death (Safety S7)', () => {
    const dateOfDeath = dayIn('2023-12-27');

    it('is told with its day', () => {
      expect([29, 30].map((field) => pid({ deceased: true, dateOfDeath }, field))).to.deep.equal([
        '20231227',
        'Y',
      ]);
      expect([29, 30].map((field) => pid({ deceased: true }, field))).to.deep.equal(['', 'Y']);
    });

    it('is left blank of the living, and of those of whom nobody told', () => {
      for (const deceased of [false, null]) {
        expect([29, 30].map((field) => pid({ deceased, regStatus: 1 }, field))).to.deep.equal(['', '']);
      }
    });

    it('is not told from the day on which a status began', () => {
      const dateStatus = dayIn('2020-01-01');
      expect(pid({ deceased: true, regStatus: 5, dateStatus }, 29)).to.equal('');
    });
  });

  describe('and addresses', () => {
    const home = pregAddress({ postalPlace: 'OSLO', st: '0301', countryCode: 'NOR', source: 'residential' });
    const mailing = {
      lines: ['C/O NOEN', 'GÅRDEN', 'STORGATA 1'],
      postalCode: '0150',
      postalPlace: 'OSLO',
      countryCode: null,
      isForeignStay: false,
    };

    it('tell where mail goes besides the home', () => {
      expect(pid({ addresses: [{ ...home, mailing }] }, 11)).to.equal(
        '^^OSLO^^^NOR^L^^0301~GÅRDEN, STORGATA 1^C/O NOEN^OSLO^^0150^^M',
      );
    });

    it('are mail alone where no home is told', () => {
      expect(pid({ addresses: [pregAddress({ mailing, countryCode: 'NOR' })] }, 11)).to.equal(
        'GÅRDEN, STORGATA 1^C/O NOEN^OSLO^^0150^^M',
      );
    });

    it('say whether the person merely stays there, or abroad', () => {
      expect(pid({ addresses: [{ ...home, source: 'present' }] }, 11)).to.equal('^^OSLO^^^NOR^C^^0301');
      const abroad = { ...mailing, lines: ['RUE 1'], countryCode: 'FRA', isForeignStay: true };
      expect(pid({ addresses: [pregAddress({ mailing: abroad })] }, 11)).to.equal('RUE 1^^OSLO^^0150^FRA^H');
    });

    it('that are over, or hold nothing but a country, are left out', () => {
      const former = { ...home, currentAddress: false };
      expect(pid({ addresses: [former, pregAddress({ countryCode: 'NOR' })] }, 11)).to.equal('');
    });

    it('have no parts of a street before version 2.4', () => {
      const street = pregAddress({ postalAddress: 'VEIEN 1', streetName: 'VEIEN', houseNumber: 1 });
      const known = { addresses: [street] };
      for (const version of ['2.3', '2.3.1'] as const) {
        expect(pid(known, 11, { version })).to.equal('VEIEN 1^^^^^^L');
      }
      for (const version of ['2.4', '2.5', '2.5.1', '2.6'] as const) {
        expect(pid(known, 11, { version })).to.equal('VEIEN 1&VEIEN&1^^^^^^L');
      }
    });

    it('are never cut, however long they are (Safety S11)', () => {
      const long = 'X'.repeat(400);
      const address = pregAddress({ postalAddress: long, coAddress: long });
      expect(pid({ addresses: [address], sn: long, givenName: long }, 11)).to.equal(`${long}^${long}^^^^^L`);
      expect(pid({ sn: long, givenName: long }, 5)).to.equal(`${long}^${long}^^^^^L`);
    });

    it('without a fixed abode are a municipality', () => {
      expect(fieldOf(lines(told('28'))[0] ?? '', 11)).to.equal('^^^^^^L^^0301');
    });
  });

  describe('who is protected', () => {
    for (const code of [4, 6, 7]) {
      it(`has PD1-12 and no address: PostalType ${code} ("Decided" 4)`, () => {
        const open = pregAddress({ postalAddress: 'VEIEN 1', source: 'residential' });
        const hidden = pregAddress({
          postalAddress: 'Sperret adresse',
          addressLine1: 'POSTBOKS 1',
          postalType: code,
          st: '0301',
        });
        const [identification = '', protection] = lines(pregPerson({ addresses: [open, hidden] }));
        expect(fieldOf(identification, 11)).to.equal('');
        expect(protection).to.equal('PD1||||||||||||Y');
      });
    }

    it('has the day in PD1-13 where it is told, from version 2.4 on', () => {
      const address = pregAddress({ postalType: 7, datePostalType: dayIn('2024-02-03') });
      const protection = (version: Telling['version']): string | undefined =>
        lines(pregPerson({ addresses: [address] }), { version })[1];
      expect([protection('2.3.1'), protection('2.4')]).to.deep.equal([
        'PD1||||||||||||Y',
        'PD1||||||||||||Y|20240203',
      ]);
    });

    it('keeps relatives, who are numbers alone ("Decided" 3)', () => {
      const spouse = syntheticNumber(1);
      const person = pregPerson({ spouseNIN: spouse, addresses: [pregAddress({ postalType: 6 })] });
      expect(lines(person).slice(1)).to.deep.equal([
        'PD1||||||||||||Y',
        `NK1|1||SPO${'|'.repeat(30)}${spouse}^^^&${FNR}&ISO^NNNOR`,
      ]);
    });

    it('shows nothing that is kept back of any fixture', () => {
      const protectedOnes = everyFixture
        .map(({ document }) => mapped(document).person)
        .filter(({ addresses }) => addresses.some(({ postalType }) => [4, 6, 7].includes(postalType ?? 0)));
      expect(protectedOnes.length).to.be.greaterThan(5);
      for (const person of protectedOnes) {
        const [identification = '', protection] = lines(person);
        expect([fieldOf(identification, 11), fieldOf(identification, 33)]).to.deep.equal(['', '']);
        expect(protection).to.equal('PD1||||||||||||Y');
      }
    });
  });

  it('has the day of the last registration from version 2.4 on', () => {
    const known = { dateRegistered: dayIn('2024-05-06') };
    expect(pid(known, 33, { version: '2.3.1' })).to.equal('');
    expect(pid(known, 33, { version: '2.4' })).to.equal('20240506');
  });

  it('has relatives by number, in the order spouse, mother, father, children', () => {
    const [spouse, mother, father, child, other] = [1, 2, 3, 4, 5].map((index) => syntheticNumber(index));
    const person = pregPerson({
      spouseNIN: spouse ?? null,
      mothersNIN: mother ?? null,
      fathersNIN: father ?? null,
      childrensNINs: [child ?? '', other ?? ''],
    });
    const kin = lines(person).filter((line) => line.startsWith('NK1'));
    expect(kin.map((line) => [1, 2, 3].map((field) => fieldOf(line, field)).join(' '))).to.deep.equal([
      '1  SPO',
      '2  MTH',
      '3  FTH',
      '4  CHD',
      '5  CHD',
    ]);
    expect(kin.map((line) => fieldOf(line, 33).slice(0, 11))).to.deep.equal([
      spouse,
      mother,
      father,
      child,
      other,
    ]);
  });

  it('outside of the profile has blank fields in an unchanged structure', () => {
    const { nin } = told('01');
    const blank = pregPerson({ nin });
    expect(lines(blank, { visible: new Set() })).to.deep.equal([`PID|1||${nin}^^^&${FNR}&ISO^NNNOR`]);
  });

  it('is told of every fixture, with the number in use first', () => {
    for (const { document } of everyFixture) {
      const { person } = mapped(document);
      const [identification = ''] = lines(person);
      expect(fieldOf(identification, 3).startsWith(person.nin)).to.equal(true);
    }
  });

  it('comes to no visit', () => {
    expect(lineOf(noVisit)).to.equal('PV1|1|N');
  });
});
