import { expect } from 'chai';
import type { SoughtName } from '../../../src/registry/search.js';
import { parameter, refusalOf, sought } from '../../support/find-candidates.js';

function nameIn(content: string, attributes = ''): SoughtName | undefined {
  const other = '<personBirthTime><value value="1980"/></personBirthTime>';
  const { name } = sought(parameter('personName', content, attributes) + other).criteria;
  if (name === undefined) return undefined;
  return Object.fromEntries(Object.entries(name).filter(([, words]) => words !== undefined));
}

describe('the parameter personName', () => {
  for (const [what, content, name] of [
    [
      'given, middle and family names',
      '<given>Ola</given><family qualifier="MID">Nord</family><family>Mann</family>',
      { given: 'Ola', middle: 'Nord', family: 'Mann' },
    ],
    [
      'one part for each word',
      '<given>Ola</given><given>Per</given><family qualifier="MID">A</family><family qualifier="MID">B</family><family>von</family><family>Mann</family>',
      { given: 'Ola Per', middle: 'A B', family: 'von Mann' },
    ],
    ['several words in one part', '<given> Ola \n Per </given>', { given: 'Ola Per' }],
    [
      'a middle name among the given names',
      '<given qualifier="MID">Nord</given><given>Ola</given>',
      { given: 'Ola', middle: 'Nord' },
    ],
    ['text without parts', ' Ola  Nordmann ', { full: 'Ola Nordmann' }],
    ['text beside parts', 'Ola<family>Mann</family>', { full: 'Ola', family: 'Mann' }],
    ['a wildcard as it stands', '<family>No*rd*</family>', { family: 'No*rd*' }],
    ['a comma as delimiter', '<family>Mann</family><delimiter>, </delimiter>', { family: 'Mann' }],
    [
      'parts beside empty ones',
      '<given>Ola</given><family/><family qualifier="MID"> </family><prefix/><validTime/>',
      { given: 'Ola' },
    ],
    ['a part that is nil', '<given>Ola</given><family xsi:nil="true"/>', { given: 'Ola' }],
    ['a part with a type', '<given partType="GIV" representation="TXT">Ola</given>', { given: 'Ola' }],
  ] as const) {
    it(`takes ${what}`, () => {
      expect(nameIn(content)).to.deep.equal(name);
    });
  }

  for (const use of ['L', 'C', 'OR', 'L C', '']) {
    it(`takes use="${use}"`, () => {
      expect(nameIn('<given>Ola</given>', `use="${use}"`)).to.deep.equal({ given: 'Ola' });
    });
  }

  for (const [what, content, attributes] of [
    ['no part', '', ''],
    ['blank parts', '<given> </given><family/>', ''],
    ['a use alone', '<given/>', 'use="L"'],
    ['a nullFlavor', '', 'nullFlavor="UNK"'],
    ['a delimiter alone', '<delimiter>,</delimiter>', ''],
  ] as const) {
    it(`is not given with ${what}`, () => {
      expect(nameIn(content, attributes)).to.equal(undefined);
    });
  }

  for (const [what, content, attributes, problem] of [
    ['a prefix', '<prefix>Dr.</prefix><given>Ola</given>', '', 'part that cannot'],
    ['a suffix', '<given>Ola</given><suffix>jr.</suffix>', '', 'part that cannot'],
    ['a time of validity', '<given>Ola</given><validTime value="1980"/>', '', 'part that cannot'],
    ['a delimiter with letters', '<family>A</family><delimiter>von</delimiter>', '', 'part that cannot'],
    ['initials', '<given qualifier="IN">O</given>', '', 'part that cannot'],
    ['a birth name', '<family qualifier="BR">Mann</family>', '', 'part that cannot'],
    ['a former name', '<given>Ola</given>', 'use="OLD"', 'use that cannot'],
    ['a use that is not known', '<given>Ola</given>', 'use="L XX"', 'use that cannot'],
    ['an unknown part', '<nickname>Kari</nickname>', '', 'not known'],
    ['an unknown part in a part', '<given>Ola<b>Per</b></given>', '', 'not known'],
    ['a value as attribute', '<given>Ola</given>', 'value="Per"', 'not known'],
    ['a part of another namespace', '<given xmlns="urn:x">Ola</given>', '', 'not known'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(refusalOf(parameter('personName', content, attributes)))
        .to.match(/^personName: /)
        .and.contain(problem);
    });
  }
});
