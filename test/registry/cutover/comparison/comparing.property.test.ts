import { expect } from 'chai';
import fc from 'fast-check';
import type { PregAddress, PregPerson } from '../../../../src/person/preg-person.js';
import { isProtected, protectionOf } from '../../../../src/person/protection.js';
import type { Answered, FieldDifference } from '../../../../src/registry/cutover/comparison/comparer.js';
import type { SearchHit } from '../../../../src/registry/search.js';
import { everyFixture, mapped } from '../../../support/person-documents.js';
import { runs } from '../../../support/long-runs.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';
import { comparer, found, hit } from './compared.js';

const RUNS = runs(200);

const fixtures = everyFixture.map(({ document }) => mapped(document).person);

/** Parts of one fixture person in place of those of another, and numbers from a small set so that lists meet. */
const anyPerson: fc.Arbitrary<PregPerson> = fc
  .tuple(
    fc.constantFrom(...fixtures),
    fc.constantFrom(...fixtures),
    fc.uniqueArray(fc.constantFrom(...Object.keys(fixtures[0] ?? {})), { maxLength: 30 }),
    fc.nat({ max: 4 }),
  )
  .map(([one, other, fields, number]) => {
    const parts = Object.entries(other).filter(([name]) => fields.includes(name));
    return { ...one, ...Object.fromEntries(parts), nin: syntheticNumber(number) };
  });

const anyHits = fc.array(anyPerson, { maxLength: 5 }).map((people) => people.map((person) => hit(person)));
const anySearch: fc.Arbitrary<Answered> = fc.tuple(anyHits, fc.nat({ max: 3 })).map(([hits, more]) => ({
  question: 'search',
  answer: { hits, total: hits.length + more },
  isByAddress: false,
}));
const anyChildren: fc.Arbitrary<Answered> = fc.oneof(
  anyHits.map((children): Answered => ({ question: 'children', answer: { outcome: 'found', children } })),
  fc.constant<Answered>({ question: 'children', answer: { outcome: 'not-found' } }),
);
const anyLookup = fc.option(anyPerson).map((person) => found(person === null ? undefined : hit(person)));

/** Two answers to a question of one kind. */
const anyPair: fc.Arbitrary<readonly [Answered, Answered]> = fc.oneof(
  fc.tuple(anyLookup, anyLookup),
  fc.tuple(anySearch, anySearch),
  fc.tuple(anyChildren, anyChildren),
);

function peopleIn({ answer }: Answered): readonly SearchHit[] {
  if ('hits' in answer) return answer.hits;
  if (answer.outcome === 'not-found') return [];
  return 'children' in answer ? answer.children : [answer];
}

function fieldsOf(differences: readonly FieldDifference[]): readonly string[] {
  return [...new Set(differences.map(({ field }) => field))].toSorted();
}

/** The person with a mark of its own in every text, so that it is known wherever it turns up. */
function marked(person: PregPerson, mark: string): PregPerson {
  const isText = (value: unknown): boolean => typeof value === 'string';
  const within = <Kind extends object>(record: Kind, kept: readonly string[]): Kind => ({
    ...record,
    ...Object.fromEntries(
      Object.entries(record)
        .filter(([name, value]) => isText(value) && !kept.includes(name))
        .map(([name, value]) => [name, `${mark}${String(value)}`] as const),
    ),
  });
  const addresses = person.addresses.map((address) => within<PregAddress>(address, ['source']));
  return { ...within(person, []), addresses };
}

