import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { InvalidMapping } from '../../../../src/mapping/data-file.js';
import { blankAddress } from '../../../../src/person/blank-address.js';
import { blankPerson } from '../../../../src/person/blank-person.js';
import {
  loadComparisonRules,
  parseComparisonRules,
} from '../../../../src/registry/cutover/comparison/comparison-rules.js';
import { mappingFolder, mappings } from '../../../support/person-documents.js';
import { rules } from './compared.js';

const shipped = readFileSync(`${mappingFolder}comparison.yaml`, 'utf8');
const fileSchema = z.looseObject({
  fields: z.record(z.string(), z.looseObject({})),
  notCompared: z.record(z.string(), z.string()),
  rules: z.array(
    z.looseObject({ name: z.string(), fields: z.array(z.string()), when: z.array(z.unknown()) }),
  ),
});
type File = z.infer<typeof fileSchema>;

/** The shipped file after something was done to it. */
function changed(change: (file: File) => void): string {
  const file = fileSchema.parse(parse(shipped));
  change(file);
  return stringify(file);
}

describe('mappings/comparison.yaml', () => {
  it('has a row for every field of a person and of an address, or says why there is none', () => {
    const fields = Object.keys({ nin: 0, ...blankPerson }).filter((name) => name !== 'addresses');
    const all = [...fields, ...Object.keys({ nin: 0, ...blankAddress }).map((name) => `addresses.${name}`)];
    const compared = [...rules.personRows, ...rules.addressRows].map(({ name }) => name);
    expect([...compared, 'addresses.mailing', ...rules.notCompared.keys()]).to.have.members(all);
  });

  it('takes nothing but numbers, names and the birth date for who somebody is', () => {
    const telling = [...rules.personRows, ...rules.addressRows].filter(({ isIdentity }) => isIdentity);
    expect(telling.map(({ name }) => name)).to.have.members([
      'nin',
      'newNIN',
      'oldNIN',
      'supersededNINs',
      'alternativeNINs',
      'dufNo',
      'givenName',
      'middleName',
      'sn',
      'dateOfBirth',
    ]);
  });

  it('keeps the numbers of relatives to itself', () => {
    const relatives = rules.personRows.filter(({ isOfRelative }) => isOfRelative).map(({ name }) => name);
    expect(relatives).to.have.members(['spouseNIN', 'mothersNIN', 'fathersNIN', 'childrensNINs']);
  });

  it('expects blanks where the field table has no source, and where it fills rarely', () => {
    const fieldsOf = (rule: string): readonly string[] => [
      ...(rules.rules.find(({ name }) => name === rule)?.fields ?? []),
    ];
    const rows = mappings.fields.rows;
    const unsourced = rows.filter(({ rule }) => 'noSource' in rule).map(({ target }) => target);
    const rich = rows.filter(({ richOnly }) => richOnly).map(({ target }) => target);
    expect(fieldsOf('no-source')).to.have.members(unsourced);
    // That somebody is without legal capacity must not be lost.
    const losable = rich.filter((target) => !/withoutLegalCapacity/i.test(target));
    expect(fieldsOf('rarely-filled')).to.include.members(losable);
  });

  it('explains every expected difference in a sentence', () => {
    for (const { because } of rules.rules) expect(because).to.match(/^[A-Z].*[.]$/s);
  });

  it('is read from the folder of the mappings', async () => {
    expect((await loadComparisonRules(mappingFolder)).rules.length).to.equal(rules.rules.length);
  });

  const broken: readonly (readonly [what: string, yaml: string, problem: RegExp])[] = [
    ['a field without a row', changed(({ fields }) => delete fields['sn']), /sn: has no row/],
    [
      'a row for no field',
      changed(({ fields }) => (fields['shoeSize'] = { as: 'code' })),
      /shoeSize: is no PREG field/,
    ],
    ['an unknown form', changed(({ fields }) => (fields['sn'] = { as: 'guess' })), /fields\.sn\.as/],
    [
      'a misspelled key',
      changed(({ fields }) => (fields['sn'] = { as: 'name', identify: true })),
      /identify/,
    ],
    [
      'a day that is no field',
      changed(({ fields }) => (fields['sn'] = { as: 'name', since: ['dateShoe'] })),
      /sn: dateShoe is no PREG field/,
    ],
    [
      'a day that is no day',
      changed(({ fields }) => (fields['sn'] = { as: 'name', since: ['regStatus'] })),
      /sn: regStatus holds no days/,
    ],
    [
      'a field both compared and not',
      changed(({ notCompared }) => (notCompared['sn'] = 'no')),
      /sn: is compared/,
    ],
    [
      'two rules of one name',
      changed(({ rules: all }) => all.push(...all.slice(0, 1))),
      /protected-in-new: stands twice/,
    ],
    [
      'a rule for no field',
      changed(({ rules: all }) =>
        all.push({ name: 'odd', because: 'Odd.', fields: ['shoe'], when: ['old-blank'] }),
      ),
      /odd: shoe is no row/,
    ],
    [
      'an unknown condition',
      changed(({ rules: all }) =>
        all.push({ name: 'odd', because: 'Odd.', fields: ['sn'], when: ['always'] }),
      ),
      /when/,
    ],
    [
      'a rule without conditions',
      changed(({ rules: all }) => all.push({ name: 'odd', because: 'Odd.', fields: ['sn'], when: [] })),
      /when/,
    ],
    [
      'a condition on no field',
      changed(({ rules: all }) =>
        all.push({ name: 'odd', because: 'Odd.', fields: ['sn'], when: [{ same: ['shoe'] }] }),
      ),
      /odd: shoe is no PREG field/,
    ],
    ['no YAML', 'fields: [', /mappings\/comparison\.yaml: /],
  ];
  for (const [what, yaml, problem] of broken) {
    it(`is refused with its place: ${what}`, () => {
      expect(() => parseComparisonRules(yaml)).to.throw(InvalidMapping, problem);
    });
  }
});
