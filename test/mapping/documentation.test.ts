import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { transforms } from '../../src/mapping/transforms/index.js';
import { mappingFolder, mappings } from '../support/person-documents.js';

const page = readFileSync(fileURLToPath(new URL('../../../docs/mapping.md', import.meta.url)), 'utf8');

const rowSchema = z.object({
  target: z.string(),
  group: z.string(),
  parts: z.array(z.string()).default([]),
  sources: z.array(z.string()).default([]),
  transform: z.string().optional(),
  codes: z.array(z.string()).default([]),
  fill: z.string().optional(),
  lost: z.string().optional(),
  noSource: z.string().optional(),
});
const { fields } = z
  .object({ fields: z.array(rowSchema) })
  .parse(parse(readFileSync(`${mappingFolder}person.yaml`, 'utf8')));

/** The cells of the table rows below a heading, without head and rule. */
function tableBelow(heading: string): string[][] {
  const section = page.split(/^(?=#)/m).find((part) => part.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

function quoted(names: readonly string[], separator: string): string {
  return names.map((name) => `\`${name}\``).join(separator);
}

/** A row of the field table as the page has to show it. */
function cellsOf(row: z.infer<typeof rowSchema>): string[] {
  const codes = row.codes.length === 0 ? '' : ` by ${quoted(row.codes, ', ')}`;
  const how = `${quoted([row.transform ?? ''], '')}${codes}${row.fill === 'rich' ? '; `fill: rich` only' : ''}`;
  return [
    quoted([row.target], ''),
    quoted(row.sources, '<br>') || '–',
    row.transform === undefined ? '–' : how,
    row.parts.join(', ') || '–',
    row.noSource === undefined ? (row.lost ?? '') : `Always blank. ${row.noSource}`,
  ];
}

describe('docs/mapping.md', () => {
  const groups = [...new Set(fields.map(({ group }) => group))];
  const headings = [...page.matchAll(/^### .* \(`(?<group>[a-z-]+)`\)$/gm)];

  it('has a table for each group, in the order of the field table', () => {
    expect(headings.map(({ groups: named }) => named?.['group'])).to.deep.equal(groups);
  });

  for (const [heading, group = ''] of headings) {
    it(`shows the rows of ${group} as mappings/person.yaml has them`, () => {
      const rows = fields.filter((row) => row.group === group);
      expect(tableBelow(heading)).to.deep.equal(rows.map(cellsOf));
    });
  }

  it('explains every transform, with what it gives', () => {
    const explained = tableBelow('## Transforms').map(([name, gives]) => [name, gives]);
    expect(explained).to.deep.equal([...transforms].map(([name, { gives }]) => [`\`${name}\``, gives]));
  });

  it('shows the levels of protection with their labels', () => {
    for (const [level = '', postalType, label] of tableBelow('## Protection')) {
      const name = level.split(',')[0] ?? '';
      const known = mappings.addressProtection.find(name.startsWith('any') ? 'StrictlyConfidential' : name);
      expect(known, level).to.have.nested.property('entry.code', Number(postalType));
      expect(known, level).to.have.nested.property('entry.columns.label', label);
    }
  });

  it('leaves no transform of the code unused', () => {
    const used = fields.map(({ transform }) => transform).filter((name) => name !== undefined);
    expect([...new Set(used)]).to.have.members([...transforms.keys()]);
  });
});
