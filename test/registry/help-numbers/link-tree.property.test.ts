import { expect } from 'chai';
import fc from 'fast-check';
import type { NationalId } from '../../../src/person/national-id.js';
import type { ChangeAnswer } from '../../../src/registry/help-number-register.js';
import {
  callerOf,
  changeBy,
  helpNumberBench,
  type HelpNumberBench,
} from '../../support/help-number-bench.js';
import { recordOf } from '../../support/help-numbers.js';
import { memoryStore } from '../../support/memory-store.js';
import { pregPerson } from '../../support/preg-person.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

/** What can be done, with people by their index: the first two are national, the others were added, six before all. */
type Step =
  | { readonly kind: 'add' }
  | { readonly kind: 'link'; readonly survivor: number; readonly superseded: readonly number[] }
  | { readonly kind: 'unlink'; readonly survivor: number; readonly superseded: number };

const someone = fc.nat({ max: 8 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'add' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('link' as const),
      survivor: someone,
      superseded: fc.array(someone, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('unlink' as const), survivor: someone, superseded: someone }),
  },
);

const nationals = [syntheticNumber(1), syntheticNumber(2)];

/** The rules as the contract words them (preg-hl7v3 part 6), with nothing but a table of who answers for whom. */
class Model {
  readonly people: NationalId[] = [...nationals];
  readonly survivorOf = new Map<NationalId, NationalId>();

  /** @returns whether it may be done */
  link(survivor: NationalId, superseded: readonly NationalId[]): boolean {
    const allowed =
      !superseded.includes(survivor) &&
      superseded.every((number) => !nationals.includes(number) && !this.survivorOf.has(number)) &&
      !this.survivorOf.has(survivor);
    if (!allowed) return false;
    for (const number of superseded) {
      for (const [child, parent] of this.survivorOf) {
        if (parent === number) this.survivorOf.set(child, survivor);
      }
      this.survivorOf.set(number, survivor);
    }
    return true;
  }

  /** @returns whether it may be done */
  unlink(survivor: NationalId, superseded: NationalId): boolean {
    if (this.survivorOf.get(superseded) !== survivor) return false;
    this.survivorOf.delete(superseded);
    return true;
  }
}

/** Does a step on both sides; a step about somebody who was not added yet is left out. */
async function take(one: Step, model: Model, { register }: HelpNumberBench): Promise<void> {
  if (one.kind === 'add') {
    const added = await register.add(recordOf(), changeBy());
    if (added.outcome !== 'done') throw new Error(added.rule);
    model.people.push(added.hit.person.nin);
    return;
  }
  const survivor = model.people[one.survivor];
  const numbers = [one.superseded].flat().map((index) => model.people[index]);
  const superseded = numbers.filter((number) => number !== undefined);
  const [first] = superseded;
  if (survivor === undefined || first === undefined) return;
  const [allowed, answer]: [boolean, ChangeAnswer] =
    one.kind === 'link'
      ? [model.link(survivor, superseded), await register.link(survivor, superseded, changeBy())]
      : [model.unlink(survivor, first), await register.unlink(survivor, first, changeBy())];
  expect(answer.outcome).to.equal(allowed ? 'done' : 'refused');
}

async function compare(model: Model, { repository, registry }: HelpNumberBench): Promise<void> {
  for (const number of model.people) {
    const survivor = model.survivorOf.get(number);
    const children = model.people.filter((other) => model.survivorOf.get(other) === number);
    if (!nationals.includes(number)) {
      expect(repository.find(number)?.survivor).to.equal(survivor ?? null);
    }
    expect(new Set(repository.supersededBy(number))).to.deep.equal(new Set(children));
    // Flat: whoever answers for others answers for itself.
    if (children.length > 0) expect(survivor).to.equal(undefined);

    const answer = await registry.lookup({ id: number }, callerOf());
    if (answer.outcome !== 'found') throw new Error('somebody is gone');
    expect(answer.person.nin).to.equal(survivor ?? number);
  }
}

describe('the tree of links', function () {
  // Much to do on a busy machine; nothing here is about speed.
  this.timeout(10_000);

  it('stays flat, and as the rules say, whatever is added, linked and unlinked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30, size: 'max' }), async (steps) => {
        const store = memoryStore();
        const people = nationals.map((nin) => pregPerson({ nin }));
        const bench = helpNumberBench({ people, repository: store.helpNumbers });
        const model = new Model();
        for (let person = 0; person < 6; person += 1) await take({ kind: 'add' }, model, bench);
        for (const one of steps) await take(one, model, bench);
        await compare(model, bench);
        store.close();
      }),
    );
  });
});
