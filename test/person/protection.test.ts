import { expect } from 'chai';
import { ProtectedPostalType, isProtected, protectionOf } from '../../src/person/protection.js';
import { element, personWith, residence } from '../support/person-documents.js';

describe('protected address codes', () => {
  it('are 4, 6 and 7 alone', () => {
    const codes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, null].filter(isProtected);
    expect(codes).to.deep.equal([4, 6, 7]);
    expect(codes).to.have.members(Object.values(ProtectedPostalType));
  });

  it('are read off the addresses of a person', () => {
    const open = { residentialAddress: [residence()] };
    expect(protectionOf(personWith({}))).to.equal(null);
    expect(protectionOf(personWith(open))).to.equal(null);
    expect(
      protectionOf(
        personWith({ ...open, addressProtection: [element({ protectionLevel: 'Confidential' })] }),
      ),
    ).to.equal(7);
  });
});
