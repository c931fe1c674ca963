import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../../src/config/package-root.js';
import type { Place } from '../../../../src/legacy/filematch/layout/layout.js';
import {
  InvalidLayout,
  loadLayouts,
  parseLayout,
} from '../../../../src/legacy/filematch/layout/load-layouts.js';
import { inputFields, outputFields } from '../../../../src/legacy/filematch/record.js';
import { builtInLayouts } from '../../../support/filematch-files.js';
import { rejectionOf } from '../../../support/rejection.js';
import { temporaryFolders } from '../../../support/temporary-folder.js';

const contract = join(packageRoot(), '..', 'shared', 'contracts', 'preg-xml-filematch-hl7v2.md');

describe('the layouts that come with the adapter', () => {
  it('are as long as the contract has them, with these fields where they stand', async () => {
    const { fixed } = await builtInLayouts();
    const at = (places: readonly Place<string>[] | null, field: string): readonly number[] => {
      const place = places?.find((candidate) => candidate.field === field);
      return place === undefined ? [] : [place.from, place.to];
    };
    expect([fixed.input.length, fixed.output.length]).to.deep.equal([250, 600]);
    expect(at(fixed.input.header, 'charset')).to.deep.equal([57, 58]);
    expect(at(fixed.input.detail, 'sex')).to.deep.equal([229, 229]);
    expect(at(fixed.input.trailer, 'recordCount')).to.deep.equal([2, 10]);
    expect(at(fixed.output.header, 'registerTimestamp')).to.deep.equal([87, 100]);
    expect(at(fixed.output.detail, 'errorCode')).to.deep.equal([536, 539]);
    expect(at(fixed.output.trailer, 'technical')).to.deep.equal([56, 64]);
  });

  it('have every field once, in the contract’s order', async () => {
    const { fixed, csv } = await builtInLayouts();
    const named = (places: readonly { readonly field: string }[]): readonly string[] =>
      places.map(({ field }) => field).filter((field) => field !== 'recordType' && field !== 'filler');
    expect(named(fixed.input.detail)).to.deep.equal(inputFields);
    expect(named(csv.input)).to.deep.equal(inputFields);
    expect(named(fixed.output.detail)).to.deep.equal(outputFields);
    expect(named(csv.output)).to.deep.equal(outputFields);
  });

  it('agree with the contract’s tables', async function () {
    if (!existsSync(contract)) this.skip();
    const { fixed } = await builtInLayouts();
    const text = readFileSync(contract, 'utf8');
    const tables = text.slice(text.indexOf('### 2.4'), text.indexOf('### 2.5')).split(/\*\*(?=Input|Output)/);
    const found = tables.slice(1).map((table) =>
      [...table.matchAll(/^\| `?(\w+)`? \| (\d+)–(\d+) \|/gm)].map(([, field, from, to]) => ({
        field,
        from: Number(from),
        to: Number(to),
      })),
    );
    const { input, output } = fixed;
    expect(found).to.deep.equal([
      input.header,
      input.detail,
      input.trailer,
      output.header,
      output.detail,
      output.trailer,
    ]);
  });
});

