import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import { errorCatalogue, type ErrorCode } from '../../../src/errors/catalogue.js';
import { errorTable } from '../../../src/legacy/hl7v2/error-table.js';

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCatalogue, text);
}

describe('the error table of HL7 v2', () => {
  const codes = Object.keys(errorCatalogue).filter(isCode);
  const documented = readFileSync(join(packageRoot(), 'docs', 'hl7v2.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| `[a-z-]+` \| `A/.test(line));

  it('is what docs/hl7v2.md says, in the order of the catalogue', () => {
    expect(documented).to.deep.equal(
      codes.map((code) => {
        const row = errorTable[code];
        const text = row.correlated ? `${row.text} + correlation id` : row.text;
        return `| \`${code}\` | \`${row.acknowledgement}\` | \`${row.code}\` | ${text} |`;
      }),
    );
  });

  it('has texts that fit into MSA-3, with the correlation id where it follows', () => {
    for (const code of codes) {
      const { text, correlated } = errorTable[code];
      expect(text.length + (correlated ? 37 : 0), code).to.be.at.most(80);
    }
  });

  it('takes no trouble of ours or of the register for a mistake of the caller, and tells its id', () => {
    for (const code of codes.filter((one) => errorCatalogue[one].logLevel === 'error')) {
      expect(errorTable[code], code).to.include({ acknowledgement: 'AE', code: '207', correlated: true });
    }
  });
});
