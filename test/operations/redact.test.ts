import { expect } from 'chai';
import fc from 'fast-check';
import { redact } from '../../src/operations/redact.js';
import { syntheticNumber } from '../support/synthetic-number.js';

describe('redaction', () => {
  const number = syntheticNumber();
  const twelve = `2${number}`;

  const cut: Record<string, [string, string]> = {
    'a number alone': [number, '[number]'],
    'a DUF number': [twelve, '[number]'],
    'a number inside words': [`id=${number};x`, 'id=[number];x'],
    'a number among letters': [`nin${number}nin`, 'nin[number]nin'],
    'a number in a path': [`/person/${number}/history`, '/person/[number]/history'],
    'a number with more digits around it': [`99${number}99`, '[number]'],
    'a number written 6 + 5': [`${number.slice(0, 6)} ${number.slice(6)}`, '[number]'],
    'a number with a hyphen': [`${number.slice(0, 6)}-${number.slice(6)}.`, '[number].'],
    'two numbers': [`${number},${number}`, '[number],[number]'],
    'a token': ['DPoP eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln end', 'DPoP [token] end'],
  };
  for (const [what, [text, expected]] of Object.entries(cut)) {
    it(`takes out ${what}`, () => {
      expect(redact(text)).to.equal(expected);
    });
  }

  const kept = [
    '',
    '974544342',
    '2025-03-01T12:00:00.000Z',
    'ten digits 0123456789',
    '192.0.2.17:8443',
    'HTTP 503',
  ];
  for (const text of kept) {
    it(`leaves "${text}" alone`, () => {
      expect(redact(text)).to.equal(text);
    });
  }

  it('leaves no run of eleven digits in any text', () => {
    const digits = fc.stringMatching(/^[0-9]{8,16}$/);
    fc.assert(
      fc.property(fc.array(fc.oneof(digits, fc.string())), (parts) => {
        expect(redact(parts.join(''))).not.to.match(/[0-9]{11}/);
      }),
    );
  });
});
