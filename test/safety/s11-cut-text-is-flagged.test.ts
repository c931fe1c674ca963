import { expect } from 'chai';
import { mapped, everyFixture, fixture, onlyAddress } from '../support/person-documents.js';

const LINES = ['addressLine1', 'addressLine2', 'addressLine3'] as const;

describe('S11: cut text is flagged', () => {
  it('names the row, once, when the mailing address had to be cut', () => {
    expect(mapped(fixture('71')).cut).to.deep.equal(['addresses.addressLine1']);
  });

  it('says nothing when everything fits, and cuts nothing in silence', () => {
    for (const { name, document } of everyFixture) {
      const { person, cut } = mapped(document);
      const [address] = person.addresses;
      // The open postal address of the strictly confidential shows lines without the parts behind them.
      if (address === undefined || (address.mailing === null && address.addressLine1 !== null)) continue;
      const { lines = [], postalCode = null, postalPlace = null } = address.mailing ?? {};
      const whole = [...lines, postalCode, postalPlace].filter((part) => part !== null).join(' ');
      const shown = LINES.flatMap((line) => address[line] ?? []).join(' ');
      expect(cut.length > 0, name).to.equal(shown !== whole);
    }
  });

  it('passes names and street lines on in full: PREG’s clients have room for them', () => {
    const { person, cut } = mapped(fixture('79'));
    expect(person.sn).to.have.length.greaterThan(50);
    expect(onlyAddress(person).postalAddress).to.have.length.greaterThan(30);
    expect(cut).to.deep.equal([]);
  });
});
