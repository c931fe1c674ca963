import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PARTS } from '../persontjenesten/information-parts.js';
import {
  isJsonList,
  isJsonObject,
  textAt,
  type JsonObject,
  type JsonValue,
  type PersonDocument,
} from './person-document.js';

/** A document and the file that it came from. */
export interface LoadedPerson {
  readonly file: string;
  readonly document: PersonDocument;
}

/** A folder or file of persons that cannot be used. The message names it, and never a number or a name. */
export class UnusablePersonFile extends Error {
  override readonly name = 'UnusablePersonFile';
  readonly file: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${problem}`, options);
    this.file = file;
  }
}

/**
 * Reads every `*.json` file of a folder as one Person document, in order of file name. Folders inside it are not searched.
 * Throws UnusablePersonFile for a folder that cannot be read and for a file that is not a Person document.
 */
export async function loadPersonFolder(folder: string): Promise<readonly LoadedPerson[]> {
  const names = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new UnusablePersonFile(folder, 'the folder cannot be read', { cause: error });
  });
  const files = names
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.json'))
    .map((entry) => join(folder, entry.name))
    .sort();
  const loaded: LoadedPerson[] = [];
  for (const file of files) loaded.push({ file, document: await loadPerson(file) });
  return loaded;
}

async function loadPerson(file: string): Promise<PersonDocument> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UnusablePersonFile(file, 'the file cannot be read', { cause: error });
  });
  return personDocumentOf(file, parse(file, text));
}

function parse(file: string, text: string): JsonValue {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's own message quotes the text, which may hold a name or a number.
    throw new UnusablePersonFile(file, 'is not JSON');
  }
  if (!isJson(value)) throw new UnusablePersonFile(file, 'is not JSON');
  return value;
}

function isJson(value: unknown): value is JsonValue {
  if (typeof value !== 'object' || value === null) {
    return value === null || ['string', 'number', 'boolean'].includes(typeof value);
  }
  return Object.values(value).every(isJson);
}

/**
 * Unknown members and unknown codes are welcome, since the real API adds them without notice (persontjenesten-api 2);
 * what has to hold is the frame: an id, at least one part, and every known part of the right shape.
 */
function personDocumentOf(file: string, value: JsonValue): PersonDocument {
  const refuse = (problem: string): never => {
    throw new UnusablePersonFile(file, `is not a Person document: ${problem}`);
  };
  if (!isJsonObject(value)) return refuse('it is no JSON object');
  const id = textAt(value, 'id');
  if (id === undefined || id.length < 1 || id.length > 64)
    return refuse('it has no id of 1 to 64 characters');
  const sequenceNumber = value['sequenceNumber'] ?? 1;
  if (typeof sequenceNumber !== 'number' || !Number.isSafeInteger(sequenceNumber)) {
    return refuse('sequenceNumber is no whole number');
  }
  for (const { property, single } of PARTS) {
    const problem = shapeProblem(value, property, single);
    if (problem !== undefined) return refuse(problem);
  }
  if (!PARTS.some(({ property }) => property in value)) return refuse('it has no information part');
  return { ...value, id, sequenceNumber };
}

function shapeProblem(document: JsonObject, property: string, single: boolean): string | undefined {
  const part = document[property];
  if (part === undefined || part === null) return undefined;
  if (single) return isJsonObject(part) ? undefined : `${property} is no object`;
  return isJsonList(part) && part.every(isJsonObject) ? undefined : `${property} is no list of objects`;
}
