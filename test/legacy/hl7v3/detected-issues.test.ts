import { expect } from 'chai';
import { DetectedIssues } from '../../../src/legacy/hl7v3/detected-issues.js';
import type { BrokenRule } from '../../../src/registry/help-number-register.js';
import { parseCodeTable } from '../../../src/mapping/code-table.js';
import { helpNumber } from '../../support/help-numbers.js';
import { codes, codeTables } from '../../support/hl7v3-message.js';

const issues = new DetectedIssues(codeTables, codes);

/** Every rule, and the code that tells of it. */
const rules: Readonly<Record<BrokenRule, string>> = {
  'no-series': 'NS200',
  'series-exhausted': 'NS200',
  'message-id-reused': 'KEY205',
  'unknown-number': 'KEY204',
  'not-a-help-number': 'BUS',
  'not-our-number': 'BUS',
  superseded: 'BUS',
  'survivor-superseded': 'BUS',
  'same-number': 'BUS',
  'not-linked': 'BUS',
  'death-before-birth': 'SYN102',
};
const names = Object.keys(rules).filter((name): name is BrokenRule => name in rules);
const details: readonly BrokenRule[] = ['no-series', 'series-exhausted', 'death-before-birth'];

describe('detected issues', () => {
  for (const rule of names.filter((name) => !details.includes(name))) {
    it(`tell of ${rule} as AE with a reason`, () => {
      const { acknowledgement, controlAct, outcome } = issues.refusal(rule);
      expect([acknowledgement, outcome]).to.deep.equal([{ typeCode: 'AE', details: [] }, 'refused']);
      expect(JSON.stringify(controlAct['reasonOf'])).to.contain(`"@code":"${rules[rule]}"`);
      expect(JSON.stringify(controlAct['reasonOf'])).to.contain('"@codeSystem":"2.16.840.1.113883.5.4"');
    });
  }

  for (const rule of details) {
    it(`tell of ${rule} as AE with a detail`, () => {
      const { acknowledgement, controlAct } = issues.refusal(rule);
      expect(acknowledgement.details.map(({ code }) => code)).to.deep.equal([rules[rule]]);
      expect(controlAct['reasonOf']).to.deep.equal([]);
    });
  }

  it('say each rule in words of its own', () => {
    const words = names.map((rule) => JSON.stringify(issues.refusal(rule)));
    expect(new Set(words).size).to.equal(names.length);
  });

  it('name possible duplicates by number', () => {
    const { detail, issue } = issues.possibleDuplicates([helpNumber(0), helpNumber(1)]);
    expect(detail).to.include({ type: 'W', code: 'BUS' });
    expect(issue['id']).to.deep.equal(
      [0, 1].map((index) => ({ '@root': '2.16.578.1.12.4.1.4.3', '@extension': helpNumber(index) })),
    );
  });

  it('do not start without a row for each', () => {
    const table = parseCodeTable(
      'detected-issue',
      'concept: c\nfrom: own:BrokenRule\nto: t\nvalues:\n  no-series: { code: NS200, codeSystem: a, sentence: b }\n',
    );
    const lacking = new Map([...codeTables, ['detected-issue', table] as const]);
    expect(() => new DetectedIssues(lacking, codes)).to.throw('series-exhausted');
    expect(() => new DetectedIssues(new Map(), codes)).to.throw('no-series');
  });
});
