import { join } from 'node:path';
import { expect } from 'chai';
import { forgettableIn } from '../../src/cli/forgettable-store.js';
import type { LiveSettings } from '../../src/cli/live-settings.js';
import { loadConfiguration } from '../../src/config/load.js';
import { packageRoot } from '../../src/config/package-root.js';
import type { Store } from '../../src/store/store.js';
import { comparedAnswers, difference } from '../support/compared-answers.js';
import { memoryStore } from '../support/memory-store.js';
import { StandingClock } from '../support/standing-clock.js';

const DAY = 24 * 60 * 60_000;
const seen = new Date('2026-03-01T00:00:00Z');
const { events, hl7v2, cutover } = loadConfiguration({
  file: join(packageRoot(), 'config', 'sandbox.yaml'),
  environment: {},
  clock: new StandingClock(seen.toISOString()),
});

describe('what grows old in the store', () => {
  let store: Store;
  beforeEach(() => {
    store = memoryStore();
    const values = { preg: 'a', persontjenesten: 'b' };
    store.comparisons
      .keepingValues(() => true)
      .record([comparedAnswers({ at: seen, differences: [difference({ values })] })]);
    const use = { clientId: 'epj', protocol: 'hl7v3', operation: 'GetDemographics' } as const;
    store.usage.add([{ ...use, questions: 1, fields: new Map(), firstSeen: seen, lastSeen: seen }]);
  });
  afterEach(() => {
    store.close();
  });

  function left(days: number, live?: () => LiveSettings['cutover']): readonly boolean[] {
    const now = new Date(seen.getTime() + days * DAY);
    for (const one of forgettableIn(store, { events, hl7v2, cutover }, live)) {
      while (one.forgetBefore(now) > 0);
    }
    const [comparison] = store.comparisons.list({ clientId: 'epj', verdict: 'unexplained', limit: 1 });
    return [
      comparison?.differences[0]?.hasValues ?? false,
      comparison !== undefined,
      store.cutoverFigures.operations().length > 0,
    ];
  }

  for (const [days, values, comparison, usage] of [
    [7, true, true, true],
    [8, false, true, true],
    [180, false, true, true],
    [181, false, false, false],
  ] as const) {
    it(`has, after ${days} days, ${values ? 'values' : 'no values'}, ${comparison ? 'comparisons' : 'no comparisons'} and ${usage ? 'usage' : 'no usage'}`, () => {
      expect(left(days)).to.deep.equal([values, comparison, usage]);
    });
  }

  it('goes by the settings as they are now', () => {
    let { comparison } = cutover;
    const live = () => ({ ...cutover, comparison });
    expect(left(2, live)).to.deep.equal([true, true, true]);
    comparison = { ...comparison, valueDays: 1, retentionDays: 1 };
    expect(left(2, live)).to.deep.equal([false, false, false]);
  });
});
