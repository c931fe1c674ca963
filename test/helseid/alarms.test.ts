import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { alarm, alarms, isAlarmName } from '../../src/helseid/alarms.js';

describe('the alarms', () => {
  const text = readFileSync(join(packageRoot(), 'docs', 'helseid.md'), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => /^\| `(?:[a-z_]+|HID-\d+)` \| (?:passes|stays) \|/.test(line));
  const names = Object.keys(alarms).filter(isAlarmName);

  for (const name of names) {
    it(`are documented as they are: ${name}`, () => {
      const { passing, meaning, action } = alarms[name];
      const row = `| \`${name}\` | ${passing ? 'passes' : 'stays'} | ${meaning} | ${action} |`;
      expect(rows).to.include(row);
    });

    it(`are sentences for an operator: ${name}`, () => {
      const { meaning, action } = alarm(name);
      expect(meaning).to.match(/^[A-Z].{15,150}\.$/);
      expect(action).to.match(/^[A-Z].{15,200}\.$/);
    });
  }

  it('are documented in their order, and none that is gone', () => {
    expect(rows.map((row) => row.split('`')[1])).to.deep.equal(names);
  });

  it('know every error that HelseID is known to give', () => {
    const codes = [
      'use_dpop_nonce',
      'invalid_dpop_proof',
      'invalid_client',
      'invalid_request',
      'invalid_scope',
      'unauthorized_client',
      'unsupported_grant_type',
      'invalid_grant',
      'unsupported_response_type',
    ];
    const numbers = Array.from({ length: 10 }, (_, index) => `HID-${1001 + index}`);
    expect(names).to.include.members([...codes, ...numbers, 'rejected_scope', 'missing_scope']);
  });
});