describe('a layout file', () => {
  const folder = temporaryFolders();

  const fixed = (): LayoutJson => ({
    name: 'own',
    encoding: 'fixed',
    extension: 'txt',
    format: { name: 'OWN', version: '1' },
    input: { length: 12, detail: [place('ownRef', 1, 1), place('nin', 2, 12)] },
    output: { length: 3, detail: [place('ownRef', 1, 1), place('matchStatus', 2, 3)] },
  });
  const csv = (): LayoutJson => ({
    name: 'own',
    encoding: 'csv',
    extension: 'csv',
    format: { name: 'OWN', version: '1' },
    input: [{ field: 'ownRef', name: 'Referanse' }, { field: 'nin' }],
    output: [{ field: 'ownRef' }, { field: 'matchStatus' }],
  });

  it('is found by its name, beside the own ones', async () => {
    const file = join(folder(), 'own.json');
    writeFileSync(file, JSON.stringify(csv()));
    expect([...(await loadLayouts([file])).keys()]).to.deep.equal(['pfm-fixed', 'pfm-csv', 'own']);
  });

  it('may leave out what is usual', () => {
    const parsed = parseLayout('own.json', JSON.stringify(fixed()));
    expect(parsed).to.include({ dates: 'yyyymmdd', lineEnding: 'crlf' });
    expect(parsed.encoding === 'fixed' && parsed.input.header).to.equal(null);
    expect(parseLayout('own.json', JSON.stringify(csv())).input).to.deep.equal([
      { field: 'ownRef', name: 'Referanse' },
      { field: 'nin', name: 'nin' },
    ]);
  });

  it('is refused with the file and the reason when it cannot be read', async () => {
    const file = join(folder(), 'nowhere.json');
    const error = await rejectionOf(loadLayouts([file]));
    expect(error).to.be.instanceOf(InvalidLayout);
    expect(error.message).to.include(file).and.to.include('ENOENT');
  });

  it('is refused when another one has its name', async () => {
    const file = join(folder(), 'own.json');
    writeFileSync(file, JSON.stringify({ ...csv(), name: 'pfm-csv' }));
    const error = await rejectionOf(loadLayouts([file]));
    expect(error.message).to.include(file).and.to.include('name: there is another layout pfm-csv');
  });

  const faults: readonly (readonly [what: string, json: () => LayoutJson, message: string])[] = [
    [
      'positions that overlap',
      () => ({ ...fixed(), input: { length: 12, detail: [place('ownRef', 1, 3), place('nin', 2, 12)] } }),
      'input.detail[1].from: nin overlaps ownRef',
    ],
    [
      'positions that belong to nothing',
      () => ({ ...fixed(), input: { length: 20, detail: [place('ownRef', 1, 2), place('nin', 5, 15)] } }),
      'input.detail[1].from: positions 3 to 4 belong to no field',
    ],
    [
      'positions at the end that belong to nothing',
      () => ({ ...fixed(), output: { length: 9, detail: [place('ownRef', 1, 8)] } }),
      'output.detail: positions 9 to 9 belong to no field',
    ],
    [
      'a place beyond the record',
      () => ({ ...fixed(), input: { length: 11, detail: [place('ownRef', 1, 1), place('nin', 2, 12)] } }),
      'input.detail[1].to: nin ends at 12, beyond the record’s length of 11',
    ],
    [
      'a place that ends before it begins',
      () => ({ ...fixed(), output: { length: 1, detail: [place('ownRef', 1, 1), place('sex', 2, 1)] } }),
      'output.detail[1].to: sex ends before it begins',
    ],
    [
      'a place without an end',
      () => ({ ...fixed(), input: { length: 1, detail: [{ field: 'ownRef', from: 1 }] } }),
      'input.detail[0].to: must be a whole number',
    ],
    [
      'a field that there is not',
      () => ({ ...fixed(), input: { length: 2, detail: [place('ownRef', 1, 1), place('nim', 2, 2)] } }),
      'input.detail[1].field: there is no field "nim" in such a record',
    ],
    [
      'a field of the other direction',
      () => ({ ...csv(), input: [{ field: 'ownRef' }, { field: 'matchStatus' }] }),
      'input[1].field: there is no field "matchStatus" in such a record',
    ],
    [
      'a field twice',
      () => ({ ...csv(), output: [{ field: 'ownRef' }, { field: 'ownRef', name: 'again' }] }),
      'output[1].field: ownRef is there twice',
    ],
    [
      'a column’s name twice',
      () => ({ ...csv(), output: [{ field: 'ownRef' }, { field: 'nin', name: 'ownRef' }] }),
      'output[1].name: ownRef is there twice',
    ],
    [
      'no ownRef in rows that are read',
      () => ({ ...fixed(), input: { length: 11, detail: [place('nin', 1, 11)] } }),
      'input.detail: has no ownRef',
    ],
    [
      'no ownRef in rows that are written',
      () => ({ ...csv(), output: [{ field: 'nin' }] }),
      'output: has no ownRef',
    ],
    [
      'no matchStatus in columns that are written',
      () => ({ ...csv(), output: [{ field: 'ownRef' }, { field: 'nin' }] }),
      'output: has no matchStatus',
    ],
    [
      'no matchStatus in records that are written',
      () => ({ ...fixed(), output: { length: 1, detail: [place('ownRef', 1, 1)] } }),
      'output.detail: has no matchStatus',
    ],
    [
      'no count in the trailer',
      () => ({
        ...fixed(),
        input: {
          length: 2,
          detail: [place('recordType', 1, 1), place('ownRef', 2, 2)],
          trailer: [place('recordType', 1, 1), place('filler', 2, 2)],
        },
      }),
      'input.trailer: has no recordCount',
    ],
    [
      'no record type where records have to be told apart',
      () => ({
        ...fixed(),
        input: {
          length: 2,
          detail: [place('ownRef', 1, 2)],
          trailer: [place('recordType', 1, 1), place('recordCount', 2, 2)],
        },
      }),
      'input.detail: has no recordType',
    ],
    [
      'a record type that does not stand first',
      () => ({
        ...fixed(),
        input: { length: 2, detail: [place('ownRef', 1, 1), place('recordType', 2, 2)] },
      }),
      'input.detail[1].from: recordType must stand first',
    ],
    [
      'record types that are the same',
      () => ({ ...fixed(), recordTypes: { header: 'X', trailer: 'X' } }),
      'recordTypes: are not three different ones',
    ],
    [
      'a reference that could not be echoed',
      () => ({ ...fixed(), input: { length: 20, detail: [place('ownRef', 1, 20)] } }),
      'output.detail[0]: ownRef is narrower (1) than where it is read (20)',
    ],
    [
      'a number that would be cut',
      () => ({ ...fixed(), input: { length: 11, detail: [place('ownRef', 1, 1), place('nin', 2, 11)] } }),
      'input.detail[1]: nin needs 11 positions',
    ],
    [
      'a day that would be cut',
      () => ({
        ...fixed(),
        dates: 'yyyy-mm-dd',
        input: { length: 9, detail: [place('ownRef', 1, 1), place('dateOfBirth', 2, 9)] },
      }),
      'input.detail[1]: dateOfBirth needs 10 positions',
    ],
    ['a setting that there is not', () => ({ ...csv(), quotes: true }), 'Unrecognized key: "quotes"'],
    [
      'a column’s name with the delimiter',
      () => ({ ...csv(), output: [{ field: 'ownRef', name: 'a;b' }] }),
      'output[0].name: holds a delimiter',
    ],
  ];
  for (const [what, json, message] of faults) {
    it(`is refused for ${what}, with its place`, () => {
      expect(() => parseLayout('own.json', JSON.stringify(json())))
        .to.throw(InvalidLayout)
        .with.property('message')
        .that.includes('own.json')
        .and.includes(message);
    });
  }

  it('is refused when it is not JSON', () => {
    expect(() => parseLayout('own.json', '{')).to.throw(InvalidLayout, /own\.json.*JSON/);
  });

  it('tells everything that is wrong with it at once', () => {
    const wrong = { ...fixed(), input: { length: 30, detail: [place('nin', 1, 11), place('nin', 5, 15)] } };
    try {
      parseLayout('own.json', JSON.stringify(wrong));
      expect.fail('nothing was refused');
    } catch (error) {
      expect(error instanceof InvalidLayout && error.problems).to.have.length(4);
    }
  });
});

type LayoutJson = Readonly<Record<string, unknown>>;

function place(field: string, from: number, to: number): LayoutJson {
  return { field, from, to };
}
