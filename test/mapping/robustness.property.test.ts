import { expect } from 'chai';
import fc from 'fast-check';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../../src/mapping/json.js';
import type { PregAddress } from '../../src/person/preg-person.js';
import { runs } from '../support/long-runs.js';
import { addressLists, elementsIn, isProtectedSomewhere } from '../support/protected-somewhere.js';
import { everyFixture, leavesOf, mapped } from '../support/person-documents.js';

const RUNS = runs(400);

const levels = ['Unclassified', 'ClientAddress', 'Confidential', 'StrictlyConfidential', 'Odd'];

/** Every member name and every text that the fixtures hold: what a document can be made of. */
const vocabulary = [...new Set(everyFixture.flatMap(({ document }) => namesIn(document)))];
const texts = [...new Set(everyFixture.flatMap(({ document }) => leavesOf(document)))];

function namesIn(value: JsonValue | undefined): readonly string[] {
  if (isJsonList(value)) return value.flatMap(namesIn);
  return isJsonObject(value)
    ? Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)])
    : [];
}

const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, false, 0, -1, 1.5, 1e300, '', ' '),
  fc.constantFrom(...levels),
  fc.constantFrom(...texts),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** Any JSON under the contract's names, and under names that no object should be asked for. */
const anyJson: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom(...vocabulary, '__proto__', 'constructor', 'toString', 'residence', 'mailing'),
      tie('value'),
      { maxKeys: 8 },
    ),
  ),
})).value;

type Change = (value: JsonValue) => JsonValue | undefined;

/** What may happen to a value on its way: dropped, emptied, of another kind, shuffled, doubled, wrapped. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>(() => undefined),
  scalar.map<Change>((to) => () => to),
  fc.constant<Change>((value) => [value]),
  fc.constant<Change>((value) => (isJsonList(value) ? value.toReversed() : { value })),
  fc.constant<Change>((value) => (isJsonList(value) ? [...value, ...value] : [])),
);

/** Replaces the value that is the nth in reading order. */
function changedAt(value: JsonValue, place: number, how: Change): JsonValue | undefined {
  let left = place;
  const visit = (inner: JsonValue): JsonValue | undefined => {
    left -= 1;
    if (left === -1) return how(inner);
    if (isJsonList(inner)) return inner.map(visit).filter((item) => item !== undefined);
    if (!isJsonObject(inner)) return inner;
    return Object.fromEntries(
      Object.entries(inner).map(([name, member]) => [name, member === undefined ? member : visit(member)]),
    );
  };
  return visit(value);
}

function sizeOf(value: JsonValue | undefined): number {
  const inner = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return inner.reduce<number>((total, member) => total + sizeOf(member), 1);
}

/** A fixture person to whom up to six things have happened. */
const damagedPerson: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom(...everyFixture),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), change), {
      maxLength: 6,
    }),
  )
  .map(([{ document }, changes]) =>
    changes.reduce<JsonObject>((damaged, [where, how]) => {
      const place = 1 + Math.floor(where * Math.max(1, sizeOf(damaged) - 1));
      const next = changedAt(damaged, place, how);
      return isJsonObject(next) ? next : damaged;
    }, document),
  );

const LABELS = ['Sperret adr. klientadr.', 'Sperret adr. fortrolig', 'Sperret adresse'];

function shownFields(address: PregAddress): string[] {
  return Object.entries(address)
    .filter(([, value]) => value !== null)
    .map(([field]) => field);
}

function expectMasked(document: JsonObject): void {
  const [address, ...others] = mapped(document).person.addresses;
  expect(others).to.deep.equal([]);
  if (address === undefined) throw new Error('a protected person has no masked address');
  const always = ['nin', 'currentAddress', 'postalType', 'postalAddress'];
  const isStrict = elementsIn(document, 'addressProtection').some(
    (protection) =>
      protection['isValid'] !== false && protection['protectionLevel'] === 'StrictlyConfidential',
  );
  const lines = isStrict ? ['addressLine1', 'addressLine2', 'addressLine3'] : [];
  expect([...always, ...lines]).to.include.members(shownFields(address));
  expect(shownFields(address)).to.include.members(always);
  expect(LABELS).to.include(address.postalAddress);
  expect([4, 6, 7]).to.include(address.postalType);
}

describe('a Person document of any content', () => {
  it('gives a person', () => {
    const anyDocument = anyJson.filter(isJsonObject);
    fc.assert(
      fc.property(
        fc.oneof(anyDocument, damagedPerson),
        fc.constantFrom('faithful', 'rich'),
        (document, fill) => {
          const { person, lineage } = mapped(document, { fill });
          expect(person.nin).to.match(/^[0-9]{11,12}$/);
          expect(lineage.size).to.be.greaterThan(30);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('shows no address when any level anywhere is not open (Safety S1)', () => {
    const anyPerson = fc.oneof(damagedPerson, anyJson.filter(isJsonObject));
    fc.assert(
      fc.property(
        anyPerson,
        fc.option(
          fc.tuple(fc.constantFrom(...addressLists, 'addressProtection'), fc.constantFrom(...levels)),
        ),
        (document, added) => {
          const [list, level] = added ?? [];
          const element = { addressConfidentiality: level, protectionLevel: level };
          const levelled =
            list === undefined ? document : { ...document, [list]: [...elementsIn(document, list), element] };
          fc.pre(isProtectedSomewhere(levelled));
          expectMasked(levelled);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('is left as it was', () => {
    fc.assert(
      fc.property(damagedPerson, (document) => {
        const before = JSON.stringify(document);
        mapped(document, { fill: 'rich' });
        expect(JSON.stringify(document)).to.equal(before);
      }),
      { numRuns: 50 },
    );
  });
});
