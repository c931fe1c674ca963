import { expect } from 'chai';
import { element, personWith, residence } from '../support/person-documents.js';

const name = (registeredAt: string, members = {}) =>
  element({ givenName: 'Kari', familyName: 'Nord', validFrom: '2020-01-01', registeredAt, ...members });

describe('the last day on which the register took something down', () => {
  it('is the latest among what holds', () => {
    const { dateRegistered } = personWith({
      name: [name('2024-02-03T09:00:00Z'), name('2025-01-01T09:00:00Z', { isValid: false })],
      residentialAddress: [residence({ registeredAt: '2023-05-06T23:59:00Z' })],
      maritalStatus: [element({ maritalStatus: 'Married', registeredAt: 'yesterday' })],
    });
    expect(dateRegistered).to.equal('2024-02-03');
  });

  it('is blank where nothing tells it', () => {
    expect(personWith({ name: [element({ givenName: 'Kari' })] }).dateRegistered).to.equal(null);
  });

  for (const level of ['ClientAddress', 'Confidential', 'StrictlyConfidential', 'Sealed']) {
    it(`is not told of whoever is protected: ${level} (Safety S1)`, () => {
      const { dateRegistered } = personWith({
        name: [name('2024-02-03T09:00:00Z')],
        residentialAddress: [
          residence({ addressConfidentiality: level, registeredAt: '2025-02-03T09:00:00Z' }),
        ],
      });
      expect(dateRegistered).to.equal(null);
    });
  }
});
