import { expect } from 'chai';
import fc from 'fast-check';
import type { Layout } from '../../../../src/legacy/filematch/layout/layout.js';
import { readRows } from '../../../../src/legacy/filematch/reading/read-rows.js';
import { surveyFile } from '../../../../src/legacy/filematch/reading/survey.js';
import { charsets, FileRejected, type InputRow } from '../../../../src/legacy/filematch/record.js';
import {
  builtInLayouts,
  csvHead,
  detailRecord,
  headerRecord,
  inPieces,
  lines,
  outside,
  rowsIn,
  survey,
  trailerRecord,
} from '../../../support/filematch-files.js';
import { runs } from '../../../support/long-runs.js';

/** What files are made of, and what they are spoiled with. */
const scraps = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('\r\n', '\n', ';', '"', '""', 'A', 'Æ', ' ', ';;;;;;;;;', 'B;1;;;;;;;;\r\n'),
  },
  { weight: 2, arbitrary: fc.constantFrom('\r', '\t', '\0', '\x1a', '\uFEFF', '😀', 'x'.repeat(300)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('T', 'D', 'H', `${detailRecord({ ownRef: 'Å' })}\r\n`, trailerRecord(1)),
  },
  { weight: 1, arbitrary: fc.string() },
);

const octets = fc.array(
  fc.oneof(
    scraps.map((scrap) => Buffer.from(scrap, 'utf8')),
    scraps.map((scrap) => Buffer.from(scrap, 'latin1')),
    fc.uint8Array({ maxLength: 4 }).map((found) => Buffer.from(found)),
  ),
  { maxLength: 40 },
);

const files = fc
  .tuple(fc.constantFrom('', lines([csvHead]), lines(['nin;ownRef']), lines([headerRecord()])), octets)
  .map(([head, parts]) => Buffer.concat([Buffer.from(head, 'latin1'), ...parts]));

describe('both readings of a file', () => {
  let layouts: readonly Layout[];
  before(async () => {
    const { fixed, csv } = await builtInLayouts();
    layouts = [fixed, csv, { ...fixed, input: { ...fixed.input, header: null, trailer: null } }];
  });

  it('count the same rows in any octets, or the file is rejected', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(files, async (file) => {
        try {
          const { layout, charset, rows } = await survey(file, layouts.slice(0, 2));
          const found = layouts.find(({ name }) => name === layout);
          if (found === undefined) throw new Error('a layout was found that is not there');
          accepted += 1;
          expect(await rowsIn(file, found, charset)).to.have.length(rows);
        } catch (error) {
          expect(error).to.be.instanceOf(FileRejected);
        }
      }),
      { numRuns: runs(400) },
    );
    expect(accepted).to.be.above(0);
  });

  it('give the same wherever the pieces begin and end', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 1, max: 40 }), async (file, size) => {
        for (const layout of layouts) {
          const at = (pieces: number): Promise<unknown> =>
            surveyFile(inPieces(file, pieces), [layout], outside).catch((error: unknown) => String(error));
          expect(await at(size)).to.deep.equal(await at(file.length));
        }
        for (const layout of layouts) {
          const at = (pieces: number): Promise<unknown> =>
            rowsIn(file, layout, 'UTF-8', pieces).catch((error: unknown) => String(error));
          expect(await at(size)).to.deep.equal(await at(file.length));
        }
      }),
      { numRuns: runs(150) },
    );
  });

  it('never fail otherwise, in any charset, and number the rows in order', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.constantFrom(...charsets), async (file, charset) => {
        for (const layout of layouts) {
          const rows: InputRow[] = [];
          try {
            for await (const row of readRows(inPieces(file), layout, charset)) rows.push(row);
          } catch (error) {
            expect(error).to.be.instanceOf(FileRejected);
          }
          expect(rows.map(({ number }) => number)).to.deep.equal(rows.map((_, index) => index + 1));
          const found = rows.map(({ line }) => line);
          expect(found).to.deep.equal([...new Set(found)].sort((a, b) => a - b));
        }
      }),
      { numRuns: runs(200) },
    );
  });
});
