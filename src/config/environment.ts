import type { z } from 'zod';
import { formatPath, nearest, type ConfigurationProblem } from './problems.js';
import { isComposite, isGroup, shapeOf, type SettingShape } from './settings-tree.js';

/**
 * Overrides from the environment: `PREG_ADAPTER__LISTENERS__LEGACY__PORT=443`. Two underscores separate the names;
 * each name is the setting's with an underscore before every capital (`requestDeadlineSeconds` →
 * `REQUEST_DEADLINE_SECONDS`); items of a list of groups go by index (`CLIENTS__0__USERNAME`); a list of values is
 * comma separated; a secret can be read from a file (`…__PRIVATE_KEY_FILE`).
 */
export const environmentPrefix = 'PREG_ADAPTER__';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings with the overrides laid over them. */
export interface Overridden {
  readonly settings: unknown;
  /** For each setting that was overridden, by its path as text, the variable that did it. */
  readonly variables: ReadonlyMap<string, string>;
  readonly problems: readonly ConfigurationProblem[];
}

/** Lays every variable under the prefix over `settings`, which is not changed. */
export function applyEnvironment(
  schema: z.core.$ZodType,
  settings: unknown,
  environment: Environment,
): Overridden {
  const root = { settings: structuredClone(settings) };
  const variables = new Map<string, string>();
  const problems: ConfigurationProblem[] = [];
  for (const [name, value] of overrides(environment)) {
    const segments = name.slice(environmentPrefix.length).split('__');
    const place = locate(schema, root, segments, value);
    if (place.found) {
      const taken = variables.get(place.secret);
      if (taken !== undefined) {
        problems.push({
          path: name,
          found: `a second value, beside ${taken}`,
          expected: 'one of the two',
        });
      }
      variables.set(place.secret, name);
      variables.set(place.path, name);
    } else {
      problems.push({ path: name, found: place.complaint, expected: place.expected });
    }
  }
  return { settings: root.settings, variables, problems };
}

/** The name that a setting has in the environment: `requestDeadlineSeconds` → `REQUEST_DEADLINE_SECONDS`. */
export function environmentName(setting: string): string {
  return setting
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]/g, '_')
    .toUpperCase();
}

type Located =
  | { readonly found: true; readonly path: string; readonly secret: string }
  | { readonly found: false; readonly complaint: string; readonly expected: string };

function overrides(environment: Environment): [string, string][] {
  return Object.entries(environment)
    .flatMap(([name, value]): [string, string][] =>
      name.startsWith(environmentPrefix) && value !== undefined ? [[name, value]] : [],
    )
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Walks schema and settings side by side, makes what is missing on the way, and sets the value. */
function locate(
  root: z.core.$ZodType,
  holder: { settings: unknown },
  segments: readonly string[],
  value: string,
): Located {
  let schema = root;
  let node: unknown = holder.settings;
  let attach = (fresh: unknown): void => {
    holder.settings = fresh;
  };
  const path: PropertyKey[] = [];
  for (const [position, segment] of segments.entries()) {
    const shape = shapeOf(schema);
    const last = position === segments.length - 1;
    if (shape.kind === 'list') {
      if (!isComposite(shape.item)) return unknown('a list of values', 'the list whole, comma separated');
      const items: unknown[] = Array.isArray(node) ? node : [];
      const index = /^\d{1,4}$/.test(segment) ? Number(segment) : items.length + 1;
      if (index > items.length) {
        return unknown(`an item ${JSON.stringify(segment)}`, `an index from 0 to ${items.length}`);
      }
      if (last) return unknown('a group of settings', 'the name of a setting in it');
      attach(items);
      node = items[index];
      attach = (fresh) => {
        items[index] = fresh;
      };
      path.push(index);
      schema = shape.item;
      continue;
    }
    if (shape.kind !== 'group' && shape.kind !== 'named') {
      return unknown('a name below a single setting', `${formatPath(path)} itself`);
    }
    const group = isGroup(node) ? node : {};
    const match = childNamed(shape, segment, group);
    if (match === undefined) return unknownName(shape, segment);
    attach(group);
    if (last) {
      if (isComposite(match.schema) && !isValueList(match.schema)) {
        return unknown('a group of settings', 'the name of a setting in it');
      }
      // Whichever form a secret has in the file, the variable takes the place of both.
      for (const form of match.forms) Reflect.deleteProperty(group, form);
      group[match.name] = value;
      return {
        found: true,
        path: formatPath([...path, match.name]),
        secret: formatPath([...path, match.setting]),
      };
    }
    node = group[match.name];
    attach = (fresh) => {
      group[match.name] = fresh;
    };
    path.push(match.name);
    schema = match.schema;
  }
  return unknown('no name of a setting', 'the name of a setting after the prefix');
}

interface Match {
  readonly schema: z.core.$ZodType;
  /** The name to set, `…File` included. */
  readonly name: string;
  /** The setting it stands for. */
  readonly setting: string;
  /** All names that set the same. */
  readonly forms: readonly string[];
}

function childNamed(
  shape: SettingShape & { kind: 'group' | 'named' },
  segment: string,
  group: Readonly<Record<string, unknown>>,
): Match | undefined {
  if (shape.kind === 'named') {
    const existing = Object.keys(group).find((name) => environmentName(name) === segment);
    const name = existing ?? camelCase(segment);
    return name === '' ? undefined : { schema: shape.value, name, setting: name, forms: [name] };
  }
  for (const [name, schema] of shape.children) {
    const itsShape = shapeOf(schema);
    const forms = 'secret' in itsShape && itsShape.secret ? [name, `${name}File`] : [name];
    const form = forms.find((candidate) => environmentName(candidate) === segment);
    if (form !== undefined) return { schema, name: form, setting: name, forms };
  }
  return undefined;
}

function unknownName(shape: SettingShape & { kind: 'group' | 'named' }, segment: string): Located {
  const names = shape.kind === 'group' ? Array.from(shape.children.keys(), environmentName) : [];
  const guess = nearest(segment, names);
  return unknown(
    `an unknown name ${segment}`,
    guess === undefined ? `one of ${names.join(', ')}` : `perhaps ${guess}`,
  );
}

function unknown(complaint: string, expected: string): Located {
  return { found: false, complaint, expected };
}

function isValueList(schema: z.core.$ZodType): boolean {
  const shape = shapeOf(schema);
  return shape.kind === 'list' && !isComposite(shape.item);
}

function camelCase(segment: string): string {
  return segment.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
