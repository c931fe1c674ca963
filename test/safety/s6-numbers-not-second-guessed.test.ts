import { expect } from 'chai';
import fc from 'fast-check';
import { hasRegularCheckDigits, isNationalId, type NationalId } from '../../src/person/national-id.js';
import { registryBench } from '../registry/registry-bench.js';
import { inUse, number, person } from '../support/person-documents.js';
import { syntheticNumber } from '../support/synthetic-number.js';

/** Any eleven digits whose month is past 80, so that they can be nobody's. */
const digits = fc
  .tuple(
    fc.integer({ min: 0, max: 99 }),
    fc.integer({ min: 81, max: 92 }),
    fc.integer({ min: 0, max: 9_999_999 }),
  )
  .map(([day, month, rest]) => number(`${pad(day, 2)}${month}${pad(rest, 7)}`));

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

async function lookedUp(
  id: NationalId,
): Promise<{ asked: readonly (string | undefined)[]; counted: number }> {
  const bench = registryBench(() => person({ norwegianIdentificationNumber: [inUse(id)] }));
  const answer = await bench.lookup(id);
  expect(answer.outcome).to.equal('found');
  return {
    asked: bench.calls.map(({ nin }) => nin),
    counted: bench.events.of.irregularCheckDigits.length,
  };
}

describe('S6: numbers are not second-guessed', () => {
  it('any eleven digits go upstream as they are, and odd check digits are counted', async () => {
    await fc.assert(
      fc.asyncProperty(digits, async (id) => {
        const { asked, counted } = await lookedUp(id);
        return asked.every((nin) => nin === id) && counted === (hasRegularCheckDigits(id) ? 0 : 1);
      }),
      { numRuns: 100 },
    );
  });

  it('each odd check digit alone is counted once', async () => {
    const regular = syntheticNumber();
    for (const index of [9, 10]) {
      const wrong = String((Number(regular.charAt(index)) + 1) % 10);
      const odd = number(regular.slice(0, index) + wrong + regular.slice(index + 1));
      expect((await lookedUp(odd)).counted).to.equal(1);
    }
    expect((await lookedUp(regular)).counted).to.equal(0);
  });

  it('leading zeros survive', async () => {
    const id = number('00810000000');
    expect((await lookedUp(id)).asked).to.deep.equal([id, id]);
  });

  it('nobody under an odd number is nobody, by the word of the register', async () => {
    const bench = registryBench(() => 'nobody');
    const odd = number('00810000001');
    expect(await bench.lookup(odd)).to.deep.equal({ outcome: 'not-found' });
    expect(bench.calls).to.have.length(2);
    expect(bench.events.of.irregularCheckDigits).to.have.length(1);
  });

  it('what is counted does not tell the number', async () => {
    const odd = number('00810000001');
    const bench = registryBench(() => person({ norwegianIdentificationNumber: [inUse(odd)] }));
    await bench.lookup(odd);
    expect(JSON.stringify(bench.events.of)).to.not.include(odd);
  });

  it('only the length is judged here: eleven digits, or twelve', () => {
    for (const [text, accepted] of [
      ['00000000000', true],
      ['99999999999', true],
      ['000000000000', true],
      ['0000000000', false],
      ['0000000000000', false],
      ['0000000000a', false],
      ['٠٠٠٠٠٠٠٠٠٠٠', false],
      ['00000000000\n', false],
      ['', false],
    ] as const) {
      expect(isNationalId(text), JSON.stringify(text)).to.equal(accepted);
    }
  });
});
