import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { loadMappings } from '../../src/config/mapping-files.js';
import { InvalidMapping } from '../../src/mapping/data-file.js';
import { mappingFolder, mappings } from '../support/person-documents.js';
import { temporaryFolders } from '../support/temporary-folder.js';

type Edit = readonly [what: string, file: string, from: string | RegExp, to: string, says: RegExp];

const edits: readonly Edit[] = [
  [
    'a table that is not YAML',
    'codes/gender.yaml',
    /^values:/m,
    'values: [',
    /^mappings\/codes\/gender\.yaml: /,
  ],
  ['a key that nobody knows', 'codes/gender.yaml', /^notes:/m, 'remarks:', /codes\/gender\.yaml: .*remarks/s],
  [
    'a row without code and blank',
    'codes/gender.yaml',
    'code: F',
    'kode: F',
    /codes\/gender\.yaml: [^]*Female/,
  ],
  [
    'a member without row',
    'codes/custody.yaml',
    /^ {2}Unknown: .*\n/m,
    '',
    /codes\/custody\.yaml: there is no row for Unknown/,
  ],
  ['a row without member', 'codes/custody.yaml', 'Unknown:', 'Unheard:', /codes\/custody\.yaml: /],
  [
    'a table of an enumeration that is not there',
    'codes/gender.yaml',
    'from: Gender',
    'from: Sex',
    /codes\/gender\.yaml: Sex has no member/,
  ],
  [
    'an enumeration that no table covers',
    'codes/unused.yaml',
    /^ {2}Reservation: .*\n/m,
    '',
    /upstream-enums\.yaml: Reservation/,
  ],
  [
    'an enumeration that is both used and unused',
    'codes/unused.yaml',
    'values:',
    "values:\n  Gender: { blank: 'not really' }",
    /upstream-enums\.yaml: Gender/,
  ],
  [
    'a country that stands twice',
    'codes/countries.yaml',
    'alpha3: SWE',
    'alpha3: DNK',
    /codes\/countries\.yaml: DNK stands twice/,
  ],
  [
    'a country code of two digits',
    'codes/countries.yaml',
    "code: '106'",
    "code: '06'",
    /codes\/countries\.yaml: /,
  ],
  [
    'a row that stands twice',
    'person.yaml',
    'target: newNIN',
    'target: nin',
    /person\.yaml: nin: stands twice/,
  ],
  [
    'a row for no PREG field',
    'person.yaml',
    'target: newNIN',
    'target: shoeSize',
    /person\.yaml: shoeSize: is no PREG field/,
  ],
  [
    'a PREG field without row',
    'person.yaml',
    /^ {2}- target: addresses\.yCoord\n.*\n.*\n/m,
    '',
    /person\.yaml: addresses\.yCoord: has no row/,
  ],
  [
    'a transform that is not there',
    'person.yaml',
    'transform: dufNumber',
    'transform: magic',
    /person\.yaml: dufNo: there is no magic/,
  ],
  [
    'a transform that gives something else',
    'person.yaml',
    'transform: dufNumber',
    'transform: texts',
    /person\.yaml: dufNo: texts gives list, the field holds text/,
  ],
  [
    'a transform without its table',
    'person.yaml',
    '    codes: [gender]\n',
    '',
    /person\.yaml: gender: codeText uses 1 code tables/,
  ],
  [
    'a table that a transform has no use for',
    'person.yaml',
    'transform: dufNumber',
    'transform: dufNumber\n    codes: [gender]',
    /person\.yaml: dufNo: dufNumber uses 0/,
  ],
  [
    'a table that is not there',
    'person.yaml',
    'codes: [gender]',
    'codes: [sex]',
    /person\.yaml: gender: there is no sex/,
  ],
  [
    'a path that is none',
    'person.yaml',
    "'name[current].givenName'",
    "'name[0].givenName'",
    /person\.yaml: givenName: not a source path: name\[0\]\.givenName/,
  ],
  [
    'a part that upstream does not know',
    'person.yaml',
    'parts: [Gender]',
    'parts: [Sex]',
    /person\.yaml: there is no information part Sex/,
  ],
  ['a group that no profile knows', 'person.yaml', 'group: permits', 'group: permit', /person\.yaml: /],
  ['a fill that is neither', 'person.yaml', 'fill: rich', 'fill: poor', /person\.yaml: /],
];

describe('the files of mappings/', () => {
  const temporaryFolder = temporaryFolders();

  function copy(): string {
    const folder = path.join(temporaryFolder(), 'mappings');
    cpSync(mappingFolder, folder, { recursive: true });
    return folder;
  }

  async function refusal(folder: string): Promise<unknown> {
    return loadMappings(folder).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  it('are read as they are shipped', () => {
    expect(mappings.codes.get('gender')?.find('Female')).to.deep.include({ kind: 'mapped' });
    expect(mappings.codes.has('countries')).to.equal(false);
    expect(mappings.codes.has('unused')).to.equal(false);
    expect(mappings.addressProtection).to.equal(mappings.codes.get('address-protection'));
    expect(mappings.countries.byAlpha3('SWE')).to.include({ code: '106', name: 'Sverige' });
    expect(mappings.fields.rows.length).to.be.greaterThan(60);
  });

  it('may lie anywhere and hold other files', async () => {
    const folder = copy();
    writeFileSync(path.join(folder, 'codes', 'notes.txt'), 'not a table');
    expect((await loadMappings(folder)).codes.size).to.equal(mappings.codes.size);
  });

  for (const [what, file, from, to, says] of edits) {
    it(`stop the start with ${what}`, async () => {
      const folder = copy();
      const original = readFileSync(path.join(folder, file), 'utf8');
      const edited = original.replace(from, to);
      expect(edited).not.to.equal(original);
      writeFileSync(path.join(folder, file), edited);
      const error = await refusal(folder);
      expect(error).to.be.instanceOf(InvalidMapping);
      expect(error).to.have.property('message').that.matches(says);
    });
  }

  it('stop the start without the table of protection', async () => {
    const folder = copy();
    rmSync(path.join(folder, 'codes', 'address-protection.yaml'));
    expect(await refusal(folder)).to.have.property(
      'message',
      'mappings/codes/address-protection.yaml: is missing',
    );
  });

  for (const file of ['person.yaml', 'upstream-enums.yaml', 'codes/countries.yaml', 'codes/unused.yaml']) {
    it(`stop the start without ${file}`, async () => {
      const folder = copy();
      rmSync(path.join(folder, file));
      expect(await refusal(folder)).to.have.property('code', 'ENOENT');
    });
  }
});
