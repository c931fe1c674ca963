import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { isNationalId } from '../../src/person/national-id.js';
import { openTestStore } from '../store/store-fixture.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const PEOPLE = 200;
const adder = fileURLToPath(new URL('./help-number-adder.js', import.meta.url));

/** How a run ended, and which message got which number, as far as anybody heard. */
interface Run {
  readonly signal: NodeJS.Signals | null;
  readonly numbers: ReadonlyMap<string, string>;
}

async function run(
  arguments_: readonly string[],
  onNumber: (heard: number, kill: () => void) => void = () => undefined,
): Promise<Run> {
  const child = spawn(process.execPath, [adder, ...arguments_], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, signal) => {
      resolve(signal);
    });
  });
  const numbers = new Map<string, string>();
  for await (const line of createInterface(child.stdout)) {
    const [message, number, ...rest] = line.split(' ');
    if (message === undefined || number?.length !== 11 || rest.length > 0) continue;
    expect(numbers.has(message)).to.equal(false);
    numbers.set(message, number);
    onNumber(numbers.size, () => child.kill('SIGKILL'));
  }
  return { signal: await ended, numbers };
}

/** What the folder holds: every number given out, and how often it was. */
function stored(directory: string): readonly (readonly [number: string, additions: number])[] {
  const store = openTestStore(directory);
  try {
    const found: [string, number][] = [];
    for (let after: number | undefined = 0; after !== undefined;) {
      const page = store.helpNumbers.people([], after);
      for (const { number } of page.entries) {
        found.push([number, [...store.helpNumbers.history(number)].length]);
      }
      after = page.next;
    }
    return found;
  } finally {
    store.close();
  }
}

describe('200 people added side by side, the process killed in the middle', function () {
  this.timeout(60_000);
  const folder = temporaryFolders();

  for (const [death, what] of [
    ['in', 'in a change that is not committed yet'],
    ['after', 'after a change of which nobody has heard yet'],
    ['outside', 'from outside, at any moment'],
  ] as const) {
    it(`leaves no number double and none lost when it dies ${what}`, async () => {
      const directory = folder();
      const killed = await run([directory, 'm', death], (heard, kill) => {
        if (death === 'outside' && heard === 50) kill();
      });
      expect(killed.signal).to.equal('SIGKILL');
      expect(killed.numbers.size).to.be.lessThan(PEOPLE);
      const before = stored(directory);
      expect(before.length).to.be.within(killed.numbers.size, PEOPLE);
      if (death === 'in') expect(before).to.have.length(69);
      if (death === 'after') expect(before).to.have.length(70);

      const retried = await run([directory, 'm']);
      expect(retried.signal).to.equal(null);
      expect(retried.numbers.size).to.equal(PEOPLE);
      for (const [message, number] of killed.numbers) expect(retried.numbers.get(message)).to.equal(number);
      const given = [...retried.numbers.values()].filter(isNationalId);
      expect(new Set(given).size).to.equal(PEOPLE);
      // No number that no message knows of, and none written twice.
      const after = stored(directory);
      expect(new Set(after.map(([number]) => number))).to.deep.equal(new Set<string>(given));
      expect(after.every(([, additions]) => additions === 1)).to.equal(true);
    });
  }

  it('gives different numbers to two processes over one folder', async () => {
    const directory = folder();
    const runs = await Promise.all(['one', 'other'].map((name) => run([directory, name])));
    const given = runs.flatMap(({ numbers }) => [...numbers.values()]);
    expect(given).to.have.length(2 * PEOPLE);
    expect(new Set(given).size).to.equal(2 * PEOPLE);
    expect(stored(directory)).to.have.length(2 * PEOPLE);
  });
});
