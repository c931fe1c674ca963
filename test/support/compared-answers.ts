import type { ComparedAnswers } from '../../src/registry/cutover/compared-answers.js';
import type { FieldDifference } from '../../src/registry/cutover/comparison/comparer.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { syntheticNumber } from './synthetic-number.js';

/** A lookup that both registers answered alike, but for what a test changes. */
export function comparedAnswers(change: Partial<ComparedAnswers> = {}): ComparedAnswers {
  return {
    at: new Date('2026-03-01T12:00:00.000Z'),
    correlationId: newCorrelationId(systemRandom),
    clientId: 'epj',
    protocol: 'hl7v3',
    operation: 'GetDemographics',
    route: 'shadow-preg',
    answeredBy: 'preg',
    subject: syntheticNumber(),
    outcomes: {
      preg: { outcome: 'found', milliseconds: 40 },
      persontjenesten: { outcome: 'found', milliseconds: 20 },
    },
    differences: [],
    ...change,
  };
}

/** A field in which the registers differ: a name that nothing explains, but for what a test changes. */
export function difference(change: Partial<FieldDifference> = {}): FieldDifference {
  return {
    field: 'givenName',
    isIdentity: false,
    class: 'unexplained',
    kinds: { preg: 'text', persontjenesten: 'text' },
    ...change,
  };
}
