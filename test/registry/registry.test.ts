import { inspect } from 'node:util';
import { expect } from 'chai';
import { AdapterError, UpstreamInvalidAnswer, UpstreamUnavailable } from '../../src/errors/errors.js';
import { isJsonList, type JsonObject } from '../../src/mapping/json.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { LookupAnswer } from '../../src/registry/person-registry.js';
import {
  OWN_NUMBER,
  discontinued,
  element,
  fixture,
  inUse,
  number,
  person,
} from '../support/person-documents.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { caller, registryBench, type Asked, type Upstream } from './registry-bench.js';

const NUMBERS = 'NorwegianIdentificationNumber';
const IMMIGRATION_NUMBERS = 'ImmigrationAuthoritiesIdentificationNumber';
const DUF = number('209900000417');

/** Upstream with one document, which shows former numbers only with history. */
function holding(current: JsonObject, formerNumbers: readonly JsonObject[] = []): Upstream {
  return ({ history }) => {
    if (!history) return current;
    const numbers = current['norwegianIdentificationNumber'];
    return {
      id: current['id'] ?? null,
      sequenceNumber: 1,
      norwegianIdentificationNumber: [...(isJsonList(numbers) ? numbers : []), ...formerNumbers],
    };
  };
}

function withDuf(parts: JsonObject = {}): JsonObject {
  return person({
    immigrationAuthoritiesIdentificationNumber: [
      element({
        identificationNumber: DUF,
        identificationNumberType: 'utlendingsmyndighetenesIdentifikasjonsnummer',
      }),
    ],
    ...parts,
  });
}

async function failure(looking: Promise<LookupAnswer>): Promise<AdapterError> {
  try {
    await looking;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    expect(inspect(error, { depth: Infinity })).to.not.match(/[0-9]{11}/);
    return error;
  }
  throw new Error('there was an answer');
}

function personIn(answer: LookupAnswer): Extract<LookupAnswer, { outcome: 'found' }>['person'] {
  if (answer.outcome !== 'found') throw new Error('nobody was found');
  return answer.person;
}

