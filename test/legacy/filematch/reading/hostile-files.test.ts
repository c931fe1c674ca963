import { expect } from 'chai';
import type { CsvLayout, FixedLayout, Layout } from '../../../../src/legacy/filematch/layout/layout.js';
import { readRows } from '../../../../src/legacy/filematch/reading/read-rows.js';
import { surveyFile } from '../../../../src/legacy/filematch/reading/survey.js';
import type { InputRow } from '../../../../src/legacy/filematch/record.js';
import {
  builtInLayouts,
  csvFile,
  csvHead,
  detailRecord,
  fixedFile,
  headerRecord,
  latin1,
  lines,
  outside,
  rowsIn,
  survey,
  trailerRecord,
} from '../../../support/filematch-files.js';
import { long } from '../../../support/long-runs.js';
import { memoryInUse } from '../../../support/memory-in-use.js';

describe('files as hospitals send them', () => {
  let fixed: FixedLayout;
  let csv: CsvLayout;
  before(async () => {
    ({ fixed, csv } = await builtInLayouts());
  });

  const count = 10_000;
  const refs = Array.from({ length: count }, (_, index) => `PAS-${index + 1}`);
  const fixedRows = refs.map((ownRef) => detailRecord({ ownRef, nin: '12838142093', surname: 'LØV' }));
  const csvRows = refs.map((ownRef) => `${ownRef};12838142093;;LØV;;;;;;`);

  describe('with one bad record in 10 000', () => {
    const expectOneBad = async (
      octets: Buffer,
      layout: Layout,
      ownRef: string,
      problem: string,
    ): Promise<void> => {
      const { rows: surveyed, charset } = await survey(octets, [layout]);
      expect(surveyed).to.equal(count);
      const rows = await rowsIn(octets, layout, charset);
      expect(rows.map((row) => row.number)).to.deep.equal(refs.map((_, index) => index + 1));
      const bad = rows.filter((row) => row.problem !== null);
      expect(bad.map((row) => [row.number, row.ownRef, row.problem])).to.deep.equal([
        [5_001, ownRef, problem],
      ]);
    };
    const spoiled = (rows: readonly string[], spoil: (row: string) => string): readonly string[] =>
      rows.map((row, index) => (index === 5_000 ? spoil(row) : row));

    for (const [what, spoil, problem] of [
      ['a character too many', (row: string) => `${row} `, 'E006'],
      ['an end that is missing', (row: string) => row.slice(0, 120), 'E006'],
      ['NUL in it', (row: string) => row.replace('LØV', 'L\0V'), 'E007'],
      ['another record type', (row: string) => `Q${row.slice(1)}`, 'E005'],
      ['a day that there is not', (row: string) => `${row.slice(0, 32)}20010229${row.slice(40)}`, 'E003'],
      ['a length of megabytes', (row: string) => row + 'x'.repeat(3_000_000), 'E006'],
    ] as const) {
      it(`of fixed width: ${what}`, async () => {
        await expectOneBad(latin1(fixedFile(spoiled(fixedRows, spoil))), fixed, 'PAS-5001', problem);
      });
    }

    for (const [what, spoil, problem] of [
      ['a column too many', (row: string) => `${row};`, 'E006'],
      ['columns that are missing', (row: string) => row.replace(/;+$/, ''), 'E006'],
      ['a quote that never closes', (row: string) => row.replace('LØV', '"LØV'), 'E006'],
      ['an escape sequence', (row: string) => row.replace('LØV', '\x1b[2J'), 'E007'],
      [
        'UTF-8 among ISO-8859-1',
        (row: string) => row.replace('LØV', Buffer.from('LØV').toString('latin1')),
        'E007',
      ],
      ['a length of megabytes', (row: string) => row + 'x'.repeat(3_000_000), 'E006'],
    ] as const) {
      it(`of CSV: ${what}`, async () => {
        await expectOneBad(latin1(csvFile(spoiled(csvRows, spoil))), csv, 'PAS-5001', problem);
      });
    }
  });

  it('with the last line cut off: of fixed width the file is refused, of CSV the row is told of', async () => {
    const file = fixedFile(fixedRows.slice(0, 3));
    const refusal = await survey(latin1(file.slice(0, -300)), [fixed]).catch((error: unknown) => error);
    expect(refusal).to.have.property('errorCode', 'E010');
    const cut = latin1(csvFile(csvRows.slice(0, 3)).slice(0, -15));
    expect(await survey(cut, [csv])).to.include({ rows: 3 });
    expect((await rowsIn(cut, csv)).map(({ problem }) => problem)).to.deep.equal([null, null, 'E006']);
  });

  it('with line endings of both kinds', async () => {
    const mixed = `${headerRecord()}\r\n${fixedRows[0] ?? ''}\n${fixedRows[1] ?? ''}\r\n${trailerRecord(2)}\n`;
    expect(await survey(latin1(mixed), [fixed])).to.include({ rows: 2 });
    expect((await rowsIn(latin1(mixed), fixed)).map(({ problem }) => problem)).to.deep.equal([null, null]);
  });

  it('with a byte order mark, of either encoding', async () => {
    for (const [file, layout] of [
      [fixedFile(fixedRows.slice(0, 2), { charset: '03' }), fixed],
      [csvFile(csvRows.slice(0, 2)), csv],
    ] as const) {
      const octets = Buffer.from(`\uFEFF${file}`, 'utf8');
      expect(await survey(octets, [fixed, csv])).to.include({
        layout: layout.name,
        charset: 'UTF-8',
        rows: 2,
      });
      const rows = await rowsIn(octets, layout, 'UTF-8');
      expect(rows.map(({ surname, problem }) => [surname, problem])).to.deep.equal([
        ['LØV', null],
        ['LØV', null],
      ]);
    }
  });

  describe('of any size', () => {
    const total = long ? 4_000_000 : 100_000;
    const bound = 8 * 1024 * 1024;

    async function* generated(head: string, row: string, tail: string): AsyncGenerator<Uint8Array> {
      yield latin1(head);
      for (let made = 0; made < total; made += 200) {
        await Promise.resolve();
        yield latin1(row.repeat(200));
      }
      yield latin1(tail);
    }
    for (const encoding of ['fixed', 'csv'] as const) {
      it(`are read in the same memory: ${encoding}`, async function () {
        this.timeout(long ? 300_000 : 30_000);
        const layout = encoding === 'fixed' ? fixed : csv;
        const source = (): AsyncIterable<Uint8Array> =>
          encoding === 'fixed'
            ? generated(lines([headerRecord()]), lines(fixedRows.slice(0, 1)), trailerRecord(total))
            : generated(lines([csvHead]), `${'x'.repeat(300)};"LØV";;;;;;;;\r\n`, '');
        const before = memoryInUse();
        let most = -Infinity;
        const { rows } = await surveyFile(source(), [layout], outside);
        let last: InputRow | undefined;
        for await (const row of readRows(source(), layout, 'ISO-8859-1')) {
          last = row;
          if (row.number % (total / 5) === 0) most = Math.max(most, memoryInUse() - before);
        }
        expect(rows).to.equal(total);
        expect(last?.number).to.equal(total);
        expect(most).to.be.above(-Infinity).and.below(bound);
      });
    }
  });
});
