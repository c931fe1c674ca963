import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { StoreFailed, UpstreamUnavailable } from '../../src/errors/errors.js';
import { cutoverLines } from '../../src/operations/cutover-lines.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from '../support/counted-random.js';

const logPage = readFileSync(path.resolve(import.meta.dirname, '../../../docs/log.md'), 'utf8');
const correlationId = newCorrelationId(new CountedRandom());
const named = { correlationId, clientId: 'epj' };
const route = 'shadow-preg';

describe('lines of the cutover', () => {
  const lines = [
    cutoverLines.otherRegisterAsked({
      ...named,
      route,
      outOfOrder: 'preg',
      error: new UpstreamUnavailable('down'),
      outcome: 'found',
    }),
    cutoverLines.answersCompared({
      ...named,
      protocol: 'hl7v3',
      operation: 'GetDemographics',
      route,
      people: 1,
      outcomes: { preg: 'found', persontjenesten: 'not-found' },
      found: { preg: 1, persontjenesten: 0 },
      different: 1,
      unexplained: 1,
      identity: 1,
    }),
    cutoverLines.comparisonFailed({ correlationId, error: new UpstreamUnavailable('odd') }),
    cutoverLines.comparisonsDropped({ people: 3 }),
    cutoverLines.clientMovedBack({ clientId: 'epj', reason: 'too much', route }),
    cutoverLines.cutoverNotStored({ what: 'usage', error: new StoreFailed('full') }),
    cutoverLines.cutoverStored({ what: 'comparisons', lost: 2 }),
  ];

  it('are documented, each with its level', () => {
    for (const { message, level } of lines) {
      const row = logPage.split('\n').find((one) => one.startsWith(`| ${message} | cutover |`)) ?? '';
      expect(row, message).to.match(new RegExp(`\\| cutover \\| [^|]*(?:\`${level}\`|the error's own)`));
    }
    expect(lines).to.have.length(Object.keys(cutoverLines).length);
  });

  it('tell of an alert aloud, and of each comparison to whom looks closer alone', () => {
    expect(lines.map(({ level }) => level)).to.deep.equal([
      'warn',
      'debug',
      'error',
      'warn',
      'error',
      'error',
      'warn',
    ]);
    expect(cutoverLines.cutoverStored({ what: 'usage', lost: 0 }).level).to.equal('info');
  });
});
