import type { JsonObject } from '../../src/mapping/json.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';

/** An ordinary resident of the sandbox: the first of its population with a number in use. */
export function personUnderTest({ population }: Sandbox): {
  readonly number: string;
  readonly document: JsonObject;
} {
  for (const document of population.documents()) {
    const [preferred] = numbersIn(document);
    if (preferred?.inUse === true) return { number: preferred.nin, document };
  }
  throw new Error('nobody in the sandbox has a number in use');
}
