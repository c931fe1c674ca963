import { expect } from 'chai';
import type { CsvLayout, FixedLayout } from '../../../../src/legacy/filematch/layout/layout.js';
import { surveyFile, type Outside } from '../../../../src/legacy/filematch/reading/survey.js';
import { FileRejected, type FilematchErrorCode } from '../../../../src/legacy/filematch/record.js';
import {
  builtInLayouts,
  csvFile,
  csvHead,
  detailRecord,
  fixedFile,
  headerRecord,
  latin1,
  lines,
  survey,
  trailerRecord,
} from '../../../support/filematch-files.js';
import { rejectionOf } from '../../../support/rejection.js';

describe('the survey of a file', () => {
  let fixed: FixedLayout;
  let csv: CsvLayout;
  before(async () => {
    ({ fixed, csv } = await builtInLayouts());
  });

  const row = detailRecord({ ownRef: 'A', nin: '12838142093' });
  const expectRejected = async (
    octets: Buffer,
    code: FilematchErrorCode,
    reason: RegExp,
    from: Partial<Outside> = {},
  ): Promise<void> => {
    const error = await rejectionOf(survey(octets, [fixed, csv], from));
    expect(error).to.be.instanceOf(FileRejected).and.to.have.property('errorCode', code);
    expect(error).to.have.property('reason').that.matches(reason);
  };

  it('tells layout, charset, header and the number of rows of a fixed-width file', async () => {
    expect(await survey(latin1(fixedFile([row, row], { mode: 'E' })), [csv, fixed])).to.deep.equal({
      layout: 'pfm-fixed',
      charset: 'ISO-8859-1',
      header: { orgNumber: '999888777', customerRef: 'VASK-1', createdAt: '20251103080000', mode: 'E' },
      rows: 2,
    });
  });

  it('tells the same of a CSV file, with what its door says for the header', async () => {
    expect(
      await survey(latin1(csvFile(['A;12838142093;;;;;;;;'])), [fixed, csv], { mode: 'K' }),
    ).to.deep.equal({
      layout: 'pfm-csv',
      charset: 'ISO-8859-1',
      header: { orgNumber: '999888777', customerRef: 'FRA DØREN', createdAt: '', mode: 'K' },
      rows: 1,
    });
  });

  it('takes the columns of a CSV file in any order, and does without those that no lookup needs', async () => {
    expect(await survey(latin1(lines(['"nin";ownRef', '12838142093;A'])), [csv])).to.include({ rows: 1 });
    expect(await survey(latin1(lines(['surname;dateOfBirth;ownRef'])), [csv])).to.include({ rows: 0 });
  });

  it('accepts a child organisation, and a blank mode and charset, which the door and the file tell', async () => {
    const file = fixedFile([row], { orgNumber: '999888788', mode: ' ', charset: '  ' });
    const found = await survey(Buffer.from(file, 'utf8'), [fixed], { mode: 'K' });
    expect(found.header).to.include({ orgNumber: '999888788', mode: 'K' });
  });

  it('does not count blank lines, wherever they are', async () => {
    const file = `\r\n${lines([headerRecord(), row, '', row, trailerRecord(2), '', '  ', '\x1a'])}`;
    expect(await survey(latin1(file), [fixed])).to.include({ rows: 2 });
    expect(
      await survey(latin1(lines(['', csvHead, 'A;1;;;;;;;;', '', 'B;2;;;;;;;;', '', ''])), [csv]),
    ).to.include({
      rows: 2,
    });
  });

  it('needs no line ending at the end', async () => {
    const file = latin1(fixedFile([row]));
    expect(await survey(file.subarray(0, -1), [fixed])).to.include({ rows: 1 });
    expect(await survey(file.subarray(0, -2), [fixed])).to.include({ rows: 1 });
  });

  it('accepts LF alone', async () => {
    expect(await survey(latin1(lines([headerRecord(), row, trailerRecord(1)], '\n')), [fixed])).to.include({
      rows: 1,
    });
  });

  it('counts a record of an unknown kind as a row, whether its sender did or not', async () => {
    const strange = `X${row.slice(1)}`;
    for (const told of [1, 2]) {
      const file = lines([headerRecord(), row, strange, trailerRecord(told)]);
      expect(await survey(latin1(file), [fixed])).to.include({ rows: 2 });
    }
  });

  it('takes a file without rows', async () => {
    expect(await survey(latin1(fixedFile([])), [fixed])).to.include({ rows: 0 });
    expect(await survey(latin1(csvFile([])), [csv])).to.include({ rows: 0 });
  });

  describe('rejects with E011', () => {
    it('nothing at all', async () => {
      await expectRejected(latin1(''), 'E011', /tom/);
      await expectRejected(latin1('\r\n  \r\n'), 'E011', /tom/);
      await expectRejected(Buffer.from('\uFEFF', 'utf8'), 'E011', /tom/);
    });

    it('a file that begins with a row', async () => {
      await expectRejected(latin1(lines([row, trailerRecord(1)])), 'E011', /mangler hode/);
      await expectRejected(latin1(lines(['A;12838142093;;;;;;;;'])), 'E011', /mangler hode/);
    });

    it('an unknown version, another format, a result', async () => {
      await expectRejected(latin1(fixedFile([row], { formatVersion: '0002' })), 'E011', /ukjent versjon/);
      await expectRejected(latin1(fixedFile([row], { formatName: 'OTHER' })), 'E011', /mangler hode/);
      await expectRejected(latin1(fixedFile([row], { direction: 'U' })), 'E011', /inndatafil/);
    });

    it('an unknown mode or charset, and a header of another length', async () => {
      await expectRejected(latin1(fixedFile([row], { mode: 'X' })), 'E011', /modus/);
      await expectRejected(latin1(fixedFile([row], { charset: '09' })), 'E011', /tegnsett/);
      await expectRejected(latin1(lines([`${headerRecord()} `, trailerRecord(0)])), 'E011', /lengde/);
    });

    it('unknown, doubled and missing columns, without naming what may be data', async () => {
      await expectRejected(latin1(lines(['ownRef;nin;Hansen'])), 'E011', /^(?!.*Hansen).*nummer 3/);
      await expectRejected(latin1(lines(['ownRef;nin;nin'])), 'E011', /to ganger/);
      await expectRejected(latin1(lines(['ownRef;surname'])), 'E011', /mangler: nin/);
      await expectRejected(latin1(lines(['nin;surname'])), 'E011', /mangler hode/);
      await expectRejected(latin1(lines(['ownRef,nin'])), 'E011', /mangler hode/);
      await expectRejected(latin1(lines(['ownRef;"nin'])), 'E011', /mangler hode/);
    });

    it('a head that is longer than any line', async () => {
      const blanks = ' '.repeat(80_000);
      await expectRejected(latin1(lines([`ownRef;nin${blanks}`])), 'E011', /mangler hode/);
      await expectRejected(latin1(lines([`${headerRecord()}${blanks}`, trailerRecord(0)])), 'E011', /lengde/);
    });

    it('UTF-16', async () => {
      await expectRejected(Buffer.from(`\uFEFF${csvFile([])}`, 'utf16le'), 'E011', /UTF-16/);
    });
  });

  describe('rejects with E010', () => {
    it('a trailer that counts too many or too few', async () => {
      await expectRejected(latin1(lines([headerRecord(), row, trailerRecord(2)])), 'E010', /2 rader.*har 1/);
      await expectRejected(
        latin1(lines([headerRecord(), row, row, trailerRecord(1)])),
        'E010',
        /1 rader.*har 2/,
      );
    });

    it('a missing trailer', async () => {
      await expectRejected(latin1(lines([headerRecord(), row])), 'E010', /mangler slutt/);
      await expectRejected(latin1(lines([headerRecord()])), 'E010', /mangler slutt/);
    });

    it('a trailer that was cut off or counts nothing', async () => {
      await expectRejected(latin1(fixedFile([row]).slice(0, -100)), 'E010', /forteller ikke/);
      await expectRejected(latin1(lines([headerRecord(), row, 'T'.padEnd(250)])), 'E010', /forteller ikke/);
    });

    it('what comes after the trailer', async () => {
      await expectRejected(latin1(fixedFile([row]) + row), 'E010', /etter filens slutt/);
      await expectRejected(latin1(fixedFile([row]) + trailerRecord(1)), 'E010', /etter filens slutt/);
    });
  });

  it('rejects with E902 whose header names another organisation, or none', async () => {
    await expectRejected(latin1(fixedFile([row], { orgNumber: '123456785' })), 'E902', /annen virksomhet/);
    await expectRejected(latin1(fixedFile([row], { orgNumber: '' })), 'E902', /annen virksomhet/);
  });

  it('passes on what the source throws', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield latin1(headerRecord());
      await Promise.reject(new Error('the disk is gone'));
    }
    const from = { orgNumber: '', organisations: 'all', mode: 'V', customerRef: '' } as const;
    expect((await rejectionOf(surveyFile(broken(), [fixed], from))).message).to.equal('the disk is gone');
  });

  it('takes the first layout that fits', async () => {
    const other = { ...csv, name: 'other' };
    expect(await survey(latin1(csvFile([])), [other, csv])).to.include({ layout: 'other' });
  });
});
