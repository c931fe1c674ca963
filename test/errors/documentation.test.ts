import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { errorCatalogue, type ErrorCode, type ErrorDescription } from '../../src/errors/catalogue.js';
import { problemTable } from '../../src/legacy/filematch/http/problem-table.js';
import { errorTable } from '../../src/legacy/hl7v2/error-table.js';
import { faultTable } from '../../src/legacy/soap/fault-table.js';

function soapForm(code: ErrorCode): string {
  const row = faultTable[code];
  const parts = [row.code, ...row.subcodes.map(({ prefix, localName }) => `${prefix}:${localName}`)];
  return [
    ...parts,
    ...(row.secured ? [] : ['unsecured']),
    ...(row.status === undefined ? [] : [`HTTP ${row.status}`]),
  ].join(', ');
}

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCatalogue, text);
}

function documentedRow(code: ErrorCode): string {
  const { cause, retry, logLevel, hint }: ErrorDescription = errorCatalogue[code];
  const { acknowledgement, code: hl7Code } = errorTable[code];
  const forms = [soapForm(code), problemTable[code].status, `${acknowledgement} ${hl7Code}`];
  return `| \`${code}\` | ${[cause, retry, logLevel, ...forms, hint].join(' | ')} |`;
}

describe('docs/errors.md', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| `[a-z]/.test(line));
  const codes = Object.keys(errorCatalogue).filter(isCode);

  for (const code of codes) {
    it(`tells about ${code} what the catalogue and the tables of the protocols say`, () => {
      const found = rows.find((row) => row.startsWith(`| \`${code}\` |`));
      expect(found).to.equal(documentedRow(code));
    });
  }

  it('has the errors in the catalogue’s order, and none that is gone', () => {
    expect(rows.map((row) => row.split('`')[1])).to.deep.equal(codes);
  });
});
