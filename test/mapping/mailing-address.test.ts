import { expect } from 'chai';
import fc from 'fast-check';
import type { JsonObject } from '../../src/mapping/json.js';
import { addressLinesOf } from '../../src/mapping/mailing-address.js';
import type { MailingAddress, PregAddress } from '../../src/person/preg-person.js';
import { addressWith, element, fixture, mapped, onlyAddress, person } from '../support/person-documents.js';

const city = { postalCode: '0034', cityName: 'Oslo' };

function linesOf({ addressLine1, addressLine2, addressLine3 }: PregAddress): (string | null)[] {
  return [addressLine1, addressLine2, addressLine3];
}

/** The lines that a postal address gives. */
function posted(members: JsonObject): (string | null)[] {
  return linesOf(addressWith({ postalAddress: [element(members)] }));
}

function sentAbroad(members: JsonObject): PregAddress {
  return addressWith({ foreignPostalAddress: [element(members)] });
}

describe('the mailing address', () => {
  describe('in its forms', () => {
    it('a box has its owner, its number and the place', () => {
      expect(
        posted({ postBoxAddress: { postBoxOwner: 'Firma AS', postBoxIdentification: '45 Sentrum', city } }),
      ).to.deep.equal(['FIRMA AS', 'POSTBOKS 45 SENTRUM', '0034 OSLO']);
      expect(posted({ postBoxAddress: { postBoxIdentification: '45' } })).to.deep.equal([
        'POSTBOKS 45',
        null,
        null,
      ]);
    });

    it('a box that says that it is one is not told twice', () => {
      for (const [given, line] of [
        ['Postboks 7', 'POSTBOKS 7'],
        ['postboks 7', 'POSTBOKS 7'],
        ['Boks 7', 'BOKS 7'],
        ['PB 7', 'PB 7'],
        ['Bokskogen 7', 'POSTBOKS BOKSKOGEN 7'],
      ] as const)
        expect(posted({ postBoxAddress: { postBoxIdentification: given } })[0]).to.equal(line);
    });

    it('a street has care-of, additional name, street with number and letter, and the place', () => {
      const street = {
        addressName: 'Vegen',
        streetAddressNumber: { houseNumber: '4', houseLetter: 'c' },
        city,
      };
      expect(posted({ streetAddress: street })).to.deep.equal(['VEGEN 4C', '0034 OSLO', null]);
      expect(posted({ streetAddress: { ...street, coAddressName: 'Kari Noen' } })).to.deep.equal([
        'C/O KARI NOEN',
        'VEGEN 4C',
        '0034 OSLO',
      ]);
    });

    it('a street keeps its street line when there are more lines than room', () => {
      const street = {
        coAddressName: 'Noen',
        addressAdditionalName: 'Nordgard',
        addressName: 'Vegen',
        streetAddressNumber: { houseNumber: '4' },
        city,
      };
      const { person: translated, cut } = mapped(
        person({ postalAddress: [element({ streetAddress: street })] }),
      );
      expect(linesOf(onlyAddress(translated))).to.deep.equal(['C/O NOEN', 'VEGEN 4', '0034 OSLO']);
      expect(onlyAddress(translated).mailing?.lines).to.deep.equal(['C/O NOEN', 'NORDGARD', 'VEGEN 4']);
      expect(cut).to.deep.equal(['addresses.addressLine1']);
    });

    it('care-of is written before a name that does not say so itself', () => {
      for (const [given, line] of [
        ['Attila Noen', 'C/O ATTILA NOEN'],
        ['c/o Noen', 'C/O NOEN'],
        ['v/ Noen', 'V/ NOEN'],
        ['Att: Noen', 'ATT: NOEN'],
        ['Attn. Noen', 'ATTN. NOEN'],
        ['Vera Noen', 'C/O VERA NOEN'],
      ] as const)
        expect(posted({ streetAddress: { coAddressName: given } })[0]).to.equal(line);
    });

    it('free form keeps its lines, under the new name or the deprecated one', () => {
      const expected = ['EN LINJE', 'EN TIL', '0034 OSLO'];
      const lines = ['En linje', ' ', 'En til', null, 7];
      expect(posted({ freeFormPostalAddress: { addressLine: lines, city } })).to.deep.equal(expected);
      expect(posted({ freeFormPostalAddress: { adresselinje: lines, city } })).to.deep.equal(expected);
      expect(posted({ freeFormPostalAddress: { addressLine: [], adresselinje: lines, city } })).to.deep.equal(
        expected,
      );
      expect(posted({ freeFormPostalAddress: { addressLine: ['Ny'], adresselinje: lines } })).to.deep.equal([
        'NY',
        null,
        null,
      ]);
    });

    it('a foreign address has its parts in order, the place, and a country by name', () => {
      const address = sentAbroad({
        foreignAddress: {
          addressName: 'Made Up Road 1',
          building: 'Acacia House',
          floorNumber: '3',
          districtName: 'Westlands',
          postCode: '00100',
          cityOrPlaceName: 'Nairobi',
          countryCode: 'KE',
        },
      });
      expect(linesOf(address)).to.deep.equal(['MADE UP ROAD 1', 'ACACIA HOUSE, 3', '00100 NAIROBI']);
      expect(address).to.include({ country: 'KENYA', countryCode: null, source: null });
      expect(address.mailing).to.deep.equal({
        lines: ['MADE UP ROAD 1', 'ACACIA HOUSE, 3', 'WESTLANDS'],
        postalCode: '00100',
        postalPlace: 'NAIROBI',
        countryCode: 'KEN',
        isForeignStay: false,
      });
    });

    it('a foreign free form has lines, place and country', () => {
      const address = sentAbroad({
        freeFormForeignAddress: { addressLine: ['Et sted'], cityOrPlaceName: 'By', countryCode: 'XK' },
      });
      expect(linesOf(address)).to.deep.equal(['ET STED', 'BY', null]);
      expect(address.country).to.equal('KOSOVO');
    });

    it('a country alone is told, one that nobody knows is not', () => {
      expect(sentAbroad({ foreignAddress: { countryCode: 'SE' } })).to.include({
        country: 'SVERIGE',
        addressLine1: null,
      });
      const { person: translated, unmapped } = mapped(
        person({
          foreignPostalAddress: [element({ foreignAddress: { addressName: 'X', countryCode: 'QQ' } })],
        }),
      );
      expect(onlyAddress(translated)).to.include({ country: null, addressLine1: 'X' });
      expect(unmapped).to.deep.equal([{ row: 'addresses.country', value: 'QQ' }]);
    });
  });

  describe('among several', () => {
    const box = element({ postBoxAddress: { postBoxIdentification: '1' } });
    const abroad = element({ foreignAddress: { addressName: 'Road 2', countryCode: 'SE' } });
    const stay = element({
      foreignAddress: { addressName: 'Stay 3', countryCode: 'DK' },
      stayElsewhere: 'Abroad',
    });

    it('is the postal one, else the foreign one, else a stay abroad', () => {
      const all = { postalAddress: [box], foreignPostalAddress: [abroad], presentAddress: [stay] };
      expect(addressWith(all)).to.include({ addressLine1: 'POSTBOKS 1', country: 'NORGE' });
      expect(addressWith({ ...all, postalAddress: null })).to.include({
        addressLine1: 'ROAD 2',
        country: 'SVERIGE',
      });
      const living = addressWith({ presentAddress: [stay] });
      expect(living).to.include({ addressLine1: 'STAY 3', country: 'DANMARK', postalType: 1 });
      expect(living.mailing?.isForeignStay).to.equal(true);
    });

    it('is not hidden by one that holds nothing', () => {
      for (const nothing of [
        {},
        { postBoxAddress: {} },
        { streetAddress: { city: {} } },
        { freeFormPostalAddress: { addressLine: [' '] } },
      ]) {
        const parts = { postalAddress: [element(nothing)], foreignPostalAddress: [abroad] };
        expect(addressWith(parts), JSON.stringify(nothing)).to.include({
          addressLine1: 'ROAD 2',
          country: 'SVERIGE',
        });
      }
    });

    it('makes no address of nothing', () => {
      expect(
        mapped(person({ postalAddress: [element({ postBoxAddress: {} })] })).person.addresses,
      ).to.deep.equal([]);
    });

    it('is the newest that is current', () => {
      const boxes = [
        { ...box, isValid: false, validFrom: '2024-01-01' },
        element({ validFrom: '2001-01-01', postBoxAddress: { postBoxIdentification: '2' } }),
        element({ validFrom: '2009-09-09T00:00:00', postBoxAddress: { postBoxIdentification: '3' } }),
      ];
      expect(addressWith({ postalAddress: boxes })).to.include({
        addressLine1: 'POSTBOKS 3',
        postalAddressValidFrom: '2009-09-09',
      });
    });
  });

  describe('in three lines of thirty characters', () => {
    const mail = (lines: readonly string[], place: Partial<MailingAddress> = {}): MailingAddress => ({
      lines,
      postalCode: null,
      postalPlace: null,
      countryCode: null,
      isForeignStay: false,
      ...place,
    });
    const oslo = { postalCode: '0034', postalPlace: 'OSLO' };

    it('breaks a long line at a blank while there is room', () => {
      expect(addressLinesOf(mail(['AVDELING FOR DIKT OG ANNEN SKJØNNLITTERATUR'], oslo))).to.deep.equal({
        lines: ['AVDELING FOR DIKT OG ANNEN', 'SKJØNNLITTERATUR', '0034 OSLO'],
        cut: false,
      });
    });

    it('breaks a very long line twice when all three are free', () => {
      const long = 'EN GANSKE LANG LINJE SOM FORTSETTER UTEN STANS OG SLUTTER FØRST HER BORTE';
      expect(addressLinesOf(mail([long]))).to.deep.equal({
        lines: ['EN GANSKE LANG LINJE SOM', 'FORTSETTER UTEN STANS OG', 'SLUTTER FØRST HER BORTE'],
        cut: false,
      });
    });

    it('cuts what does not fit, and says so', () => {
      const long = 'X'.repeat(31);
      expect(addressLinesOf(mail([long], oslo))).to.deep.equal({
        lines: ['X'.repeat(30), '0034 OSLO'],
        cut: true,
      });
      expect(addressLinesOf(mail(['A', 'B', 'C', 'D'], oslo))).to.deep.equal({
        lines: ['A', 'D', '0034 OSLO'],
        cut: true,
      });
      expect(addressLinesOf(mail(['A', 'B', 'C', 'D'], { ...oslo, countryCode: 'SWE' })).lines).to.deep.equal(
        ['A', 'B', '0034 OSLO'],
      );
    });

    it('never has more, never longer, and loses nothing in silence', () => {
      const word = fc.string({ unit: fc.constantFrom('A', 'Å', 'Ŋ', '𐐀', '.'), minLength: 1, maxLength: 40 });
      const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
      fc.assert(
        fc.property(fc.array(line, { maxLength: 5 }), fc.option(word), (lines, postalPlace) => {
          const composed = addressLinesOf(mail(lines, { postalPlace }));
          expect(composed.lines.length).to.be.at.most(3);
          for (const part of composed.lines) expect(Array.from(part).length).to.be.at.most(30);
          const all = [...lines, ...(postalPlace === null ? [] : [postalPlace])].join(' ');
          expect(composed.lines.join(' ') === all).to.equal(!composed.cut);
        }),
      );
    });
  });

  it('of four lines keeps the first and the last, and tells that it was cut (Safety S11)', () => {
    const { person: translated, cut } = mapped(fixture('71'));
    expect(linesOf(onlyAddress(translated))).to.deep.equal(['ORDRIK BREVDUE', 'BRYGGE 4', '6004 ÅLESUND']);
    expect(onlyAddress(translated).mailing?.lines).to.have.length(4);
    expect(cut).to.deep.equal(['addresses.addressLine1']);
  });
});
