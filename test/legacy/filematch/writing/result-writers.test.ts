import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import iconv from 'iconv-lite';
import { packageRoot } from '../../../../src/config/package-root.js';
import type { CsvLayout, FixedLayout, Layout } from '../../../../src/legacy/filematch/layout/layout.js';
import { splitFields } from '../../../../src/legacy/filematch/reading/csv-fields.js';
import type { Charset, OutputField, OutputRow, Totals } from '../../../../src/legacy/filematch/record.js';
import { createResultWriter } from '../../../../src/legacy/filematch/writing/create-result-writer.js';
import type { FilematchTexts } from '../../../../src/legacy/filematch/writing/filematch-texts.js';
import type { ResultFacts, ResultWriter } from '../../../../src/legacy/filematch/writing/result-writer.js';
import { builtInLayouts, builtInTexts } from '../../../support/filematch-files.js';

const sample = join(
  packageRoot(),
  ...['..', 'shared', 'contracts', 'samples', 'filematch', '33-filematch-output.csv'],
);

const facts: ResultFacts = {
  header: { orgNumber: '999888777', customerRef: 'VASK ÆØÅ', createdAt: '20251103080000', mode: 'V' },
  jobId: '01JBR8Q2W5N7K3M4P6T8V9X0YZ',
  registerTimestamp: new Date('2025-07-03T22:05:09Z'),
};

const totals: Totals = {
  recordCount: 12,
  matched: 7,
  changed: 6,
  noMatch: 1,
  ambiguous: 2,
  rejected: 3,
  technical: 4,
};

