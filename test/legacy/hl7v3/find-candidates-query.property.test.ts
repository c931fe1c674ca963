import { expect } from 'chai';
import fc from 'fast-check';
import { InvalidQuery } from '../../../src/errors/errors.js';
import { sought } from '../../support/find-candidates.js';
import { types } from '../../support/hl7v3-message.js';
import { elementsOf } from '../../../src/legacy/hl7v3/schema/type-table.js';

/** Elements of the schema's types that the parameters have, and one that nobody has. */
const parameters = namesIn('PRPA_MT101306NO01.ParameterList');
const parts = [...namesIn('AD'), ...namesIn('PN'), ...namesIn('IVL_TS'), ...namesIn('CE'), 'value', 'other'];
const attributes = [
  ...'value code codeSystem root extension displayName use qualifier inclusive operator'.split(' '),
  'other',
];

function namesIn(type: string): readonly string[] {
  return types
    .flatten(type)
    .particles.flatMap(elementsOf)
    .map(({ name }) => name);
}

/** What is said with these is not about anybody, or is said in other words by the criterion. */
const silent = new Set(['semanticsText', 'delimiter', 'realmCode', 'typeId', 'templateId']);

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Node[];
}

/** Texts that tell themselves apart from all others, among some that parameters have a meaning for. */
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: fc.integer({ min: 100, max: 999 }).map((number) => `Qx${letters(number)}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('1980', '19800101', '7010', '0301', 'true', 'F', 'HP', 'MID', 'NOR'),
  },
);

function letters(number: number): string {
  return String(number).replaceAll(/[0-9]/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
}

/** Mostly few attributes and no children: a list in which everything is odd is refused for whatever comes first. */
function node(names: fc.Arbitrary<string>, children: fc.Arbitrary<readonly Node[]>): fc.Arbitrary<Node> {
  const odd = fc.dictionary(fc.constantFrom(...attributes), text, { maxKeys: 2 });
  return fc.record({
    name: names,
    attributes: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: odd }),
    text,
    children,
  });
}

const nothing: fc.Arbitrary<readonly Node[]> = fc.constant([]);
const leaf = node(fc.constantFrom(...parts), nothing);
const part = node(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('given', 'family', 'streetAddressLine', 'city', 'county') },
    { weight: 1, arbitrary: fc.constantFrom(...parts) },
  ),
  fc.oneof({ weight: 9, arbitrary: nothing }, { weight: 1, arbitrary: fc.array(leaf, { maxLength: 2 }) }),
);
const value = node(
  fc.oneof(
    { weight: 9, arbitrary: fc.constant('value') },
    { weight: 1, arbitrary: fc.constantFrom('semanticsText', 'other') },
  ),
  fc.array(part, { maxLength: 3 }),
);
const parameterNode = fc
  .record({
    name: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('personName', 'identifiedPersonAddress') },
      { weight: 1, arbitrary: fc.constantFrom(...parameters) },
    ),
    children: fc.array(value, { maxLength: 2 }),
    stray: fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: text }),
  })
  .map(({ name, children, stray }): Node => ({ name, attributes: {}, text: stray, children }));
const lists = fc.array(parameterNode, { maxLength: 3 });

function xmlOf({ name, attributes: given, text: content, children }: Node): string {
  const written = Object.entries(given).map(([attribute, value]) => ` ${attribute}="${value}"`);
  return `<${name}${written.join('')}>${content}${children.map(xmlOf).join('')}</${name}>`;
}

/** The texts that are told apart, wherever they stand. */
function textsIn({ name, attributes: given, text: content, children }: Node): readonly string[] {
  if (silent.has(name)) return [];
  const values = Object.entries(given).flatMap(([attribute, value]) =>
    saysNothingAlone(attribute, given) ? [] : [value],
  );
  return [...values, content, ...children.flatMap(textsIn)].filter((one) => one.startsWith('Qx'));
}

/** A display name says what the code says, a root whose number was left blank, and the others what they stand beside. */
function saysNothingAlone(attribute: string, given: Node['attributes']): boolean {
  if (attribute === 'displayName') return (given['code'] ?? '') !== '';
  if (attribute === 'root') return given['extension'] === '';
  return ['use', 'qualifier', 'codeSystem', 'inclusive', 'operator'].includes(attribute);
}

/** What a list asks for, as text; undefined when it is refused. */
function questionIn(xml: string): string | undefined {
  try {
    return JSON.stringify(sought(xml));
  } catch (error) {
    if (error instanceof InvalidQuery) return undefined;
    throw error;
  }
}

describe('any list of parameters', function () {
  this.timeout(20_000);

  it('is expressed to the last text in it, or refused', () => {
    let expressed = 0;
    fc.assert(
      fc.property(lists, (list) => {
        const question = questionIn(list.map(xmlOf).join(''));
        if (question === undefined) return;
        const texts = list.flatMap(textsIn);
        if (texts.length > 0) expressed++;
        for (const one of texts) expect(question).to.contain(one);
      }),
      { numRuns: 3000 },
    );
    expect(expressed).to.be.greaterThan(10);
  });

  it('is refused when anything is added that no search has', () => {
    const additions = [
      '<other>Qx</other>',
      '<x xmlns="urn:x" a="Qx"/>',
      '<mothersMaidenName><value>Qx</value></mothersMaidenName>',
      'Qx',
    ];
    fc.assert(
      fc.property(lists, fc.constantFrom(...additions), (list, addition) => {
        expect(questionIn(list.map(xmlOf).join('') + addition)).to.equal(undefined);
      }),
    );
  });
});
