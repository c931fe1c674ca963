/**
 * A program that adds 200 people side by side over a data folder, a message id each, and writes a line for every number
 * it was given. It can die on its way: `in` the 70th change, before it is committed; `after` it, before anybody hears.
 *
 *     node help-number-adder.js <folder> <name of the message ids> [in | after]
 */
import type { HelpNumberRepository } from '../../src/registry/help-numbers/help-number-repository.js';
import { openTestStore } from '../store/store-fixture.js';
import { changeBy, helpNumberBench, numberAdded } from '../support/help-number-bench.js';
import { recordOf } from '../support/help-numbers.js';

const PEOPLE = 200;
const LAST_CHANGE = 70;
const WAITING = 50;

const [directory = '', name = '', death = 'never'] = process.argv.slice(2);
const store = openTestStore(directory);

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('dead');
}

/** Nothing but the end of the process ends this. */
function deathFromOutside(): Promise<never> {
  return new Promise(() => {
    setInterval(() => undefined, 60_000);
  });
}

/** The register, which takes the process with it at its last change. */
function mortal(inner: HelpNumberRepository): HelpNumberRepository {
  let changes = 0;
  return {
    isAllotted: (number) => inner.isAllotted(number),
    find: (number) => inner.find(number),
    findAll: (numbers) => inner.findAll(numbers),
    supersededBy: (survivor) => inner.supersededBy(survivor),
    supersededByEach: (survivors) => inner.supersededByEach(survivors),
    people: (traits, after) => inner.people(traits, after),
    answerTo: (message) => inner.answerTo(message),
    history: (number) => inner.history(number),
    change: (by, work) => {
      const result = inner.change(by, (writer) => {
        const worked = work(writer);
        // Nothing came of it for whoever drew a number that was just taken.
        if (worked !== undefined) changes += 1;
        return changes === LAST_CHANGE && death === 'in' ? die() : worked;
      });
      return changes === LAST_CHANGE && death === 'after' ? die() : result;
    },
  };
}

const { register } = helpNumberBench({ repository: mortal(store.helpNumbers) });
await Promise.all(
  Array.from({ length: PEOPLE }, async (_, index) => {
    const record = recordOf({ name: { given: 'Ola', middle: null, family: `Testmann ${index}` } });
    const messageId = `${name}-${index}`;
    if (death === 'outside' && index >= PEOPLE - WAITING) await deathFromOutside();
    const number = await numberAdded(register.add(record, changeBy({ messageId })));
    process.stdout.write(`${messageId} ${number}\n`);
  }),
);
store.close();
