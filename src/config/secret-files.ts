import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { errorCode } from '../errors/error-code.js';
import { formatPath, type ConfigurationProblem } from './problems.js';
import { isGroup, shapeOf } from './settings-tree.js';

/** The settings with every `<secret>File` replaced by the secret that the file holds. */
export interface Resolved {
  readonly settings: unknown;
  readonly problems: readonly ConfigurationProblem[];
  /** The file that each secret was read from, by the path of the secret. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Reads secrets from their files: wherever a secret `x` may stand, `xFile` may stand in its place. One line break at
 * the end of the file does not belong to the secret.
 */
export function readSecretFiles(schema: z.core.$ZodType, settings: unknown): Resolved {
  const problems: ConfigurationProblem[] = [];
  const files = new Map<string, string>();
  return { settings: resolve(schema, settings, [], { problems, files }), problems, files };
}

/** What is gathered on the way. */
interface Gathered {
  readonly problems: ConfigurationProblem[];
  readonly files: Map<string, string>;
}

function resolve(
  schema: z.core.$ZodType,
  raw: unknown,
  path: readonly PropertyKey[],
  gathered: Gathered,
): unknown {
  const shape = shapeOf(schema);
  if (shape.kind === 'list' && Array.isArray(raw)) {
    return raw.map((item: unknown, index) => resolve(shape.item, item, [...path, index], gathered));
  }
  if (shape.kind === 'named' && isGroup(raw)) {
    return Object.fromEntries(
      Object.entries(raw).map(([name, value]) => [
        name,
        resolve(shape.value, value, [...path, name], gathered),
      ]),
    );
  }
  if (shape.kind !== 'group' || !isGroup(raw)) return raw;

  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const child = shape.children.get(name);
    const secret = child === undefined ? secretBehind(shape.children, name) : undefined;
    if (secret === undefined) {
      result[name] = child === undefined ? value : resolve(child, value, [...path, name], gathered);
    } else if (raw[secret] !== undefined) {
      gathered.problems.push({
        path: formatPath([...path, name]),
        found: `a second value, beside ${secret}`,
        expected: 'one of the two',
      });
    } else {
      result[secret] = readSecret(value, [...path, name], gathered.problems);
      if (typeof value === 'string') gathered.files.set(formatPath([...path, secret]), value);
    }
  }
  return result;
}

function secretBehind(children: ReadonlyMap<string, z.core.$ZodType>, name: string): string | undefined {
  if (!name.endsWith('File')) return undefined;
  const secret = name.slice(0, -'File'.length);
  const schema = children.get(secret);
  if (schema === undefined) return undefined;
  const shape = shapeOf(schema);
  return 'secret' in shape && shape.secret ? secret : undefined;
}

/** The secret; a value that the schema lets pass when the file cannot be read, so that one problem is told once. */
function readSecret(file: unknown, path: readonly PropertyKey[], problems: ConfigurationProblem[]): unknown {
  try {
    if (typeof file !== 'string' || file === '') throw new TypeError('not a file name');
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push({
      path: formatPath(path),
      found: `a file that cannot be read (${errorCode(error) ?? 'no file name'})`,
      expected: 'a file that holds the secret and nothing else',
    });
    return unreadable;
  }
}

/** Marks a secret whose file could not be read. */
export const unreadable = Symbol('unreadable secret');
