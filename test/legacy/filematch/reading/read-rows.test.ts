import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../../src/config/package-root.js';
import type { CsvLayout, DateForm, FixedLayout } from '../../../../src/legacy/filematch/layout/layout.js';
import { parseLayout } from '../../../../src/legacy/filematch/layout/load-layouts.js';
import { longestRecordInLines } from '../../../../src/legacy/filematch/reading/csv-records.js';
import { longestLine } from '../../../../src/legacy/filematch/reading/lines.js';
import { FileRejected } from '../../../../src/legacy/filematch/record.js';
import {
  builtInLayouts,
  csvFile,
  csvHead,
  detailRecord,
  fixedFile,
  headerRecord,
  latin1,
  lines,
  rowsIn,
  survey,
  trailerRecord,
} from '../../../support/filematch-files.js';
import { inputRow } from '../../../support/filematch-rows.js';
import { rejectionOf } from '../../../support/rejection.js';

const sample = join(
  packageRoot(),
  ...['..', 'shared', 'contracts', 'samples', 'filematch', '32-filematch-input.csv'],
);

describe('the rows of a file', () => {
  let fixed: FixedLayout;
  let csv: CsvLayout;
  before(async () => {
    ({ fixed, csv } = await builtInLayouts());
  });

  const told = {
    ownRef: 'PAS-000001',
    nin: '12838142093',
    dateOfBirth: '19810312',
    surname: 'Ærekjær',
    givenName: 'KARI ANNE',
    middleName: 'LØV',
    street: 'PRØVEVEIEN 12 B',
    postalCode: '0484',
    municipality: '0301',
    sex: 'K',
  };
  const read = inputRow({ ...told, line: 2, dateOfBirth: null });
  const csvRow = Object.values(told).join(';');

  it('come out of fixed width as they are, without the blanks around', async () => {
    const [row] = await rowsIn(latin1(fixedFile([detailRecord(told)])), fixed);
    expect(row).to.deep.equal({ ...read, dateOfBirth: '1981-03-12' });
  });

  it('come out of CSV as they are, whatever the order of the columns', async () => {
    expect(await rowsIn(latin1(csvFile([csvRow])), csv)).to.deep.equal([
      { ...read, dateOfBirth: '1981-03-12' },
    ]);
    const turned = lines([csvHead.split(';').reverse().join(';'), csvRow.split(';').reverse().join(';')]);
    expect(await rowsIn(latin1(turned), csv)).to.deep.equal([{ ...read, dateOfBirth: '1981-03-12' }]);
  });

  it('are blank where a file has no column', async () => {
    const [row] = await rowsIn(latin1(lines(['ownRef;nin', 'A;12838142093'])), csv);
    expect(row).to.deep.equal(inputRow({ line: 2, ownRef: 'A', nin: '12838142093' }));
  });

  it('tell their number and their line', async () => {
    const file = lines([csvHead, '', csvRow, '"B\r\nB";;;;;;;;;', csvRow]);
    const rows = await rowsIn(latin1(file), csv);
    expect(rows.map(({ number, line }) => [number, line])).to.deep.equal([
      [1, 3],
      [2, 4],
      [3, 6],
    ]);
  });

  it('keep the blanks of a reference that are its own', async () => {
    const [row] = await rowsIn(latin1(fixedFile([detailRecord({ ownRef: '  12 3' })])), fixed);
    expect(row?.ownRef).to.equal('  12 3');
    const [other] = await rowsIn(latin1(csvFile(['" 12 ";;;;;;;;;'])), csv);
    expect(other?.ownRef).to.equal(' 12 ');
  });

  it('count characters, not octets and not half characters', async () => {
    const row = detailRecord({ ownRef: '😀Æ', nin: '12838142093', surname: '𝔸BØ', street: 'X' });
    const octets = Buffer.from(fixedFile([row], { charset: '03' }), 'utf8');
    expect((await rowsIn(octets, fixed, 'UTF-8'))[0]).to.include({
      ownRef: '😀Æ',
      nin: '12838142093',
      surname: '𝔸BØ',
      street: 'X',
      problem: null,
    });
  });

  describe('tell of their form', () => {
    const problemOf = async (rows: readonly string[], layout: CsvLayout | FixedLayout): Promise<unknown> => {
      const file = layout.encoding === 'csv' ? csvFile(rows) : fixedFile(rows);
      return (await rowsIn(latin1(file), layout)).map(({ ownRef, problem }) => [ownRef, problem]);
    };
    const good = detailRecord({ ownRef: 'G' });

    it('E003 for a birth date that there is not, and nothing for one of zeros', async () => {
      for (const [day, problem] of [
        ['19810230', 'E003'],
        ['1981031', 'E003'],
        ['1981-3-1', 'E003'],
        ['HEI', 'E003'],
        ['00000000', null],
        ['0', null],
        ['', null],
        ['20000229', null],
      ] as const) {
        expect(await problemOf([`A;;${day};;;;;;;`], csv), day).to.deep.equal([['A', problem]]);
      }
    });

    it('E005 for a record of an unknown kind, whatever its length', async () => {
      for (const row of [
        `X${detailRecord({ ownRef: 'A' }).slice(1)}`,
        `XA`,
        `H${detailRecord({ ownRef: 'A' }).slice(1)}`,
      ])
        expect(await problemOf([row, good], fixed)).to.deep.equal([
          ['A', 'E005'],
          ['G', null],
        ]);
    });

    it('E006 for a record that is too short or too long', async () => {
      const row = detailRecord({ ownRef: 'A' });
      for (const wrong of [row.slice(0, -1), row.trimEnd(), `${row} `])
        expect(await problemOf([wrong, good], fixed)).to.deep.equal([
          ['A', 'E006'],
          ['G', null],
        ]);
    });

    it('E006 for too few or too many columns', async () => {
      expect(await problemOf(['A;1', 'B;;;;;;;;;;', 'C;;;;;;;;;'], csv)).to.deep.equal([
        ['A', 'E006'],
        ['B', 'E006'],
        ['C', null],
      ]);
    });

    it('E006 for a blank reference', async () => {
      expect(await problemOf([detailRecord({ nin: '12838142093' })], fixed)).to.deep.equal([['', 'E006']]);
      expect(await problemOf(['  ;12838142093;;;;;;;;'], csv)).to.deep.equal([['', 'E006']]);
    });

    it('E006 for a line that is longer than anything, and the rest is read', async () => {
      const huge = `A;${'x'.repeat(2 * longestLine)};;;;;;;;`;
      expect(await problemOf([huge, 'B;;;;;;;;;'], csv)).to.deep.equal([
        ['A', 'E006'],
        ['B', null],
      ]);
      for (const [layout, head] of [
        [fixed, headerRecord({ charset: '03' })],
        [csv, csvHead],
      ] as const) {
        // Wherever a letter was cut in two.
        for (const start of ['DA', 'DAB']) {
          const file = Buffer.from(lines([head, start + 'Ø'.repeat(longestLine)]), 'utf8');
          expect((await rowsIn(file, layout, 'UTF-8')).map(({ problem }) => problem)).to.deep.equal(['E006']);
        }
      }
      const wide = `${detailRecord({ ownRef: 'A' })}${' '.repeat(longestLine)}`;
      expect(await problemOf([wide, good], fixed)).to.deep.equal([
        ['A', 'E006'],
        ['G', null],
      ]);
    });
  });

  describe('of CSV may stand in quotes', () => {
    const refs = async (rows: readonly string[]): Promise<readonly unknown[]> =>
      (await rowsIn(latin1(csvFile(rows)), csv)).map(({ ownRef, surname, problem }) => [
        ownRef,
        surname,
        problem,
      ]);

    it('with delimiters, quotes and line breaks', async () => {
      expect(await refs(['"A";"";;"a;""b""\r\n\r\nc";;;;;;', 'B;;;d;;;;;;'])).to.deep.equal([
        ['A', 'a;"b"\r\n\r\nc', null],
        ['B', 'd', null],
      ]);
    });

    it('and one that never closes costs its row alone', async () => {
      const others = Array.from({ length: 100 }, (_, index) => `B${index};;;d;;;;;;`);
      for (const rest of [others, others.map((row) => row.replace(';d;', ';"d";'))]) {
        const rows = await refs(['A;;;"a;;;;;;', ...rest]);
        expect(rows).to.have.length(101);
        expect(rows[0]).to.deep.equal(['A', '"a', 'E006']);
        expect(new Set(rows.slice(1).map((row) => JSON.stringify(row).replace(/[0-9]+/, '')))).to.have.keys(
          JSON.stringify(['B', 'd', null]),
        );
      }
    });

    it('and two that never close cost two rows', async () => {
      expect(await refs(['A;;;"a;;;;;;', 'B;;;"b;;;;;;', 'C;;;c;;;;;;'])).to.deep.equal([
        ['A', '"a', 'E006'],
        ['B', '"b', 'E006'],
        ['C', 'c', null],
      ]);
    });

    it('and one that another row happens to close costs its row alone, unless both make one', async () => {
      const damaged = ['A;;;"a;;;;;;', 'B;;;b";;;;;;', 'C;;;c;;;;;;'];
      expect(await refs(damaged)).to.deep.equal([
        ['A', 'a;;;;;;\r\nB;;;b', null],
        ['C', 'c', null],
      ]);
      expect(await refs(damaged.map((row) => row.replace('b"', 'b";')))).to.deep.equal([
        ['A', '"a', 'E006'],
        ['B', 'b"', 'E006'],
        ['C', 'c', null],
      ]);
    });

    it('over a few lines, not over any number', async () => {
      const over = (count: number): string => `A;;;"${'x\r\n'.repeat(count - 1)}x";;;;;;`;
      expect(await refs([over(longestRecordInLines)])).to.have.length(1);
      const rows = await refs([over(longestRecordInLines + 1), 'B;;;b;;;;;;']);
      expect(rows.filter((row) => JSON.stringify(row).includes('null'))).to.deep.equal([['B', 'b', null]]);
      expect(rows).to.have.length(longestRecordInLines + 2);
    });

    it('and text beside quotes costs its row alone', async () => {
      expect(await refs(['A;;;"a"b;;;;;;', 'B;;;b;;;;;;'])).to.deep.equal([
        ['A', '"a"b', 'E006'],
        ['B', 'b', null],
      ]);
    });

    it('and a quote inside of a field without quotes is a letter', async () => {
      expect(await refs(['A;;;5" RØR;;;;;;'])).to.deep.equal([['A', '5" RØR', null]]);
    });
  });

  it('are read in other layouts: days, delimiters, without heads', async () => {
    for (const [dates, day] of [
      ['yyyymmdd', '19810312'],
      ['ddmmyyyy', '12031981'],
      ['yyyy-mm-dd', '1981-03-12'],
    ] as readonly (readonly [DateForm, string])[]) {
      const layout = parseLayout(
        'own.json',
        JSON.stringify({
          name: 'own',
          encoding: 'csv',
          extension: 'csv',
          format: { name: 'OWN', version: '1' },
          dates,
          delimiter: '\t',
          headerLine: false,
          input: [{ field: 'dateOfBirth' }, { field: 'ownRef' }],
          output: [{ field: 'ownRef' }, { field: 'matchStatus' }],
        }),
      );
      const file = latin1(`${day}\tA\r\n\tB\r\nKARI\tC\r\n`);
      expect(await survey(file, [layout])).to.include({ rows: 3 });
      const rows = await rowsIn(file, layout);
      expect(rows.map(({ ownRef, dateOfBirth, problem }) => [ownRef, dateOfBirth, problem])).to.deep.equal([
        ['A', '1981-03-12', null],
        ['B', null, null],
        ['C', null, 'E003'],
      ]);
    }
  });

  it('are read where records have no kind', async () => {
    const layout = parseLayout(
      'own.json',
      JSON.stringify({
        name: 'own',
        encoding: 'fixed',
        extension: 'txt',
        format: { name: 'OWN', version: '1' },
        input: {
          length: 16,
          detail: [
            { field: 'nin', from: 1, to: 11 },
            { field: 'ownRef', from: 12, to: 16 },
          ],
        },
        output: {
          length: 7,
          detail: [
            { field: 'ownRef', from: 1, to: 5 },
            { field: 'matchStatus', from: 6, to: 7 },
          ],
        },
      }),
    );
    const file = latin1('12838142093A    \nT          B    \n');
    expect(await survey(file, [fixed, csv, layout])).to.include({ layout: 'own', rows: 2 });
    expect((await rowsIn(file, layout)).map(({ ownRef, nin }) => [ownRef, nin])).to.deep.equal([
      ['A', '12838142093'],
      ['B', 'T'],
    ]);
  });

  it('are not guessed where the head is not one', async () => {
    const error = await rejectionOf(rowsIn(latin1('A;B\r\n'), csv));
    expect(error).to.be.instanceOf(FileRejected).and.to.have.property('errorCode', 'E011');
  });

  it('end with the trailer', async () => {
    const file = lines([headerRecord(), detailRecord({ ownRef: 'A' }), trailerRecord(1)]);
    expect(await rowsIn(latin1(file + detailRecord({ ownRef: 'B' })), fixed)).to.have.length(1);
  });

  it('are read from the contract’s sample', async function () {
    if (!existsSync(sample)) this.skip();
    const octets = readFileSync(sample);
    expect(await survey(octets, [fixed, csv])).to.include({
      layout: 'pfm-csv',
      charset: 'ISO-8859-1',
      rows: 8,
    });
    const rows = await rowsIn(octets, csv);
    expect(rows.map(({ ownRef, line }) => [ownRef, line])).to.deep.equal(
      Array.from({ length: 8 }, (_, index) => [`PAS-00000${index + 1}`, index + 2]),
    );
    expect(rows.every(({ problem }) => problem === null)).to.equal(true);
    expect(rows.map(({ dateOfBirth }) => dateOfBirth).filter((day) => day !== null)).to.have.length(3);
  });
});
