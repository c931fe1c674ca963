import { expect } from 'chai';
import fc from 'fast-check';
import type { CsvLayout } from '../../../../src/legacy/filematch/layout/layout.js';
import { splitFields } from '../../../../src/legacy/filematch/reading/csv-fields.js';
import { CsvRecords, longestRecordInLines } from '../../../../src/legacy/filematch/reading/csv-records.js';
import type { Line } from '../../../../src/legacy/filematch/reading/lines.js';
import { builtInLayouts, csvHead, latin1 } from '../../../support/filematch-files.js';
import { runs } from '../../../support/long-runs.js';

describe('the records of a CSV file', () => {
  let layout: CsvLayout;
  before(async () => {
    layout = (await builtInLayouts()).csv;
  });

  /** The records of these lines under a head, as text, and whether each is damaged. */
  function recordsOf(texts: readonly string[], lineOf = plainLine): readonly (readonly [string, boolean])[] {
    const records = new CsvRecords(layout);
    const found = [csvHead, ...texts].flatMap((text, index) => records.take(lineOf(text, index + 1)));
    return [...found, ...records.end()]
      .filter(({ kind }) => kind === 'row')
      .map(({ octets, damaged }) => [octets.toString('latin1'), damaged]);
  }

  it('take as little work for each line, however many quotes are forgotten', () => {
    let looks = 0;
    const watched = (text: string, number: number): Line => {
      const line = plainLine(text, number);
      return {
        ...line,
        get octets() {
          looks += 1;
          return line.octets;
        },
      };
    };
    const rows = Array.from({ length: 1_000 }, (_, index) => `A${index}";;;"a;;;;;;`);
    expect(recordsOf(rows, watched)).to.deep.equal(rows.map((row) => [row, true]));
    expect(looks / rows.length).to.be.below(12);
  });

  it('are those that splitting all open lines anew after each of them gives', () => {
    const scrap = fc.constantFrom('"', '""', ';', ';"', '";', ';;;;;;;;;', 'a', ' ', 'Ø');
    const text = fc.array(scrap, { maxLength: 8 }).map((scraps) => scraps.join(''));
    const whole = fc.constantFrom('A;;;"a;;;;;;', 'B;;;b";;;;;;', 'C;;;"c";;;;;;', 'D;;;;;;;;;', '"x');
    fc.assert(
      fc.property(fc.array(fc.oneof(text, whole), { maxLength: 60 }), (texts) => {
        expect(recordsOf(texts)).to.deep.equal(slowly(texts));
      }),
      { numRuns: runs(500) },
    );
  });

  /** As the rule is told: a record ends where its quotes close, within so many lines and with as many fields as the head. */
  function slowly(texts: readonly string[]): readonly (readonly [string, boolean])[] {
    const width = csvHead.split(';').length;
    const found: (readonly [string, boolean])[] = [];
    let rest = [...texts];
    for (;;) {
      while (rest[0]?.trim() === '') rest.shift();
      const [first] = rest;
      if (first === undefined) return found;
      const taken = Array.from({ length: longestRecordInLines }, (_, index) => index + 1).find((count) => {
        return count > rest.length || splitFields(rest.slice(0, count).join('\r\n'), ';') !== 'open';
      });
      const joined = rest.slice(0, taken).join('\r\n');
      const fields = taken === undefined || taken > rest.length ? 'open' : splitFields(joined, ';');
      const isWhole = typeof fields !== 'string' && (taken === 1 || fields.length === width);
      found.push(isWhole ? [joined, false] : [first, true]);
      rest = rest.slice(isWhole ? taken : 1);
    }
  }
});

function plainLine(text: string, number: number): Line {
  return { octets: latin1(text), number, tooLong: false, ending: '\r\n' };
}
