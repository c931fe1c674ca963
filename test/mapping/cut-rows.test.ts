import { expect } from 'chai';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../../src/mapping/json.js';
import { everyFixture, mapped } from '../support/person-documents.js';
import { addressLists, withoutProtection } from '../support/protected-somewhere.js';

describe('rows whose value is cut', () => {
  for (const level of ['ClientAddress', 'Confidential', 'StrictlyConfidential', 'BrandNew']) {
    it(`tell of somebody with the level ${level} nothing that they do not tell of others`, () => {
      const cut = everyFixture.map(({ document }) => {
        const open = withLongAddresses(withoutProtection(document));
        const hidden = { ...open, addressProtection: [{ isValid: true, protectionLevel: level }] };
        const [ofOthers, ofProtected] = [mapped(open).cut, mapped(hidden).cut];
        expect(ofOthers).to.include.members([...ofProtected]);
        return { ofOthers: ofOthers.length, ofProtected: ofProtected.length };
      });
      expect(cut.some(({ ofOthers }) => ofOthers > 0)).to.equal(true);
      // The register itself gives away a postal address of those alone.
      const isGivenAway = level === 'StrictlyConfidential';
      expect(cut.some(({ ofProtected }) => ofProtected > 0)).to.equal(isGivenAway);
    });
  }
});

/** Everything that stands in addresses is too long for PREG. */
function withLongAddresses(document: JsonObject): JsonObject {
  const lists = addressLists.filter((list) => list in document);
  return {
    ...document,
    ...Object.fromEntries(lists.map((list) => [list, lengthened(document[list] ?? null)])),
  };
}

function lengthened(value: JsonValue): JsonValue {
  if (typeof value === 'string') return `${value} ${'x'.repeat(80)}`;
  if (isJsonList(value)) return value.map((item) => lengthened(item ?? null));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'addressConfidentiality' ? inner : lengthened(inner ?? null),
    ]),
  );
}
