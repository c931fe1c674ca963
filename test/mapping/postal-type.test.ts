import { expect } from 'chai';
import type { JsonObject } from '../../src/mapping/json.js';
import {
  addressWith,
  element,
  mapped,
  onlyAddress,
  person,
  residence,
  street,
} from '../support/person-documents.js';

const home: JsonObject = { residentialAddress: [residence()] };

function stay(stayElsewhere: string, validFrom = '2022-03-04T00:00:00Z'): JsonObject {
  return { presentAddress: [element({ stayElsewhere, validFrom })] };
}

function onSvalbard(members: JsonObject = {}): JsonObject {
  return { stayOnSvalbard: [element({ validFrom: '2023-05-06', startDate: '2023-05-01', ...members })] };
}

describe('PostalType', () => {
  it('is 0 since the residence began for those who live where they live', () => {
    expect(addressWith(home)).to.include({ postalType: 0, datePostalType: '2020-02-02' });
  });

  for (const [kind, code] of [
    ['Abroad', 1],
    ['Military', 2],
    ['OnSvalbard', 3],
    ['Commuter', 8],
  ] as const) {
    it(`is ${code} since the stay began for ${kind}, and the residence is shown`, () => {
      expect(addressWith({ ...home, ...stay(kind) })).to.include({
        postalType: code,
        datePostalType: '2022-03-04',
        streetName: 'OPPDIKTET VEI',
        source: 'residential',
      });
    });
  }

  it('prefers Svalbard, then military service, service abroad and commuting', () => {
    const stays = (...kinds: string[]): JsonObject => ({
      ...home,
      presentAddress: kinds.map((stayElsewhere) => element({ stayElsewhere })),
    });
    expect(addressWith(stays('Commuter', 'Abroad', 'Military', 'OnSvalbard')).postalType).to.equal(3);
    expect(addressWith(stays('Commuter', 'Abroad', 'Military')).postalType).to.equal(2);
    expect(addressWith(stays('Commuter', 'Abroad')).postalType).to.equal(1);
  });

  it('leaves out a kind of stay that nobody knows, one that has ended, and reports the former once', () => {
    const translated = mapped(person({ ...home, ...stay('OnTheMoon') }));
    expect(onlyAddress(translated.person)).to.include({ postalType: 0, datePostalType: '2020-02-02' });
    expect(translated.unmapped).to.deep.equal([{ row: 'addresses.postalType', value: 'OnTheMoon' }]);
    const ended = { presentAddress: [{ stayElsewhere: 'Military', isValid: false }] };
    expect(addressWith({ ...home, ...ended }).postalType).to.equal(0);
  });

  describe('3, Svalbard', () => {
    it('follows from a current stay without an end', () => {
      expect(addressWith({ ...home, ...onSvalbard() })).to.include({
        postalType: 3,
        datePostalType: '2023-05-06',
      });
    });

    it('does not follow from a stay with an end, or one that no longer holds', () => {
      for (const members of [{ endDate: '2024-01-01' }, { endDate: '2099-01-01' }, { isValid: false }])
        expect(addressWith({ ...home, ...onSvalbard(members) }).postalType).to.equal(0);
    });

    it('follows from the municipality of the home, street or farm', () => {
      const here = street({ municipalityNumber: '2100' });
      const farm = {
        streetAddress: null,
        cadastralAddress: { cadastralNumber: { municipalityNumber: '2100', municipalityLandNumber: 1 } },
      };
      for (const members of [{ streetAddress: here }, farm])
        expect(addressWith({ residentialAddress: [residence(members)], ...stay('Military') })).to.include({
          postalType: 3,
          datePostalType: '2020-02-02',
          st: '2100',
        });
    });
  });

  describe('5, no fixed abode', () => {
    const unknown = (unknownResidence: JsonObject): JsonObject => ({
      residentialAddress: [
        residence({
          streetAddress: null,
          unknownResidence,
          moveDate: '2020-01-31',
          basicStatisticalUnit: 1417,
          constituency: 3,
          urbanDistrictCode: '030102',
        }),
      ],
      postalAddress: [element({ postBoxAddress: { postBoxIdentification: '1' } })],
    });

    it('shows the municipality number only ("Decided" 4)', () => {
      const address = addressWith({
        ...unknown({ municipalityNumber: '0301', municipalityName: 'Oslo' }),
        ...stay('Military'),
        ...onSvalbard(),
      });
      const shown = Object.entries(address).filter(([, value]) => value !== null);
      expect(Object.fromEntries(shown)).to.deep.equal({
        nin: address.nin,
        currentAddress: true,
        postalType: 5,
        datePostalType: '2020-02-02',
        st: '0301',
      });
    });

    it('shows nothing where the municipality is unknown too', () => {
      expect(addressWith(unknown({}))).to.include({ postalType: 5, st: null, municipality: null });
    });

    it('gives way to protection', () => {
      const protection = { addressProtection: [element({ protectionLevel: 'Confidential' })] };
      expect(addressWith({ ...unknown({ municipalityNumber: '0301' }), ...protection })).to.include({
        postalType: 7,
        st: null,
      });
    });

    it('is not for a home that is a street after all', () => {
      expect(addressWith({ residentialAddress: [residence({ unknownResidence: {} })] }).postalType).to.equal(
        0,
      );
    });
  });
});
