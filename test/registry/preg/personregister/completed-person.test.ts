import { expect } from 'chai';
import type { NationalId } from '../../../../src/person/national-id.js';
import { isNationalId } from '../../../../src/person/national-id.js';
import type { MailingAddress } from '../../../../src/person/preg-person.js';
import { completedPerson } from '../../../../src/registry/preg/personregister/completed-person.js';
import { countries } from '../../../support/hl7v3-message.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const nin = syntheticNumber();
const dateStatus = dayIn('2020-02-29');

function mailingOf(...lines: readonly (string | null)[]): MailingAddress | null | undefined {
  const [addressLine1 = null, addressLine2 = null, addressLine3 = null, country = null] = lines;
  const address = pregAddress({ addressLine1, addressLine2, addressLine3, country });
  return completedPerson(pregPerson({ addresses: [address] }), countries).addresses[0]?.mailing;
}

function genderOf(text: string): 'F' | 'M' | null {
  if (!isNationalId(text)) throw new RangeError('no number');
  const id: NationalId = text;
  return completedPerson(pregPerson({ nin: id }), countries).gender;
}

describe('a person whom Personregister-XML tells of, completed', () => {
  it('is dead since the day of the status that says so, and alive by any other', () => {
    const of = (regStatus: number | null): readonly unknown[] => {
      const { deceased, dateOfDeath } = completedPerson(pregPerson({ regStatus, dateStatus }), countries);
      return [deceased, dateOfDeath];
    };
    expect(of(5)).to.deep.equal([true, dateStatus]);
    expect(of(1)).to.deep.equal([false, null]);
    expect(of(3)).to.deep.equal([false, null]);
    expect(of(null), 'of no status').to.deep.equal([null, null]);
    expect(of(6), 'of the status of a number').to.deep.equal([null, null]);
  });

  it('is a woman or a man by the ninth digit of a national or D-number alone', () => {
    expect(['01815000200', '01815000100', '41815000200'].map(genderOf)).to.deep.equal(['F', 'M', 'F']);
    expect(['81815000200', '209900000417'].map(genderOf)).to.deep.equal([null, null]);
  });

  it('had the old number that is told, if it is another one', () => {
    const of = (oldNIN: string | null): readonly string[] =>
      completedPerson(pregPerson({ nin, oldNIN }), countries).supersededNINs;
    expect(of(syntheticNumber(1))).to.deep.equal([syntheticNumber(1)]);
    expect([of(null), of(nin), of('ukjent')]).to.deep.equal([[], [], []]);
  });

  it('gets mail by the lines, with the place taken from the last one in Norway', () => {
    expect(mailingOf('C/O PRØVE', 'POSTBOKS 0', '0484 OSLO', 'NORGE')).to.deep.equal({
      lines: ['C/O PRØVE', 'POSTBOKS 0'],
      postalCode: '0484',
      postalPlace: 'OSLO',
      countryCode: null,
      isForeignStay: false,
    });
    expect(mailingOf('GATAN 1', '1234 STAD', null, 'SVERIGE')).to.deep.include({
      lines: ['GATAN 1', '1234 STAD'],
      postalCode: null,
      countryCode: 'SWE',
    });
    expect(mailingOf(null, 'POSTBOKS 0')).to.deep.include({ lines: ['POSTBOKS 0'], postalCode: null });
    expect(mailingOf(null, null, null, 'NORGE')).to.equal(null);
  });

  it('lives where a part of the street address is told', () => {
    const of = (known: Parameters<typeof pregAddress>[0]): readonly unknown[] => {
      const [address] = completedPerson(pregPerson({ addresses: [pregAddress(known)] }), countries).addresses;
      return [address?.source, address?.countryCode];
    };
    expect(of({ st: '0301' })).to.deep.equal(['residential', 'NOR']);
    expect(of({ addressLine1: 'GATAN 1', country: 'SVERIGE' })).to.deep.equal([null, null]);
  });
});
