import { isLocatedObject, memberAt, type Located } from '../elements.js';
import { textOf } from '../json.js';
import {
  filled,
  firstOf,
  notDelivered,
  type Outcome,
  type Transform,
  type TransformInput,
} from '../transform.js';
import { upperCaseOf } from './plain.js';

/** A text and where it stood. */
interface Part {
  readonly text: string;
  readonly located: Located;
}

interface Street {
  readonly name: Part | undefined;
  readonly number: Part | undefined;
  readonly letter: Part | undefined;
}

/** House number and letter at the end of a street name. */
const HOUSE = /^(?<name>.*\S)\s+(?<number>[0-9]{1,6})\s?(?<letter>\p{L})?$/u;

/** The street of the residence; help-number persons may have number and letter inside of the name. */
function streetIn(input: TransformInput): Street | undefined {
  const street = input.sourceAt(0).find(isLocatedObject);
  if (street === undefined) return undefined;
  const line = partOf(memberAt(street, 'addressName'));
  const house = memberAt(street, 'addressNumber');
  const number = isLocatedObject(house) ? partOf(memberAt(house, 'houseNumber')) : undefined;
  const letter = isLocatedObject(house) ? partOf(memberAt(house, 'houseLetter')) : undefined;
  const inName = line && number === undefined && isOfHelpNumber(input) ? HOUSE.exec(line.text)?.groups : {};
  const within = (text: string | undefined): Part | undefined =>
    line && text ? { ...line, text } : undefined;
  return {
    name: within(inName?.['name']) ?? line,
    number: number ?? within(inName?.['number']),
    letter: letter ?? within(inName?.['letter']),
  };
}

function partOf(located: Located): Part | undefined {
  const text = textOf(located.value);
  return text === undefined ? undefined : { text, located };
}

function isOfHelpNumber({ document }: TransformInput): boolean {
  return document.numbers.all[0]?.type === 'AlternateIdentificationNumber';
}

function upperCased(part: Part | undefined): Outcome {
  return part === undefined ? notDelivered : filled(upperCaseOf(part.text), part.located);
}

/** The name that a farm goes by. */
function farmName(input: TransformInput): Outcome {
  const farm = input.sourceAt(1).find(isLocatedObject);
  return farm === undefined ? notDelivered : upperCased(partOf(memberAt(farm, 'addressAdditionalName')));
}

/** Street name, or the farm's. */
export const streetName: Transform = (input) => {
  const street = streetIn(input);
  return street === undefined ? farmName(input) : upperCased(street.name);
};

/** House number; blank when it is not digits alone. */
export const houseNumber: Transform = (input) => {
  const number = streetIn(input)?.number;
  if (number === undefined) return notDelivered;
  return /^[0-9]{1,6}$/.test(number.text)
    ? filled(Number(number.text), number.located)
    : { kind: 'blank', reason: 'not a whole number' };
};

/** House letter, upper case. */
export const houseLetter: Transform = (input) => upperCased(streetIn(input)?.letter);

/** Street, number and letter in one line, or the farm's name. */
export const streetLine: Transform = (input) => {
  const street = streetIn(input);
  if (street === undefined) return farmName(input);
  const { name, number, letter } = street;
  const parts = [name, number, letter].filter((part) => part !== undefined);
  if (parts.length === 0) return notDelivered;
  // One form for everybody, wherever number and letter stood.
  const house = `${number?.text ?? ''}${letter?.text ?? ''}`;
  const text = `${name?.text ?? ''} ${house}`.trim();
  return filled(upperCaseOf(text), ...new Set(parts.map(({ located }) => located)));
};

/** The Norwegian one of a municipality's official names, in upper case. */
export const norwegianPlaceName: Transform = (input) =>
  firstOf(input, ({ value }) => {
    const [first, ...others] = textOf(value)?.split(/ [-–] /) ?? [];
    if (first === undefined) return undefined;
    const answer = others.length > 0 ? input.codes().find(first.normalize('NFC')) : undefined;
    return answer?.kind === 'mapped' ? String(answer.entry.code) : upperCaseOf(first);
  });

/** NOR wherever the residence is a street or a farm: those are Norwegian by kind. */
export const norway: Transform = (input) => {
  const [place] = [...input.sourceAt(0), ...input.sourceAt(1)];
  return place === undefined ? notDelivered : filled('NOR', place);
};
