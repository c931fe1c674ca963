import { expect } from 'chai';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import type { CsvLayout, FixedLayout, Layout } from '../../../src/legacy/filematch/layout/layout.js';
import {
  charsets,
  inputFields,
  type InputField,
  type InputRow,
} from '../../../src/legacy/filematch/record.js';
import { createResultWriter } from '../../../src/legacy/filematch/writing/create-result-writer.js';
import { csvLine } from '../../../src/legacy/filematch/writing/csv-line.js';
import type { FilematchTexts } from '../../../src/legacy/filematch/writing/filematch-texts.js';
import {
  builtInLayouts,
  builtInTexts,
  csvFile,
  detailRecord,
  fixedFile,
  rowsIn,
  survey,
} from '../../support/filematch-files.js';
import { isCalendarDate, type CalendarDate } from '../../../src/person/calendar-date.js';
import { runs } from '../../support/long-runs.js';

const letters = fc.constantFrom('A', 'b', 'Ø', 'å', 'é', '-', ' ', '"', ';', "'", '0');
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: letters, maxLength }).map((found) => found.trim());
const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2039-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

/** What a row tells, days as `YYYY-MM-DD`. */
const people: fc.Arbitrary<Record<InputField, string>> = fc.record({
  ownRef: text(20).filter((ref) => ref !== ''),
  nin: fc.constantFrom('', '12838142093', '1283814209', 'X'),
  dateOfBirth: fc.oneof(day, fc.constant('')),
  surname: text(50),
  givenName: text(50),
  middleName: text(50),
  street: text(30),
  postalCode: text(4),
  municipality: text(4),
  sex: fc.constantFrom('', 'M', 'K'),
});

describe('a row', () => {
  let fixed: FixedLayout;
  let csv: CsvLayout;
  let texts: FilematchTexts;
  before(async () => {
    ({ fixed, csv } = await builtInLayouts());
    texts = await builtInTexts();
  });

  it('is the same record out of fixed width and CSV, in every charset', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(people, { maxLength: 5 }),
        fc.constantFrom(...charsets),
        async (told, charset) => {
          const rows = told.map((person) => ({
            ...person,
            dateOfBirth: person.dateOfBirth.replaceAll('-', ''),
          }));
          const fixedOctets = iconv.encode(fixedFile(rows.map(detailRecord)), charset);
          const csvOctets = iconv.encode(
            csvFile(
              rows.map((row) =>
                csvLine(
                  inputFields.map((field) => row[field]),
                  ';',
                ),
              ),
            ),
            charset,
          );
          const expected = told.map((person, index): InputRow => {
            return {
              ...person,
              dateOfBirth: dayOf(person.dateOfBirth),
              number: index + 1,
              line: index + 2,
              problem: null,
            };
          });
          expect(await rowsIn(fixedOctets, fixed, charset)).to.deep.equal(expected);
          expect(await rowsIn(csvOctets, csv, charset)).to.deep.equal(expected);
          expect((await survey(csvOctets, [fixed, csv])).rows).to.equal(told.length);
        },
      ),
      { numRuns: runs(150) },
    );
  });

  it('is read again as it was written, in both encodings and every charset', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(people, { maxLength: 5 }),
        fc.constantFrom(...charsets),
        fc.constantFrom('yyyymmdd', 'ddmmyyyy', 'yyyy-mm-dd'),
        async (told, charset, dates) => {
          for (const layout of [fixed, csv]) {
            const { written, readable } = turned(layout, dates);
            const facts = {
              header: { orgNumber: '', customerRef: '', createdAt: '', mode: 'V' },
              jobId: '',
              registerTimestamp: new Date(0),
            } as const;
            const writer = createResultWriter(written, charset, facts, texts);
            const octets = Buffer.concat([
              writer.opening(),
              ...told.map((person) => writer.row(person).octets),
            ]);
            const rows = await rowsIn(octets, readable, charset);
            expect(
              rows.map(({ ownRef, surname, dateOfBirth, problem }) => ({
                ownRef,
                surname,
                dateOfBirth,
                problem,
              })),
            ).to.deep.equal(
              told.map(({ ownRef, surname, dateOfBirth }) => ({
                ownRef,
                surname,
                dateOfBirth: dayOf(dateOfBirth),
                problem: null,
              })),
            );
          }
        },
      ),
      { numRuns: runs(100) },
    );
  });
});

function dayOf(text: string): CalendarDate | null {
  return isCalendarDate(text) ? text : null;
}

/** A layout that writes three fields, and the one that reads them. */
function turned(
  layout: Layout,
  dates: Layout['dates'],
): { readonly written: Layout; readonly readable: Layout } {
  if (layout.encoding === 'csv') {
    const columns = [
      { field: 'surname', name: 'Etternavn' },
      { field: 'ownRef', name: 'Referanse' },
      { field: 'dateOfBirth', name: 'Født' },
    ] as const;
    return { written: { ...layout, dates, output: columns }, readable: { ...layout, dates, input: columns } };
  }
  const records = {
    length: 80,
    header: null,
    trailer: null,
    detail: [
      { field: 'ownRef', from: 1, to: 20 },
      { field: 'surname', from: 21, to: 70 },
      { field: 'dateOfBirth', from: 71, to: 80 },
    ],
  } as const;
  return {
    written: { ...layout, dates, output: records },
    readable: { ...layout, dates, input: records },
  };
}
