import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { NotationError, parseAttributes, parseElements } from './member-notation.js';
import type { ComplexType, Particle, TypeSection } from './schema-types.js';
import { TypeTable, TypeTableError } from './type-table.js';

const typeEntry = z.strictObject({
  base: z.string().optional(),
  abstract: z.boolean().optional(),
  mixed: z.boolean().optional(),
  attributes: z.string().optional(),
  elements: z.string().optional(),
});
type TypeEntry = z.infer<typeof typeEntry>;

const document = z.strictObject({
  codes: z.record(z.string(), z.string()),
  dataTypes: z.record(z.string(), typeEntry),
  messages: z.record(z.string(), typeEntry),
  classHead: z.string(),
  classes: z.record(z.string(), z.record(z.string(), typeEntry)),
});

type ParticleReader = (text: string) => readonly Particle[];

/**
 * Reads the type table from its YAML file; the notation is described at the top of the file.
 * @throws TypeTableError naming the file and the place in it; the file system's own error when it cannot be read.
 */
export async function loadTypeTable(path: string): Promise<TypeTable> {
  return parseTypeTable(await readFile(path, 'utf8'), path);
}

/**
 * Reads the type table from YAML text. `source` names the text in errors.
 * @throws TypeTableError
 */
export function parseTypeTable(text: string, source: string): TypeTable {
  const read = document.safeParse(parseYaml(text, source));
  if (!read.success) {
    const places = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new TypeTableError(`${source}: ${places.join('; ')}`);
  }
  const { codes, dataTypes, messages, classHead, classes } = read.data;
  const types = new Map<string, ComplexType>();
  const add = (name: string, section: TypeSection, entry: TypeEntry, read: ParticleReader): void => {
    const place = `${source}: ${name}`;
    if (types.has(name)) throw new TypeTableError(`${place} is there twice`);
    types.set(
      name,
      at(place, () => complexType(name, section, entry, read)),
    );
  };
  for (const [name, entry] of Object.entries(dataTypes)) add(name, 'data', entry, parseElements);
  for (const [name, entry] of Object.entries(messages)) add(name, 'message', entry, parseElements);
  const head = at(`${source}: classHead`, () => parseElements(classHead));
  for (const [packageName, entries] of Object.entries(classes))
    for (const [name, entry] of Object.entries(entries))
      add(`${packageName}.${name}`, 'class', entry, (text) => [...head, ...parseElements(text, packageName)]);
  const values = Object.entries(codes).map(([name, list]) => [name, list.split(' ')] as const);
  return at(source, () => new TypeTable(types, new Map(values)));
}

function complexType(
  name: string,
  section: TypeSection,
  entry: TypeEntry,
  readParticles: ParticleReader,
): ComplexType {
  return {
    name,
    section,
    base: entry.base,
    abstract: entry.abstract ?? false,
    mixed: entry.mixed ?? false,
    attributes: entry.attributes === undefined ? [] : parseAttributes(entry.attributes),
    particles: readParticles(entry.elements ?? ''),
  };
}

function parseYaml(text: string, source: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new TypeTableError(`${source}: ${error instanceof Error ? error.message : 'not YAML'}`, {
      cause: error,
    });
  }
}

/** Runs `read`; what is wrong with the table gets the place put before it. */
function at<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotationError || error instanceof TypeTableError)
      throw new TypeTableError(`${place}: ${error.message}`, { cause: error });
    throw error;
  }
}