describe('registry over Persontjenesten', () => {
  describe('asks', () => {
    it('twice side by side: for the parts without history, and for the numbers with it', async () => {
      const bench = registryBench(holding(person()));
      await bench.lookup(OWN_NUMBER, caller({ visible: new Set(['names', 'birth']) }));
      expect(bench.calls).to.deep.equal([
        { nin: OWN_NUMBER, parts: ['Birth', 'Name', NUMBERS], history: false },
        { nin: OWN_NUMBER, parts: [NUMBERS], history: true },
      ] satisfies Asked[]);
    });

    it('for protection with any address', async () => {
      const bench = registryBench(holding(person()));
      await bench.lookup(OWN_NUMBER, caller({ visible: new Set(['addresses']) }));
      expect(bench.calls[0]?.parts).to.include.members(['AddressProtection', 'ResidentialAddress']);
    });

    it('for numbers alone when nothing may be seen', async () => {
      const bench = registryBench(holding(person()));
      await bench.lookup(OWN_NUMBER, caller({ visible: new Set() }));
      expect(bench.calls.map(({ parts }) => parts)).to.deep.equal([[NUMBERS], [NUMBERS]]);
    });

    it('for less when PREG hardly ever filled the fields', async () => {
      const faithful = registryBench(holding(person()), 'faithful');
      const rich = registryBench(holding(person()), 'rich');
      await faithful.lookup(OWN_NUMBER);
      await rich.lookup(OWN_NUMBER);
      expect(faithful.calls[0]?.parts).to.not.include('Citizenship');
      expect(rich.calls[0]?.parts).to.include('Citizenship');
    });

    it('for no part twice and never for all of them', async () => {
      const bench = registryBench(holding(withDuf()));
      await bench.lookup(DUF, caller({ visible: new Set(fieldGroups) }));
      const parts = bench.calls[0]?.parts ?? [];
      expect(new Set(parts).size).to.equal(parts.length);
      expect(parts).to.not.include.members(['IdentityVerification', 'UseOfSamiLanguage', 'FalseIdentity']);
    });

    it('for immigration numbers when the number is one, whatever may be seen', async () => {
      const bench = registryBench(holding(withDuf()));
      await bench.lookup(DUF, caller({ visible: new Set(['names']) }));
      expect(bench.calls[0]?.parts).to.include(IMMIGRATION_NUMBERS);
    });

    it('for no immigration numbers otherwise', async () => {
      const bench = registryBench(holding(person()));
      await bench.lookup(OWN_NUMBER, caller({ visible: new Set(['names']) }));
      expect(bench.calls[0]?.parts).to.not.include(IMMIGRATION_NUMBERS);
    });
  });

  describe('answers', () => {
    it('nobody when both calls say so', async () => {
      const bench = registryBench(() => 'nobody');
      expect(await bench.lookup(OWN_NUMBER)).to.deep.equal({ outcome: 'not-found' });
      expect(bench.calls).to.have.length(2);
    });

    it('a former number with the record of the number in use, and lists the former one', async () => {
      const former = syntheticNumber(1);
      const bench = registryBench(
        holding(person(), [discontinued(former, { validFrom: '1975-01-01T00:00:00Z' })]),
      );
      const found = personIn(await bench.lookup(former));
      expect(found.nin).to.equal(OWN_NUMBER);
      expect(found.supersededNINs).to.deep.equal([former]);
    });

    it('a DUF number with the record of the number in use', async () => {
      const found = personIn(await registryBench(holding(withDuf())).lookup(DUF));
      expect(found.nin).to.equal(OWN_NUMBER);
      expect(found.dufNo).to.equal(DUF);
    });

    it('a DUF number of somebody without a number in use with the last one, never with the DUF number', async () => {
      const older = syntheticNumber(1);
      const bench = registryBench(
        holding(
          withDuf({
            norwegianIdentificationNumber: [discontinued(OWN_NUMBER, { validFrom: '2020-01-01T00:00:00Z' })],
          }),
          [discontinued(older, { validFrom: '2010-01-01T00:00:00Z' })],
        ),
      );
      expect(personIn(await bench.lookup(DUF)).nin).to.equal(OWN_NUMBER);
    });

    it('a number out of use without a successor with its own record', async () => {
      const other = syntheticNumber(1);
      const bench = registryBench(
        holding(person({ norwegianIdentificationNumber: [] }), [
          discontinued(OWN_NUMBER, { validFrom: '2010-01-01T00:00:00Z' }),
          discontinued(other, { validFrom: '2020-01-01T00:00:00Z' }),
        ]),
      );
      const answer = await bench.lookup(OWN_NUMBER);
      expect(personIn(answer).nin).to.equal(OWN_NUMBER);
      expect(answer).to.have.property('isOutOfUse', true);
    });

    it('a number in use, or one that gave way to it, without saying that it is out of use', async () => {
      const former = syntheticNumber(1);
      const bench = registryBench(holding(person(), [discontinued(former)]));
      for (const number of [OWN_NUMBER, former]) {
        expect(await bench.lookup(number)).to.not.have.property('isOutOfUse');
      }
    });
  });

  describe('refuses', () => {
    const other = syntheticNumber(7);
    const cases: Record<string, { upstream: Upstream; id?: NationalId }> = {
      'two documents of different persons': {
        upstream: ({ history }) => person({ id: history ? 'e1' : 'e2' }),
      },
      'a person that only the first call knows': {
        upstream: ({ history }) => (history ? 'nobody' : person()),
      },
      'a person that only the second call knows': {
        upstream: ({ history }) => (history ? person() : 'nobody'),
      },
      'a document that lists another number': {
        upstream: holding(person({ norwegianIdentificationNumber: [inUse(other)] })),
      },
      'a document that lists no number': {
        upstream: holding(person({ norwegianIdentificationNumber: [] })),
      },
      'a document whose numbers are null': {
        upstream: () => person({ norwegianIdentificationNumber: null }),
      },
      'a document whose numbers are no list': {
        upstream: () => person({ norwegianIdentificationNumber: OWN_NUMBER }),
      },
      'a document with the number anywhere else': {
        upstream: holding(
          person({
            norwegianIdentificationNumber: [inUse(other)],
            familyRelation: [element({ relatedPerson: OWN_NUMBER })],
            foreignPersonIdentificationNumber: [element({ identificationNumber: OWN_NUMBER })],
          }),
        ),
      },
      'a number that only the call without history lists': {
        upstream: ({ history }) =>
          person({ norwegianIdentificationNumber: [inUse(history ? other : OWN_NUMBER)] }),
      },
      'a DUF number that is not listed': { upstream: holding(person()), id: DUF },
      'another DUF number': { upstream: holding(withDuf()), id: number('209900000528') },
      'a DUF number that is listed as a Norwegian one': {
        upstream: holding(person({ norwegianIdentificationNumber: [inUse(DUF)] })),
        id: DUF,
      },
    };
    for (const [name, { upstream, id = OWN_NUMBER }] of Object.entries(cases)) {
      it(name, async () => {
        const bench = registryBench(upstream);
        expect(await failure(bench.lookup(id))).to.be.instanceOf(UpstreamInvalidAnswer);
      });
    }
  });

  describe('trouble in one of the two calls is trouble', () => {
    for (const history of [false, true]) {
      it(`in the call ${history ? 'with' : 'without'} history, even when the other says nobody`, async () => {
        const bench = registryBench((request) =>
          request.history === history ? new UpstreamUnavailable('status 503') : 'nobody',
        );
        expect(await failure(bench.lookup(OWN_NUMBER))).to.be.instanceOf(UpstreamUnavailable);
      });
    }

    it('in both calls is told once and nothing is left unhandled', async () => {
      const bench = registryBench(() => new UpstreamUnavailable('status 503'));
      expect(await failure(bench.lookup(OWN_NUMBER))).to.be.instanceOf(UpstreamUnavailable);
    });
  });

  describe('tells', () => {
    it('of values that the mapping does not know', async () => {
      const bench = registryBench(
        holding(
          person({ status: [element({ status: 'Teleported' })], gender: [element({ gender: 'Other' })] }),
        ),
      );
      await bench.lookup(OWN_NUMBER);
      expect(bench.events.of.unmappedValue.map(({ value }) => value)).to.include.members([
        'Teleported',
        'Other',
      ]);
    });

    it('of a level of protection that nobody knows, and not of whom it protects', async () => {
      const bench = registryBench(
        holding(
          person({
            addressProtection: [element({ protectionLevel: 'BrandNew' })],
            gender: [element({ gender: 'Other' })],
          }),
        ),
      );
      await bench.lookup(OWN_NUMBER);
      const told = bench.events.of.unmappedValue;
      expect(told.map(({ row }) => row)).to.have.members(['gender', 'addresses.postalType']);
      for (const event of told) {
        expect('correlationId' in event, event.row).to.equal(event.row === 'gender');
      }
    });

    it('of rows whose value had to be cut', async () => {
      const long = { id: 'e71', ...fixture('71') };
      const bench = registryBench(() => long);
      const [{ nin } = { nin: OWN_NUMBER }] = numbersIn(long);
      await bench.lookup(nin);
      expect(bench.events.of.valueCut.map(({ row }) => row)).to.deep.equal(['addresses.addressLine1']);
    });

    it('of nothing when all is known', async () => {
      const bench = registryBench(holding(person()));
      await bench.lookup(OWN_NUMBER);
      expect([...bench.events.of.unmappedValue, ...bench.events.of.valueCut]).to.deep.equal([]);
    });

    it('of odd check digits, and asks all the same', async () => {
      const odd = number(`${OWN_NUMBER.slice(0, 10)}${(Number(OWN_NUMBER.slice(10)) + 1) % 10}`);
      const bench = registryBench(holding(person({ norwegianIdentificationNumber: [inUse(odd)] })));
      expect((await bench.lookup(odd)).outcome).to.equal('found');
      expect(bench.events.of.irregularCheckDigits.map(({ clientId }) => clientId)).to.deep.equal(['epj-1']);
    });

    it('of no odd check digits of a DUF number', async () => {
      const bench = registryBench(holding(withDuf()));
      await bench.lookup(DUF);
      expect(bench.events.of.irregularCheckDigits).to.deep.equal([]);
    });
  });
});