describe('the result', () => {
  let fixed: FixedLayout;
  let csv: CsvLayout;
  let texts: FilematchTexts;
  before(async () => {
    ({ fixed, csv } = await builtInLayouts());
    texts = await builtInTexts();
  });

  const writer = (layout: Layout, charset: Charset = 'ISO-8859-1'): ResultWriter =>
    createResultWriter(layout, charset, facts, texts);
  const written = (row: OutputRow, charset: Charset = 'ISO-8859-1'): string =>
    iconv.decode(writer(fixed, charset).row(row).octets, charset);
  /** A field of a row of fixed width. */
  const fieldOf = (record: string, field: OutputField): string => {
    const place = fixed.output.detail.find((candidate) => candidate.field === field);
    return Array.from(record)
      .slice((place?.from ?? 1) - 1, place?.to)
      .join('');
  };

  describe('of fixed width', () => {
    it('begins with a header that echoes and adds', () => {
      const record = Buffer.from(writer(fixed).opening()).toString('latin1');
      const told = `HFILMATCH0001999888777${'VASK ÆØÅ'.padEnd(20)}2025110308000001UV01JBR8Q2W5N7K3M4P6T8V9X0YZ20250704000509`;
      expect(record).to.equal(`${told.padEnd(600)}\r\n`);
    });

    it('names its charset in the header', () => {
      expect(Buffer.from(writer(fixed, 'windows-1252').opening()).toString('latin1').slice(56, 58)).to.equal(
        '02',
      );
      expect(Buffer.from(writer(fixed, 'UTF-8').opening()).toString('utf8').slice(56, 58)).to.equal('03');
    });

    it('ends with the totals', () => {
      const record = Buffer.from(writer(fixed).closing(totals)).toString('latin1');
      expect(record).to.equal(
        `${'T000000012000000007000000006000000001000000002000000003000000004'.padEnd(600)}\r\n`,
      );
    });

    it('has text to the left, counters with zeros, days as the layout says', () => {
      const record = written({ ownRef: 'A', candidates: '7', surname: 'LØV', dateOfBirth: '1981-03-12' });
      expect(record).to.have.length(602);
      expect(record.slice(0, 21)).to.equal(`D${'A'.padEnd(20)}`);
      expect(fieldOf(record, 'candidates')).to.equal('007');
      expect(fieldOf(record, 'surname')).to.equal('LØV'.padEnd(50));
      expect(fieldOf(record, 'dateOfBirth')).to.equal('19810312');
      expect(fieldOf(record, 'regStatusDate')).to.equal(' '.repeat(8));
      expect(fieldOf(written({}), 'candidates')).to.equal('000');
    });

    it('keeps names as they are given', () => {
      expect(fieldOf(written({ givenName: 'Åse-Marie d’Arc' }, 'UTF-8'), 'givenName').trimEnd()).to.equal(
        'Åse-Marie d’Arc',
      );
    });

    it('cuts text that is too long, and says so (Safety S11)', () => {
      const made = writer(fixed).row({ ownRef: 'A', surname: `${'Ø'.repeat(50)}X` });
      const record = Buffer.from(made.octets).toString('latin1');
      expect(made).to.include({ cut: true, replaced: false });
      expect(fieldOf(record, 'surname')).to.equal('Ø'.repeat(50));
      expect(fieldOf(record, 'errorCode')).to.equal('W001');
      expect(record).to.have.length(602);
      expect(writer(fixed).row({ surname: 'Ø'.repeat(50) })).to.include({ cut: false });
    });

    it('leaves a code out that is too long, since half of it is another one, and says so', () => {
      const made = writer(fixed).row({ nin: '123456789012', candidates: '1000' });
      const record = Buffer.from(made.octets).toString('latin1');
      expect(made.cut).to.equal(true);
      expect(fieldOf(record, 'nin')).to.equal(' '.repeat(11));
      expect(fieldOf(record, 'errorCode')).to.equal('W001');
    });

    it('does not cover up an error that is told', () => {
      const made = writer(fixed).row({ errorCode: 'E901', surname: 'Ł'.repeat(51) });
      expect(made).to.include({ cut: true, replaced: true });
      expect(fieldOf(Buffer.from(made.octets).toString('latin1'), 'errorCode')).to.equal('E901');
    });

    it('counts characters in UTF-8 and splits none of them', () => {
      const made = writer(fixed, 'UTF-8').row({ surname: '😀'.repeat(51), givenName: '😀Ø' });
      const record = Buffer.from(made.octets).toString('utf8');
      expect(Array.from(record)).to.have.length(602);
      expect(fieldOf(record, 'surname')).to.equal('😀'.repeat(50));
      expect(fieldOf(record, 'givenName')).to.equal(`😀Ø${' '.repeat(48)}`);
      expect(made).to.include({ cut: true, replaced: false });
    });

    it('has no line breaks and control characters inside of records', () => {
      const made = writer(fixed).row({ postalAddress: 'A\r\nB\tC\0' });
      expect(fieldOf(Buffer.from(made.octets).toString('latin1'), 'postalAddress').trimEnd()).to.equal(
        'A  B C',
      );
      expect(made.replaced).to.equal(true);
    });
  });

  describe('in a narrow charset', () => {
    it('has letters of the table for those that it lacks, else question marks, and says so', () => {
      const made = writer(fixed).row({
        surname: 'ŁUKASZ',
        givenName: 'Čáhci',
        postalPlace: 'Œ',
      });
      const record = Buffer.from(made.octets).toString('latin1');
      expect(
        (['surname', 'givenName', 'postalPlace'] as const).map((field) => fieldOf(record, field).trimEnd()),
      ).to.deep.equal(['LUKASZ', 'Cáhci', 'OE']);
      expect(fieldOf(record, 'errorCode')).to.equal('W002');
      expect(made).to.include({ cut: false, replaced: true });
      expect(fieldOf(written({ surname: 'Ω😀X' }), 'surname').trimEnd()).to.equal('??X');
    });

    it('tells of the cut first where text is both', () => {
      const made = writer(fixed).row({ surname: 'Œ'.repeat(26) });
      const record = Buffer.from(made.octets).toString('latin1');
      expect(made).to.include({ cut: true, replaced: true });
      expect(fieldOf(record, 'surname')).to.equal('OE'.repeat(25));
      expect(fieldOf(record, 'errorCode')).to.equal('W001');
    });

    it('has what windows-1252 has beyond ISO-8859-1', () => {
      const made = writer(fixed, 'windows-1252').row({ surname: 'ŠÁRÁ ’', givenName: 'Č' });
      const record = iconv.decode(made.octets, 'windows-1252');
      expect(fieldOf(record, 'surname').trimEnd()).to.equal('ŠÁRÁ ’');
      expect(fieldOf(record, 'givenName').trimEnd()).to.equal('C');
      expect(record).to.have.length(602);
    });

    it('loses nothing where an accent only stands beside its letter', () => {
      const made = writer(fixed).row({ surname: 'A\u030ASE' });
      expect(made.replaced).to.equal(false);
      expect(fieldOf(Buffer.from(made.octets).toString('latin1'), 'surname').trimEnd()).to.equal('ÅSE');
    });
  });

  describe('in CSV', () => {
    it('begins with the names of the columns, and has no end', () => {
      const head = Buffer.from(writer(csv).opening()).toString('latin1');
      expect(head).to.equal(`${csv.output.map(({ name }) => name).join(';')}\r\n`);
      expect(writer(csv).closing(totals)).to.have.length(0);
    });

    it('has quotes only where they are needed', () => {
      const row = {
        ownRef: 'A;1',
        ninIn: '5" RØR',
        surname: ' LØV',
        givenName: 'KARI ANNE',
        dateOfBirth: '1981-03-12',
      };
      const line = Buffer.from(writer(csv).row(row).octets).toString('latin1');
      expect(line).to.match(/^"A;1";"5"" RØR";;;;;;;;;" LØV";KARI ANNE;;19810312;.*;\r\n$/);
    });

    it('cuts nothing, and tells of letters that it lacks', () => {
      const made = writer(csv).row({ surname: `${'X'.repeat(500)}Ł` });
      const fields = splitFields(Buffer.from(made.octets).toString('latin1').trimEnd(), ';');
      expect(made).to.include({ cut: false, replaced: true });
      expect(fields.at(-1)).to.equal('W002');
      expect(fields[10]).to.equal(`${'X'.repeat(500)}L`);
    });

    it('has the line endings and the delimiter of its layout', () => {
      const own: CsvLayout = {
        ...csv,
        lineEnding: 'lf',
        delimiter: ',',
        dates: 'ddmmyyyy',
        headerLine: false,
      };
      expect(writer(own).opening()).to.have.length(0);
      const line = Buffer.from(writer(own).row({ ownRef: 'A', dateOfBirth: '1981-03-12' }).octets).toString();
      expect(line).to.match(/^A,.*,12031981,.*[^\r]\n$/);
    });

    it('has the shape of the contract’s sample, to the octet', function () {
      if (!existsSync(sample)) this.skip();
      const octets = readFileSync(sample);
      const [head = '', ...lines] = octets.toString('latin1').trimEnd().split('\r\n');
      const days = new Set([
        'dateOfBirth',
        'regStatusDate',
        'maritalStatusDate',
        'postalTypeDate',
        'addressFrom',
      ]);
      const rows = lines.map((line): OutputRow =>
        Object.fromEntries(
          line.split(';').map((text, index) => {
            const field = head.split(';')[index] ?? '';
            return [field, days.has(field) ? text.replace(/^(....)(..)(..)$/, '$1-$2-$3') : text];
          }),
        ),
      );
      const made = writer(csv);
      expect(Buffer.concat([made.opening(), ...rows.map((row) => made.row(row).octets)])).to.deep.equal(
        octets,
      );
    });
  });
});
