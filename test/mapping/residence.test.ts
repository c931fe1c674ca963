import { expect } from 'chai';
import type { JsonObject, JsonValue } from '../../src/mapping/json.js';
import type { PregAddress } from '../../src/person/preg-person.js';
import {
  addressWith,
  element,
  inUse,
  mapped,
  person,
  residence,
  street,
} from '../support/person-documents.js';

function livingIn(members: JsonObject): PregAddress {
  return addressWith({ residentialAddress: [residence(members)] });
}

function livingAt(members: JsonObject): PregAddress {
  return livingIn({ streetAddress: street(members) });
}

function onFarm(members: JsonObject): PregAddress {
  return livingIn({ streetAddress: null, cadastralAddress: members });
}

describe('the residence', () => {
  it('has all that a street address holds', () => {
    expect(livingAt({})).to.include({
      st: '0301',
      municipality: 'OSLO',
      streetName: 'OPPDIKTET VEI',
      streetNumber: '12345',
      houseNumber: 5,
      houseLetter: 'B',
      apartmentNumber: 'H0101',
      coAddress: 'C/O NOEN',
      postalCode: '0585',
      postalPlace: 'OSLO',
      postalAddress: 'OPPDIKTET VEI 5B',
      country: 'NORGE',
      countryCode: 'NOR',
      currentAddress: true,
      source: 'residential',
      cadastralNumber: null,
      propertyNumber: null,
      xCoord: null,
      yCoord: null,
      mailing: null,
    });
  });

  it('has all that a farm holds', () => {
    const farm = onFarm({
      addressAdditionalName: 'Nordgard øvre',
      cadastralNumber: {
        municipalityNumber: '3441',
        municipalityName: 'Gausdal',
        municipalityLandNumber: 208,
        titleNumber: '3',
        leaseholdNumber: 4,
      },
      separatelyOccupiedUnitNumber: 'h0102',
      coAddressName: 'Noen',
      city: { postalCode: '2651', cityName: 'Østre Gausdal' },
    });
    expect(farm).to.include({
      st: '3441',
      municipality: 'GAUSDAL',
      streetName: 'NORDGARD ØVRE',
      postalAddress: 'NORDGARD ØVRE',
      cadastralNumber: '208',
      propertyNumber: '3',
      apartmentNumber: 'H0102',
      coAddress: 'NOEN',
      postalCode: '2651',
      postalPlace: 'ØSTRE GAUSDAL',
      houseNumber: null,
      houseLetter: null,
      streetNumber: null,
      countryCode: 'NOR',
    });
    expect(onFarm({ cadastralNumber: {} })).to.include({ streetName: null, postalAddress: null });
  });

  it('is the present address for people without a residential one, and otherwise drops it', () => {
    const present = element({
      streetAddress: street({ addressName: 'Hybelveien' }),
      presentAddressDate: '2024-02-20',
      validFrom: '2024-02-21',
    });
    expect(addressWith({ presentAddress: [present] })).to.include({
      streetName: 'HYBELVEIEN',
      source: 'present',
      dateAdrFrom: '2024-02-20',
      postalType: 0,
      datePostalType: '2024-02-21',
    });
    const shared = { sharedResidence: [present] };
    expect(
      addressWith({ residentialAddress: [residence()], presentAddress: [present], ...shared }).streetName,
    ).to.equal('OPPDIKTET VEI');
    expect(mapped(person(shared)).person.addresses).to.deep.equal([]);
  });

  it('is the newest current one, never a former one', () => {
    const residentialAddress = [
      residence({ validFrom: '2010-01-01' }),
      residence({ validFrom: '2019-01-01', streetAddress: street({ addressName: 'Nyveien' }) }),
      residence({
        validFrom: '2024-01-01',
        streetAddress: street({ addressName: 'Fortiden' }),
        isValid: false,
      }),
    ];
    expect(addressWith({ residentialAddress }).streetName).to.equal('NYVEIEN');
    expect(
      mapped(person({ residentialAddress: residentialAddress.slice(2) })).person.addresses,
    ).to.deep.equal([]);
  });

  it('holds since the person moved, else since it was registered', () => {
    expect(livingIn({ moveDate: '2019-12-24T00:00:00Z' }).dateAdrFrom).to.equal('2019-12-24');
    expect(livingIn({}).dateAdrFrom).to.equal('2020-02-02');
  });

  describe('house numbers', () => {
    for (const [given, number, line] of [
      ['12', 12, 'OPPDIKTET VEI 12'],
      ['007', 7, 'OPPDIKTET VEI 007'],
      ['12-14', null, 'OPPDIKTET VEI 12-14'],
      ['1234567', null, 'OPPDIKTET VEI 1234567'],
      [' ', null, 'OPPDIKTET VEI'],
    ] as const) {
      it(`"${given}" is ${String(number)} in "${line}"`, () => {
        expect(livingAt({ addressNumber: { houseNumber: given } })).to.include({
          houseNumber: number,
          postalAddress: line,
        });
      });
    }

    const helped = (members: JsonObject): PregAddress =>
      addressWith({
        norwegianIdentificationNumber: [
          inUse('80000041770', { identificationNumberType: 'AlternateIdentificationNumber' }),
        ],
        residentialAddress: [residence({ streetAddress: street({ addressNumber: null, ...members }) })],
      });

    for (const [given, name, number, letter, line = given.toUpperCase()] of [
      ['Mørketidskaia 7 B', 'MØRKETIDSKAIA', 7, 'B', 'MØRKETIDSKAIA 7B'],
      ['Mørketidskaia 7b', 'MØRKETIDSKAIA', 7, 'B'],
      ['Mørketidskaia 7', 'MØRKETIDSKAIA', 7, null],
      ['Mørketidskaia  7', 'MØRKETIDSKAIA', 7, null, 'MØRKETIDSKAIA 7'],
      ['17. mai-gata 4', '17. MAI-GATA', 4, null],
      ['Ringveien', 'RINGVEIEN', null, null],
      ['17. mai-gata', '17. MAI-GATA', null, null],
      ['7', '7', null, null],
      ['Vegen 7 BC', 'VEGEN 7 BC', null, null],
    ] as const) {
      it(`of help-number persons are found at the end of "${given}"`, () => {
        expect(helped({ addressName: given })).to.include({
          streetName: name,
          houseNumber: number,
          houseLetter: letter,
          postalAddress: line,
        });
      });
    }

    it('of help-number persons are not looked for in the name when there is one', () => {
      expect(helped({ addressName: 'Kai 7', addressNumber: { houseNumber: '12' } })).to.include({
        streetName: 'KAI 7',
        houseNumber: 12,
        postalAddress: 'KAI 7 12',
      });
    });

    it('of others are not looked for in the name', () => {
      expect(livingAt({ addressName: 'Kai 7', addressNumber: null })).to.include({
        streetName: 'KAI 7',
        houseNumber: null,
        postalAddress: 'KAI 7',
      });
    });
  });

  describe('municipality', () => {
    for (const [given, name] of [
      ['Oslo', 'OSLO'],
      ['Trondheim - Tråante', 'TRONDHEIM'],
      ['Trondheim – Tråante', 'TRONDHEIM'],
      ['Porsanger - Porsáŋgu - Porsanki', 'PORSANGER'],
      ['Gáivuotna - Kåfjord - Kaivuono', 'KÅFJORD'],
      ['Gáivuotna - Kåfjord'.normalize('NFD'), 'KÅFJORD'],
      ['Aarborte - Hattfjelldal', 'HATTFJELLDAL'],
      ['Deatnu - Tana', 'TANA'],
      ['Dielddanuorri - Tjeldsund', 'TJELDSUND'],
      ['Guovdageaidnu - Kautokeino', 'KAUTOKEINO'],
      ['Hábmer - Hamarøy', 'HAMARØY'],
      ['Kárášjohka - Karasjok', 'KARASJOK'],
      ['Kárá?johka - Karasjok', 'KARASJOK'],
      ['Loabák - Lavangen', 'LAVANGEN'],
      ['Raarvihke - Røyrvik', 'RØYRVIK'],
      ['Snåase - Snåsa', 'SNÅSA'],
      ['Unjárga - Nesseby', 'NESSEBY'],
      ['Aurskog-Høland', 'AURSKOG-HØLAND'],
      ['Deatnu', 'DEATNU'],
    ] as const) {
      it(`${given} is ${name}`, () => {
        expect(livingAt({ municipalityName: given }).municipality).to.equal(name);
      });
    }
  });

  describe('district and units', () => {
    const units = (members: Record<string, JsonValue>): PregAddress => livingIn(members);

    it('has the serving district by the last four of its digits', () => {
      expect(
        units({
          urbanDistrictCode: '030104',
          urbanDistrictName: 'St. Hanshaugen',
          geographicalUrbanDistrictCode: '030116',
          geographicalUrbanDistrictName: 'Sentrum',
        }),
      ).to.include({ districtCode: '0104', districtName: 'ST. HANSHAUGEN' });
      for (const urbanDistrictCode of ['104', 'A30104', ''])
        expect(units({ urbanDistrictCode }).districtCode).to.equal(null);
    });

    it('has the basic statistical unit, else what the full number ends in', () => {
      expect(units({ basicStatisticalUnit: 212 }).basicStatisticalUnit).to.equal(212);
      expect(units({ fullBasicStatisticalUnitNumber: '34030212' }).basicStatisticalUnit).to.equal(212);
      for (const odd of [
        { basicStatisticalUnit: -1 },
        { basicStatisticalUnit: 1.5 },
        { fullBasicStatisticalUnitNumber: '212' },
      ])
        expect(units(odd).basicStatisticalUnit).to.equal(null);
    });

    it('pads constituency and school district to four digits', () => {
      expect(units({ constituency: 13, schoolDistrict: 5 })).to.include({
        constituency: '0013',
        schoolDistrict: '0005',
      });
      expect(units({ constituency: '13', schoolDistrict: null })).to.include({
        constituency: '0013',
        schoolDistrict: null,
      });
    });
  });
});
