import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { packageRoot } from '../../../../src/config/package-root.js';
import { EventFeed } from '../../../../src/sandbox/events/event-feed.js';
import type { Change } from '../../../../src/sandbox/population/changes/change.js';
import { ImpossibleChange } from '../../../../src/sandbox/population/changes/impossible-change.js';
import { PopulationChanges } from '../../../../src/sandbox/population/changes/population-changes.js';
import { numbersOf } from '../../../../src/sandbox/population/person-document.js';
import { Population } from '../../../../src/sandbox/population/population.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { feedProblemsOf, inconsistenciesOf } from '../../support/consistency.js';
import { schemaOf } from '../../support/person-schema.js';

const TYPES = [
  'death',
  'move',
  'protect',
  'lift-protection',
  'new-number',
  'merge',
  'split',
  'name',
  'birth',
  'marriage',
  'divorce',
] as const satisfies readonly Change['type'][];

/** A change to be: its type, and places in the list of the numbers that there are when its turn comes. */
interface Step {
  readonly type: Change['type'];
  readonly one: number;
  readonly other: number;
  readonly choice: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom(...TYPES),
  one: fc.nat(),
  other: fc.nat(),
  choice: fc.boolean(),
});

/** What happened so far, so that lifting, splitting and divorcing have somebody to happen to. */
type Past = readonly Change[];

function candidates({ type }: Step, past: Past, numbers: readonly string[]): readonly string[] {
  const earlier = past.flatMap((change) => {
    if (type === 'split') return change.type === 'merge' ? change.duplicate : [];
    if (type === 'lift-protection') return change.type === 'protect' ? change.nin : [];
    if (type === 'divorce') return change.type === 'marriage' ? change.nin : [];
    return [];
  });
  return earlier.length > 0 ? earlier : numbers;
}

function changeOf(step: Step, past: Past, numbers: readonly string[]): Change {
  const at = (list: readonly string[], place: number): string => list[place % list.length] ?? '';
  const { type, choice } = step;
  const nin = at(candidates(step, past, numbers), step.one);
  const other = at(numbers, step.other);
  switch (type) {
    case 'protect':
      return { type, nin, level: choice ? 'StrictlyConfidential' : 'Confidential' };
    case 'new-number':
      return { type, nin, ...(choice ? { gender: 'Female' as const } : {}) };
    case 'merge':
      return { type, nin, duplicate: other };
    case 'name':
      return { type, nin, familyName: 'Prøveplan', middleName: choice ? null : 'Tenkt' };
    case 'birth':
      return { type, nin, ...(choice ? { father: other } : {}) };
    case 'marriage':
      return { type, nin, spouse: other };
    case 'death':
    case 'move':
    case 'lift-protection':
    case 'split':
    case 'divorce':
      return { type, nin };
  }
}

/** A fixture has several current elements from the start: that much stays. */
function withoutFixture82(problems: readonly string[]): readonly string[] {
  return problems.filter((problem) => !problem.startsWith('c47ffae1: two current'));
}

describe('any sequence of changes', () => {
  it('leaves valid documents, mutual relations and a feed that agrees with them', async function () {
    this.timeout(120_000);
    const isPerson = schemaOf('Person');
    const folder = path.join(packageRoot(), 'fixtures/persons');
    const happened = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.integer({ min: 1, max: 1000 }),
        fc.array(step, { maxLength: 80, size: 'max' }),
        async (fromFiles, seed, steps) => {
          const population = await Population.create({
            personFolders: fromFiles ? [folder] : [],
            generated: fromFiles ? 0 : 40,
            seed,
          });
          const events = new EventFeed({ after: population.newestSequenceNumber });
          const changes = new PopulationChanges({ population, events, clock: new ManualClock() });
          const past: Change[] = [];
          for (const one of steps) {
            const numbers = [...population.documents()].flatMap((document) => numbersOf(document));
            const change = changeOf(one, past, numbers);
            try {
              changes.apply(change);
            } catch (error) {
              if (error instanceof ImpossibleChange) continue;
              throw error;
            }
            past.push(change);
            happened.add(change.type);
          }
          expect(withoutFixture82(inconsistenciesOf(population))).to.deep.equal([]);
          expect(feedProblemsOf(population, events)).to.deep.equal([]);
          if (isPerson === undefined) return;
          for (const document of population.documents()) {
            expect(isPerson(document) ? [] : isPerson.errors).to.deep.equal([]);
          }
        },
      ),
      { numRuns: 20 },
    );
    // Impossible changes are passed over; a type that never happens would not be tried at all.
    expect([...happened]).to.have.members([...TYPES]);
  });
});
