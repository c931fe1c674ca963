import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../../src/config/package-root.js';
import { createRejectsWriter } from '../../../../src/legacy/filematch/writing/rejects-writer.js';
import { builtInTexts } from '../../../support/filematch-files.js';

const sample = join(
  packageRoot(),
  ...['..', 'shared', 'contracts', 'samples', 'filematch', '34-filematch-rejects.csv'],
);

describe('the list of rejected rows', () => {
  it('tells line, reference, code and words', async () => {
    const writer = createRejectsWriter('ISO-8859-1', await builtInTexts());
    expect(Buffer.from(writer.opening()).toString('latin1')).to.equal(
      'lineNumber;ownRef;errorCode;errorText\r\n',
    );
    const row = writer.row({ line: 12, ownRef: 'A;Å', errorCode: 'E004' });
    expect(Buffer.from(row).toString('latin1')).to.equal(
      '12;"A;Å";E004;Etternavn eller fødselsdato mangler for søk\r\n',
    );
  });

  it('is in the charset of its input', async () => {
    const writer = createRejectsWriter('UTF-8', await builtInTexts());
    const row = writer.row({ line: 1, ownRef: 'Ł', errorCode: 'E012' });
    expect(Buffer.from(row).toString('utf8')).to.equal('1;Ł;E012;Filen er behandlet før\r\n');
  });

  it('is the contract’s sample, to the octet', async function () {
    if (!existsSync(sample)) this.skip();
    const writer = createRejectsWriter('ISO-8859-1', await builtInTexts());
    const row = writer.row({ line: 8, ownRef: 'PAS-000007', errorCode: 'E002' });
    expect(Buffer.concat([writer.opening(), row])).to.deep.equal(readFileSync(sample));
  });
});
