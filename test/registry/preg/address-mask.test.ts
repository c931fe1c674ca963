import { expect } from 'chai';
import { AddressMask } from '../../../src/registry/preg/address-mask.js';
import { codeTables } from '../../support/hl7v3-message.js';
import { pregAddress } from '../../support/preg-person.js';

const mask = new AddressMask(codeTables);

function protectionOf(...addresses: readonly Parameters<typeof pregAddress>[0][]): number | null {
  return mask.protectionIn(addresses.map((address) => pregAddress(address)));
}

describe('the protection of addresses that PREG tells', () => {
  for (const code of [null, 0, 1, 2, 3, 5, 8]) {
    it(`is none with code ${String(code)}`, () => {
      expect(protectionOf({ postalType: code, postalAddress: 'SPERREVEIEN 1' })).to.equal(null);
    });
  }

  for (const code of [4, 6, 7]) {
    it(`is that of code ${String(code)}`, () => {
      expect(protectionOf({ postalType: code })).to.equal(code);
    });
  }

  it('is the strictest of all addresses, former ones included', () => {
    const former = { postalType: 7, currentAddress: false };
    expect(protectionOf({ postalType: 0 }, former)).to.equal(7);
    expect(protectionOf({ postalType: 4 }, former)).to.equal(7);
    expect(protectionOf({ postalType: 6 }, former, { postalType: 4 })).to.equal(6);
  });

  it('is the strictest there is with a code that is on no list', () => {
    expect(protectionOf({ postalType: 9 })).to.equal(6);
    expect(protectionOf({ postalType: -7 })).to.equal(6);
  });

  for (const [label, code] of [
    ['Sperret adr. klientadr.', 4],
    ['SPERRET ADR. FORTROLIG', 7],
    ['Sperret adresse', 6],
    [' sperret av en annen grunn', 6],
  ] as const) {
    it(`is told by "${label}" in place of the street too, whatever the code`, () => {
      expect(protectionOf({ postalAddress: label })).to.equal(code);
      expect(protectionOf({ postalAddress: label, postalType: 0 })).to.equal(code);
    });
  }
});
