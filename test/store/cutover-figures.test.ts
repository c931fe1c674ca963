import { expect } from 'chai';
import type { Store } from '../../src/store/store.js';
import { comparedAnswers, difference } from '../support/compared-answers.js';
import { memoryStore } from '../support/memory-store.js';

const DAY = 24 * 60 * 60_000;
const today = new Date('2026-03-10T12:00:00.000Z');
const number = Math.floor(today.getTime() / DAY);
const ago = (days: number): Date => new Date(today.getTime() - days * DAY);

describe('the figures of the cutover', () => {
  let store: Store;
  beforeEach(() => {
    store = memoryStore();
  });
  afterEach(() => {
    store.close();
  });

  const failure = {
    differences: undefined,
    outcomes: {
      preg: { outcome: 'found', milliseconds: 10 },
      persontjenesten: { outcome: 'upstream-unavailable', milliseconds: 90 },
    },
  } as const;

  it('add up the days that are asked for, both ends in them', () => {
    for (const days of [4, 3, 1, 0]) {
      store.comparisons.record([comparedAnswers({ at: ago(days), differences: [difference()] })]);
    }
    const of = (from: number, to: number) =>
      store.cutoverFigures.comparisons({ from: number - from, to: number - to })[0]?.questions;
    expect([of(3, 1), of(4, 0), of(2, 2), of(0, 0)]).to.deep.equal([2, 4, undefined, 1]);
    const [field] = store.cutoverFigures.differences({ from: number - 3, to: number - 1 });
    expect(field).to.deep.equal({
      clientId: 'epj',
      field: 'givenName',
      class: 'unexplained',
      reason: undefined,
      isIdentity: false,
      questions: 2,
      firstSeen: ago(3),
      lastSeen: ago(1),
      rules: '',
    });
  });

  it('tell apart clients, operations, sources and reasons', () => {
    store.comparisons.record([
      comparedAnswers({ at: today, ...failure }),
      comparedAnswers({ at: today, clientId: 'pas', protocol: undefined, operation: undefined }),
      comparedAnswers({
        at: today,
        operation: 'FindCandidates',
        differences: [difference({ class: 'expected', reason: 'fresher', isIdentity: true })],
      }),
    ]);
    const day = { from: number, to: number };
    expect(store.cutoverFigures.comparisons(day)).to.deep.equal([
      {
        clientId: 'epj',
        protocol: 'hl7v3',
        operation: 'FindCandidates',
        questions: 1,
        compared: 1,
        expected: 1,
        unexplained: 0,
        identity: 0,
        failed: { preg: 0, persontjenesten: 0 },
        milliseconds: { preg: 40, persontjenesten: 20 },
        left: { dropped: 0, sampledOut: 0 },
        rules: '',
      },
      {
        clientId: 'epj',
        protocol: 'hl7v3',
        operation: 'GetDemographics',
        questions: 1,
        compared: 0,
        expected: 0,
        unexplained: 0,
        identity: 0,
        failed: { preg: 0, persontjenesten: 1 },
        milliseconds: { preg: 10, persontjenesten: 90 },
        left: { dropped: 0, sampledOut: 0 },
        rules: '',
      },
      {
        clientId: 'pas',
        protocol: '',
        operation: '',
        questions: 1,
        compared: 1,
        expected: 0,
        unexplained: 0,
        identity: 0,
        failed: { preg: 0, persontjenesten: 0 },
        milliseconds: { preg: 40, persontjenesten: 20 },
        left: { dropped: 0, sampledOut: 0 },
        rules: '',
      },
    ]);
    expect(store.cutoverFigures.failures(day)).to.deep.equal([
      { clientId: 'epj', source: 'persontjenesten', code: 'upstream-unavailable', rules: '', questions: 1 },
    ]);
    expect(store.cutoverFigures.differences(day)[0]).to.include({ reason: 'fresher', isIdentity: true });
  });

  it('tell who uses what', () => {
    const seen = { firstSeen: ago(9), lastSeen: today };
    const operation = { clientId: 'epj', protocol: 'hl7v2', operation: 'QBP^Q22' } as const;
    store.usage.add([{ ...operation, questions: 5, fields: new Map([['givenName', 4]]), ...seen }]);
    expect(store.cutoverFigures.operations()).to.deep.equal([{ ...operation, questions: 5, ...seen }]);
    expect(store.cutoverFigures.fields()).to.deep.equal([
      { ...operation, field: 'givenName', answers: 4, ...seen },
    ]);
  });
});
