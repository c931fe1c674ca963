import { expect } from 'chai';
import fc from 'fast-check';
import { UpstreamInvalidAnswer } from '../../src/errors/errors.js';
import { isJsonObject, type JsonObject } from '../../src/mapping/json.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import type { NationalId } from '../../src/person/national-id.js';
import { registryBench } from '../registry/registry-bench.js';
import { discontinued, element, everyFixture, inUse, number, person } from '../support/person-documents.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const ASKED = syntheticNumber(0);
const OTHERS = Array.from({ length: 20 }, (_, index) => syntheticNumber(index + 1));
const DUF = number('209900000417');

async function outcomeOf(document: JsonObject, id: NationalId): Promise<string> {
  try {
    return (await registryBench(() => document).lookup(id)).outcome;
  } catch (error) {
    if (error instanceof UpstreamInvalidAnswer) return 'refused';
    throw error;
  }
}

/** Numbers of the fixture persons, former ones included. */
const fixtures = everyFixture
  .filter(({ document }) => isJsonObject(document))
  .map(({ name, document }) => ({ name, document: { id: name, ...document } }));

describe('S5: a document that does not list the number asked for is never rendered', () => {
  it('whatever numbers it lists instead', async () => {
    const listed = fc.array(
      fc
        .tuple(fc.constantFrom(...OTHERS), fc.boolean())
        .map(([nin, used]) => (used ? inUse(nin) : discontinued(nin))),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(listed, async (numbers) => {
        const document = person({ norwegianIdentificationNumber: numbers });
        return (await outcomeOf(document, ASKED)) === 'refused';
      }),
      { numRuns: 50 },
    );
  });

  it('and one that lists it is, in use or not, first or last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(OTHERS.length), fc.boolean(), async (place, used) => {
        const numbers = OTHERS.map((nin) => discontinued(nin));
        numbers.splice(place, 0, used ? inUse(ASKED) : discontinued(ASKED));
        const document = person({ norwegianIdentificationNumber: numbers });
        return (await outcomeOf(document, ASKED)) === 'found';
      }),
      { numRuns: 50 },
    );
  });

  it('of no fixture person under a number that is another person’s', async () => {
    for (const [index, { document }] of fixtures.entries()) {
      const others = fixtures[(index + 1) % fixtures.length];
      const [stranger] = numbersIn(others?.document ?? {});
      if (stranger === undefined || numbersIn(document).some(({ nin }) => nin === stranger.nin)) continue;
      expect(await outcomeOf(document, stranger.nin), document.id).to.equal('refused');
    }
  });

  it('of any fixture person under each of their numbers', async () => {
    let looked = 0;
    for (const { document } of fixtures) {
      for (const { nin } of numbersIn(document)) {
        expect(await outcomeOf(document, nin), document.id).to.equal('found');
        looked += 1;
      }
    }
    expect(looked).to.be.greaterThan(80);
  });

  it('to whom asks by DUF number: Norwegian numbers do not count', async () => {
    const listedAs = (nin: string): JsonObject =>
      person({ immigrationAuthoritiesIdentificationNumber: [element({ identificationNumber: nin })] });
    expect(await outcomeOf(listedAs(DUF), DUF)).to.equal('found');
    expect(await outcomeOf(listedAs('209900000528'), DUF)).to.equal('refused');
    expect(await outcomeOf(person({ norwegianIdentificationNumber: [inUse(DUF)] }), DUF)).to.equal('refused');
  });

  it('when only part of the number is the same', async () => {
    const longer = number(`${ASKED}0`);
    const document = person({
      norwegianIdentificationNumber: [inUse(longer), inUse(` ${ASKED.slice(0, 10)}`)],
    });
    expect(await outcomeOf(document, ASKED)).to.equal('refused');
  });

  it('when the two calls gave two persons, even if one of them lists it', async () => {
    const bench = registryBench(({ history }) => person({ id: history ? 'e1' : 'e2' }));
    const error: unknown = await bench.lookup(ASKED).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(UpstreamInvalidAnswer);
  });

  it('when one call found a person and the other nobody: neither a person nor "not found"', async () => {
    for (const found of [true, false]) {
      const bench = registryBench(({ history }) => (history === found ? person() : 'nobody'));
      const error: unknown = await bench.lookup(ASKED).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(UpstreamInvalidAnswer);
    }
  });
});
