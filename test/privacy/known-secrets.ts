import { createHash } from 'node:crypto';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../../src/mapping/json.js';
import { addressStrings } from '../support/address-strings.js';
import { everyFixture } from '../support/person-documents.js';

/** Shorter words turn up in base64 by chance, where case does not count. */
const SHORTEST_WORD = 7;

/** What must be found nowhere. */
export interface Secrets {
  /** National identity numbers and their like. */
  readonly numbers: readonly string[];
  /** Names, streets, mail addresses: found in whatever case they are written. */
  readonly words: readonly string[];
  /** Passwords and keys: found as they are. */
  readonly credentials: readonly string[];
}

/** Everything personal in the documents of fixture persons, relatives' numbers included. */
export function secretsOf(numbers: readonly string[], credentials: readonly string[]): Secrets {
  const documents = everyFixture
    .map(({ document }) => document)
    .filter((document) =>
      textsIn(document['norwegianIdentificationNumber'])
        .concat(textsIn(document['immigrationAuthoritiesIdentificationNumber']))
        .some((text) => numbers.includes(text)),
    );
  return {
    numbers: [...new Set(documents.flatMap((document) => textsIn(document).filter(isNumber)))],
    words: [
      ...new Set(
        documents.flatMap((document) => [
          ...namesIn(document),
          ...streetsIn(document),
          ...contactsIn(document),
        ]),
      ),
    ],
    credentials,
  };
}

/** A number as it could be written otherwise: spaced, in base64, or as a digest that anybody can make. */
export function disguises(number: string): readonly string[] {
  const digest = createHash('sha256').update(number).digest();
  const digests = [digest.toString('hex'), digest.toString('base64url')];
  const spaced = [' ', '\u00a0', '-', '.'].map((gap) => number.slice(0, 6) + gap + number.slice(6));
  return [number, ...spaced, Buffer.from(number).toString('base64'), ...digests];
}

function isNumber(text: string): boolean {
  return /^[0-9]{11,12}$/.test(text);
}

function textsIn(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isJsonList(value)) return value.flatMap(textsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

function elementsIn(document: JsonObject, part: string): readonly JsonObject[] {
  const value = document[part];
  return isJsonList(value) ? value.filter(isJsonObject) : isJsonObject(value) ? [value] : [];
}

function namesIn(document: JsonObject): readonly string[] {
  return elementsIn(document, 'name')
    .flatMap((name) => ['givenName', 'middleName', 'familyName'].flatMap((member) => textsIn(name[member])))
    .flatMap((name) => name.split(/\s+/u))
    .filter((word) => word.length >= SHORTEST_WORD);
}

function streetsIn(document: JsonObject): readonly string[] {
  return [...addressStrings(document, 'any')].filter(
    (text) =>
      text.length >= SHORTEST_WORD &&
      /(?:VE[GI]EN|STIEN|SMUGET|SVINGEN|BAKKEN|GATA|GATE|C\/O .*)$/u.test(text),
  );
}

function contactsIn(document: JsonObject): readonly string[] {
  return elementsIn(document, 'commonContactRegisterInformation').flatMap((part) =>
    textsIn(part).filter((text) => text.includes('@') || text.startsWith('+47')),
  );
}
