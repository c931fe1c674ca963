import type { XmlElement } from '../../src/xml/element.js';

/** Parts of an address in the order in which clients show them. */
const ADDRESS_ORDER = [
  'streetAddressLine',
  'postalCode',
  'city',
  'county',
  'streetName',
  'houseNumber',
  'buildingNumberSuffix',
  'unitID',
  'careOf',
  'country',
];

const NAME_ORDER = ['given', 'middle', 'family', 'validTime'];

/** The first element that a path of local names leads to. */
export function elementAt(
  element: XmlElement | undefined,
  ...path: readonly string[]
): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (parent, name) => parent?.children.find(({ localName }) => localName === name),
    element,
  );
}

/** The element and all below it, each with the path of local names that leads to it. */
export function* everyElement(
  element: XmlElement,
  path = element.localName,
): Generator<[string, XmlElement]> {
  yield [path, element];
  for (const child of element.children) yield* everyElement(child, `${path}/${child.localName}`);
}

/** What a client of 2011 could stumble over, where the schema says nothing (preg-hl7v3 2.2). */
export function stumblingBlocks(envelope: XmlElement): readonly string[] {
  return Array.from(everyElement(envelope), ([path, element]) =>
    [...emptiness(element), ...disorder(element)].map((problem) => `${path}: ${problem}`),
  ).flat();
}

function emptiness({ attributes, children, text, localName }: XmlElement): readonly string[] {
  const problems = [...attributes]
    .filter(([, value]) => value.trim() === '')
    .map(([name]) => `attribute ${name} is empty`);
  if (children.length > 0 && text !== '') problems.push('there is text between elements');
  if (text.trim() !== text) problems.push('blanks stand around the text');
  if (children.length > 0 || text !== '') return problems;
  if (attributes.size === 0) problems.push('the element is empty');
  if (['name', 'addr', 'given', 'family', ...ADDRESS_ORDER].includes(localName)) {
    problems.push('there is nothing inside');
  }
  return problems;
}

function disorder({ localName, children }: XmlElement): readonly string[] {
  const [order, kindOf] =
    localName === 'addr'
      ? [ADDRESS_ORDER, ({ localName: name }: XmlElement): string => name]
      : localName === 'name'
        ? [NAME_ORDER, namePart]
        : [undefined, undefined];
  if (order === undefined || children.length === 0) return [];
  const places = children.map((child) => order.indexOf(kindOf(child)));
  const sorted = places.toSorted((one, other) => one - other);
  return places.includes(-1) || places.join() !== sorted.join() ? ['a part is unknown or out of order'] : [];
}

function namePart({ localName, attributes }: XmlElement): string {
  return localName === 'family' && attributes.get('qualifier') === 'MID' ? 'middle' : localName;
}
