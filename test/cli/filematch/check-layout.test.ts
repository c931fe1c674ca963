import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import { runCommand, type CommandResult } from '../../support/command-line.js';
import { csvHead, detailRecord, fixedFile, latin1, lines } from '../../support/filematch-files.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

describe('preg-adapter filematch check-layout', () => {
  const folder = temporaryFolders();
  const own = (name: string): string => join(packageRoot(), 'config', 'layouts', `${name}.json`);
  const check = (...args: readonly string[]): Promise<CommandResult> =>
    runCommand(['filematch', 'check-layout', ...args]);
  const sampleOf = (content: string): string => {
    const file = join(folder(), 'sample');
    writeFileSync(file, latin1(content));
    return file;
  };

  it('says what a layout is', async () => {
    const { code, out } = await check(own('pfm-fixed'));
    expect(code).to.equal(0);
    expect(out).to.include(
      'is valid: layout pfm-fixed, FILMATCH 0001, days as yyyymmdd, fixed width with 250 characters in and 600 out.',
    );
    expect((await check(own('pfm-csv'))).out).to.include('CSV with 10 columns in and 41 out.');
  });

  it('says what is wrong with it, and where', async () => {
    const file = join(folder(), 'wrong.json');
    writeFileSync(file, readFileSync(own('pfm-fixed'), 'utf8').replace('"from": 22,', '"from": 21,'));
    const { code, out, err } = await check(file);
    expect([code, out]).to.deep.equal([1, '']);
    expect(err).to.include(file).and.to.include('input.detail[2].from: nin overlaps ownRef');
  });

  it('shows the first row of a sample, field by field', async () => {
    const row = detailRecord({
      ownRef: 'PAS-1',
      nin: '12838142093',
      dateOfBirth: '19810312',
      surname: 'LØV',
    });
    const sample = sampleOf(fixedFile([row, row]));
    const { code, out } = await check(own('pfm-fixed'), '--sample', sample);
    expect(code).to.equal(0);
    expect(out).to.include(`${sample} is ISO-8859-1 in mode V from 999888777, with 2 rows.`);
    expect(out).to.include(
      'Its first row, line 2:\n  ownRef        2-21     PAS-1\n  nin           22-32    12838142093\n',
    );
    expect(out).to.include(
      '  dateOfBirth   33-40    1981-03-12\n  surname       41-90    LØV\n  givenName     91-140\n',
    );
  });

  it('counts the rows whose form is wrong', async () => {
    const sample = sampleOf(lines([csvHead, 'A;;;;;;;;;', 'B;1', 'C;;19811332;;;;;;;', 'D;2']));
    const { code, out } = await check(own('pfm-csv'), '--sample', sample);
    expect(code).to.equal(0);
    expect(out).to.match(
      /E003 in 1 of the rows, first in line 4\.\nE006 in 2 of the rows, first in line 3\.\n$/,
    );
  });

  it('says why a sample would be rejected', async () => {
    const sample = sampleOf(lines(['A;12838142093']));
    const { code, err } = await check(own('pfm-csv'), '--sample', sample);
    expect(code).to.equal(1);
    expect(err)
      .to.match(/would be rejected: E011: Filen mangler hode/)
      .and.not.to.include('12838142093');
  });

  it('says when a sample cannot be read', async () => {
    const { code, err } = await check(own('pfm-csv'), '--sample', join(folder(), 'nowhere'));
    expect(code).to.equal(1);
    expect(err).to.match(/nowhere cannot be read \(ENOENT\)/);
  });

  it('sends nothing to the terminal that it would obey', async () => {
    const sample = sampleOf(lines([csvHead, '\x1b[2J;;;;;;;;;']));
    expect((await check(own('pfm-csv'), '--sample', sample)).out)
      .to.include('?[2J')
      .and.not.to.include('\x1b');
  });
});
