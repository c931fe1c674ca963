import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../../src/config/package-root.js';
import { forms, otherRows } from '../../../../src/registry/cutover/comparison/compared-row.js';
import { namedConditions } from '../../../../src/registry/cutover/comparison/conditions.js';
import { rules } from './compared.js';

const root = packageRoot();
const page = readFileSync(join(root, 'docs', 'cutover-comparison.md'), 'utf8');
const file = readFileSync(join(root, 'mappings', 'comparison.yaml'), 'utf8');

/** The cells of the table below a heading, without head and rule. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^(?=## )/m).find((part) => part.startsWith(`## ${heading}\n`)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

describe('docs/cutover-comparison.md', () => {
  it('gives every reason with its sentence, in the order in which they are tried', () => {
    const reasons = rules.rules.map(({ name, because }) => [`\`${name}\``, because]);
    expect(tableBelow('Expected differences')).to.deep.equal(reasons);
  });

  it('explains every form', () => {
    const explained = tableBelow('What counts as the same').map(([form]) => form);
    expect(explained).to.have.members(forms.map((form) => `\`${form}\``));
  });

  it('explains every condition, and none that there is not', () => {
    const explained = tableBelow('Conditions').flatMap(([names = '']) =>
      names.split(', ').map((name) => name.replaceAll('`', '')),
    );
    expect(explained).to.include.members(namedConditions);
    const withValues = explained.filter((name) => !namedConditions.includes(name));
    for (const name of withValues) expect(file, name).to.contain(`${name}:`);
  });

  it('names what is compared besides fields, and what is not', () => {
    for (const name of [...otherRows, ...rules.notCompared.keys()]) expect(page).to.contain(`\`${name}\``);
  });

  it('lists the fields that tell who somebody is', () => {
    const [section = ''] = /## Who somebody is\n[^#]*/.exec(page) ?? [];
    for (const { name } of [...rules.personRows, ...rules.addressRows].filter((row) => row.isIdentity)) {
      const isName = ['givenName', 'middleName', 'sn'].includes(name);
      expect(section).to.contain(isName ? 'names' : `\`${name}\``);
    }
  });
});