describe('whatever two registers answer', () => {
  it('does not differ from itself', () => {
    fc.assert(
      fc.property(anyPair, ([answer]) => {
        expect(comparer.compare({ preg: answer, persontjenesten: structuredClone(answer) })).to.deep.equal(
          [],
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('differs in the same fields whichever of them says what', () => {
    fc.assert(
      fc.property(anyPair, ([one, other]) => {
        const there = comparer.compare({ preg: one, persontjenesten: other });
        const back = comparer.compare({ preg: other, persontjenesten: one });
        expect(fieldsOf(back)).to.deep.equal(fieldsOf(there));
      }),
      { numRuns: RUNS },
    );
  });

  it('is told the same in any order', () => {
    fc.assert(
      fc.property(anyHits, anyHits, fc.nat({ max: 9 }), (one, other, turn) => {
        const each = (hits: readonly SearchHit[]): readonly SearchHit[] => [
          ...new Map(hits.map((known) => [known.person.nin, known])).values(),
        ];
        const search = (hits: readonly SearchHit[]): Answered => ({
          question: 'search',
          answer: { hits, total: hits.length },
          isByAddress: false,
        });
        const [old, fresh] = [each(one), each(other)];
        const turned = [
          ...fresh.slice(turn % (fresh.length + 1)),
          ...fresh.slice(0, turn % (fresh.length + 1)),
        ];
        const straight = comparer.compare({ preg: search(old), persontjenesten: search(fresh) });
        const otherwise = comparer.compare({
          preg: search(old.toReversed()),
          persontjenesten: search(turned),
        });
        expect(fieldsOf(otherwise)).to.deep.equal(fieldsOf(straight));
      }),
      { numRuns: RUNS },
    );
  });

  it('does not differ by case, blanks and the order of lists', () => {
    const noisy = (person: PregPerson): PregPerson => ({
      ...person,
      givenName: person.givenName?.toLowerCase().replaceAll(' ', '  ') ?? null,
      sn: person.sn === null ? null : ` ${person.sn.toLowerCase()} `,
      childrensNINs: person.childrensNINs.toReversed(),
      alternativeNINs: person.alternativeNINs.toReversed(),
      supersededNINs: person.supersededNINs.toReversed(),
      datesSuperseded: person.supersededNINs
        .map((_, index) => person.datesSuperseded[index] ?? null)
        .toReversed(),
      citizenships: person.citizenships.toReversed(),
      addresses: person.addresses.toReversed().map((address) => ({
        ...address,
        streetName: address.streetName?.toLowerCase() ?? null,
        st: address.st?.replace(/^0+/, '') ?? null,
      })),
    });
    fc.assert(
      fc.property(anyPerson, (person) => {
        const answers = { preg: found(hit(noisy(person))), persontjenesten: found(hit(person)) };
        expect(comparer.compare(answers)).to.deep.equal([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('says nothing of people whom one of them protects', () => {
    fc.assert(
      fc.property(anyPair, ([one, other]) => {
        const isHidden = new Set(
          [...peopleIn(one), ...peopleIn(other)]
            .filter(({ person }) => protectionOf(person) !== null)
            .map(({ person }) => person.nin),
        );
        const answerOf = (answer: Answered): Answered =>
          markedAnswer(answer, (person) =>
            isHidden.has(person.nin) ? { ...marked(person, 'QQZZ'), nin: person.nin } : person,
          );
        const differences = comparer.compare({ preg: answerOf(one), persontjenesten: answerOf(other) });
        const told = JSON.stringify(differences);
        expect(told).to.not.contain('QQZZ');
        for (const number of isHidden) expect(told).to.not.contain(number);
      }),
      { numRuns: RUNS },
    );
  });

  it('gives no value of whom it is not told whether they are protected', () => {
    fc.assert(
      fc.property(anyPerson, anyPerson, (one, other) => {
        const hidden = { ...one, addresses: [] };
        const differences = comparer.compare({
          preg: found(hit(hidden)),
          persontjenesten: found(hit(other)),
        });
        expect(differences.filter(({ values }) => values !== undefined)).to.deep.equal([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('has values of others, so that the tests above could fail', () => {
    const open = fixtures.find(({ addresses }) =>
      addresses.some(({ st, postalType }) => st !== null && !isProtected(postalType)),
    );
    if (open === undefined) throw new Error('no fixture');
    const differences = comparer.compare({
      preg: found(hit(open)),
      persontjenesten: found(hit(marked(open, 'QQZZ'))),
    });
    expect(JSON.stringify(differences)).to.contain('QQZZ');
  });
});

function markedAnswer(answered: Answered, mark: (person: PregPerson) => PregPerson): Answered {
  const each = (hits: readonly SearchHit[]): readonly SearchHit[] =>
    hits.map(({ person, lineage }) => ({ person: mark(person), lineage }));
  if (answered.question === 'search') {
    return { ...answered, answer: { ...answered.answer, hits: each(answered.answer.hits) } };
  }
  if (answered.answer.outcome === 'not-found') return answered;
  return answered.question === 'children'
    ? { question: 'children', answer: { outcome: 'found', children: each(answered.answer.children) } }
    : { question: 'lookup', answer: { ...answered.answer, person: mark(answered.answer.person) } };
}
