import { expect } from 'chai';
import iconv from 'iconv-lite';
import type { CsvLayout, FixedLayout } from '../../../../src/legacy/filematch/layout/layout.js';
import type { Charset } from '../../../../src/legacy/filematch/record.js';
import { longestLine } from '../../../../src/legacy/filematch/reading/lines.js';
import {
  builtInLayouts,
  csvFile,
  detailRecord,
  fixedFile,
  inPieces,
  latin1,
  rowsIn,
  survey,
} from '../../../support/filematch-files.js';

describe('the charset of a file', () => {
  let fixed: FixedLayout;
  let csv: CsvLayout;
  before(async () => {
    ({ fixed, csv } = await builtInLayouts());
  });

  const rowOf = (name: string): string => `A;;;${name};;;;;;`;
  const charsetOf = async (octets: Buffer): Promise<Charset> => (await survey(octets, [csv, fixed])).charset;

  describe('is found in a file that does not tell', () => {
    it('as ISO-8859-1 where nothing but ASCII stands', async () => {
      expect(await charsetOf(latin1(csvFile([rowOf('HANSEN')])))).to.equal('ISO-8859-1');
    });

    it('as ISO-8859-1', async () => {
      expect(await charsetOf(latin1(csvFile([rowOf('FJÆRVÅG'), rowOf('LØV')])))).to.equal('ISO-8859-1');
    });

    it('as windows-1252 where octets between 80 and 9F stand', async () => {
      const file = iconv.encode(csvFile([rowOf('FJÆRVÅG'), rowOf('ŠÁRÁ')]), 'windows-1252');
      expect(await charsetOf(file)).to.equal('windows-1252');
    });

    it('as UTF-8 with and without a byte order mark', async () => {
      expect(await charsetOf(Buffer.from(csvFile([rowOf('FJÆRVÅG')]), 'utf8'))).to.equal('UTF-8');
      expect(await charsetOf(Buffer.from(`\uFEFF${csvFile([rowOf('HANSEN')])}`, 'utf8'))).to.equal('UTF-8');
    });

    it('without a line that is too long, since it was cut', async () => {
      const octets = Buffer.from(csvFile([rowOf('LØV'), rowOf(`x${'Ø'.repeat(longestLine)}`)]), 'utf8');
      expect(await charsetOf(octets)).to.equal('UTF-8');
      const even = Buffer.from(csvFile([rowOf('LØV'), rowOf('Ø'.repeat(longestLine))]), 'utf8');
      expect(await charsetOf(even)).to.equal('UTF-8');
    });

    it('wherever the pieces begin and end', async () => {
      const octets = Buffer.from(`\uFEFF${csvFile([rowOf('FJÆRVÅG')])}`, 'utf8');
      for (const size of [1, 2, 3, 7]) {
        expect(await rowsIn(octets, csv, 'UTF-8', size), `${size}`).to.deep.equal(
          await rowsIn(octets, csv, 'UTF-8'),
        );
      }
      for await (const piece of inPieces(octets, 1)) expect(piece).to.have.length(1);
    });

    it('as what most rows are that tell; the others are rejected', async () => {
      const mixed = Buffer.concat([
        Buffer.from(csvFile([rowOf('FJÆRVÅG'), rowOf('LØV')]), 'utf8'),
        latin1(`B;;;BÆRØY;;;;;;\r\n`),
      ]);
      expect(await charsetOf(mixed)).to.equal('UTF-8');
      expect((await rowsIn(mixed, csv, 'UTF-8')).map(({ problem }) => problem)).to.deep.equal([
        null,
        null,
        'E007',
      ]);
    });
  });

  describe('is what the header says', () => {
    for (const [code, charset] of [
      ['01', 'ISO-8859-1'],
      ['02', 'windows-1252'],
      ['03', 'UTF-8'],
    ] as const) {
      it(`${charset} by ${code}, whatever the octets look like`, async () => {
        const row = detailRecord({ ownRef: 'A', surname: 'FJÆRVÅG' });
        for (const octets of [
          latin1(fixedFile([row], { charset: code })),
          Buffer.from(fixedFile([row], { charset: code }), 'utf8'),
        ])
          expect(await charsetOf(octets)).to.equal(charset);
      });
    }

    it('and is found by the octets where that is blank', async () => {
      const row = detailRecord({ ownRef: 'A', surname: 'FJÆRVÅG' });
      expect(await charsetOf(Buffer.from(fixedFile([row], { charset: ''.padEnd(2) }), 'utf8'))).to.equal(
        'UTF-8',
      );
    });

    it('also where the reference of the job has letters before it', async () => {
      const octets = Buffer.from(fixedFile([], { charset: '03', customerRef: 'VÅR REFERANSE ÆØÅ' }), 'utf8');
      const { charset, header } = await survey(octets, [fixed]);
      expect({ charset, ...header }).to.include({
        charset: 'UTF-8',
        customerRef: 'VÅR REFERANSE ÆØÅ',
        mode: 'V',
      });
    });
  });

  describe('does not fit (E007)', () => {
    const problems = async (octets: Buffer, charset: Charset): Promise<readonly unknown[]> =>
      (await rowsIn(octets, csv, charset)).map(({ ownRef, problem }) => [ownRef, problem]);

    it('octets that are not UTF-8, and their reference can be told all the same', async () => {
      const octets = latin1(csvFile(['REFÆ;;;LØV;;;;;;', 'B;;;LOV;;;;;;']));
      expect(await problems(octets, 'UTF-8')).to.deep.equal([
        ['REFÆ', 'E007'],
        ['B', null],
      ]);
    });

    it('UTF-8 in a file of another charset, and its reference can be told all the same', async () => {
      const octets = Buffer.from(csvFile(['REFÆ;;;LØV;;;;;;', 'B;;;LOV;;;;;;']), 'utf8');
      for (const charset of ['ISO-8859-1', 'windows-1252'] as const) {
        expect(await problems(octets, charset)).to.deep.equal([
          ['REFÆ', 'E007'],
          ['B', null],
        ]);
      }
    });

    it('a UTF-8 row of fixed width in a file of another charset, whose length is then another one', async () => {
      const octets = Buffer.from(fixedFile([detailRecord({ ownRef: 'REFÆ', surname: 'LØV' })]), 'utf8');
      expect((await rowsIn(octets, fixed))[0]).to.include({
        ownRef: 'REFÆ',
        surname: 'LØV',
        problem: 'E007',
      });
    });

    it('NUL and other control characters, those of 80 to 9F among them', async () => {
      for (const character of ['\0', '\t', '\x1b', '\x7f', '\x85', '\r']) {
        const octets = latin1(csvFile([`A;;;LO${character}V;;;;;;`]));
        expect(await problems(octets, 'ISO-8859-1'), JSON.stringify(character)).to.deep.equal([
          ['A', 'E007'],
        ]);
      }
    });

    it('octets that windows-1252 does not assign', async () => {
      expect(
        await problems(latin1(csvFile(['A;;;\x81;;;;;;', 'B;;;\x8a;;;;;;'])), 'windows-1252'),
      ).to.deep.equal([
        ['A', 'E007'],
        ['B', null],
      ]);
    });
  });

  it('has letters of windows-1252, and names that only look odd', async () => {
    const names = ['ŠÁRÁ', 'ANDRÉ’S', 'JOÃO', 'GÜŽEL', 'PÅ–SKE', 'Ÿ'];
    const octets = iconv.encode(csvFile(names.map(rowOf)), 'windows-1252');
    const rows = await rowsIn(octets, csv, 'windows-1252');
    expect(rows.map(({ surname, problem }) => [surname, problem])).to.deep.equal(
      names.map((name) => [name, null]),
    );
  });
});
