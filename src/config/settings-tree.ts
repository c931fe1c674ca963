import { z } from 'zod';
import { isSecret } from './values.js';

/**
 * The schema as a tree of named settings, so that text from YAML and from the environment can be read as what the
 * setting is: `0123` stays text where text is asked for, and becomes a number where a number is.
 */
export type SettingShape =
  | { readonly kind: 'group'; readonly children: ReadonlyMap<string, z.core.$ZodType> }
  /** A group whose names the operator chooses. */
  | { readonly kind: 'named'; readonly value: z.core.$ZodType }
  | { readonly kind: 'list'; readonly item: z.core.$ZodType }
  | { readonly kind: 'text' | 'number' | 'flag'; readonly secret: boolean };

/** What a schema stands for, seen through defaults, optionality and transforms. */
export function shapeOf(schema: z.core.$ZodType): SettingShape {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return shapeOf(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) return shapeOf(schema.in);
  if (schema instanceof z.ZodObject) {
    return { kind: 'group', children: new Map<string, z.core.$ZodType>(Object.entries(schema.shape)) };
  }
  if (schema instanceof z.ZodRecord) return { kind: 'named', value: schema.valueType };
  if (schema instanceof z.ZodArray) return { kind: 'list', item: schema.element };
  const secret = isSecret(schema);
  if (schema instanceof z.ZodBoolean) return { kind: 'flag', secret };
  if (schema instanceof z.ZodNumber || schema instanceof z.ZodLiteral) return { kind: 'number', secret };
  return { kind: 'text', secret };
}

/** The schema at a path through groups, named groups and lists; undefined where there is none. */
export function settingAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
): z.core.$ZodType | undefined {
  let current: z.core.$ZodType | undefined = schema;
  for (const step of path) {
    if (current === undefined) return undefined;
    const shape: SettingShape = shapeOf(current);
    switch (shape.kind) {
      case 'group':
        current = shape.children.get(String(step));
        break;
      case 'named':
        current = shape.value;
        break;
      case 'list':
        current = shape.item;
        break;
      case 'text':
      case 'number':
      case 'flag':
        return undefined;
    }
  }
  return current;
}

/** Reads text as numbers, flags and lists where the schema asks for them. What does not fit is left as it is. */
export function interpret(schema: z.core.$ZodType, raw: unknown): unknown {
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'group':
      return isGroup(raw)
        ? mapValues(raw, (value, name) => {
            const child = shape.children.get(name);
            return child === undefined ? value : interpret(child, value);
          })
        : raw;
    case 'named':
      return isGroup(raw) ? mapValues(raw, (value) => interpret(shape.value, value)) : raw;
    case 'list': {
      const items = typeof raw === 'string' && !isComposite(shape.item) ? splitList(raw) : raw;
      return Array.isArray(items) ? items.map((item: unknown) => interpret(shape.item, item)) : items;
    }
    case 'number':
      return typeof raw === 'string' && /^-?\d{1,15}(\.\d{1,3})?$/.test(raw) ? Number(raw) : raw;
    case 'flag':
      return raw === 'true' ? true : raw === 'false' ? false : raw;
    case 'text':
      return raw;
  }
}

/** A group of settings as read: neither a value nor a list. */
export type Group = Record<string, unknown>;

/** Whether a value that was read is a group of settings. */
export function isGroup(raw: unknown): raw is Group {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** Whether a setting has settings below it. */
export function isComposite(schema: z.core.$ZodType): boolean {
  const { kind } = shapeOf(schema);
  return kind === 'group' || kind === 'named' || kind === 'list';
}

/** The value at a path; undefined where the path leads nowhere. */
export function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let current = raw;
  for (const step of path) {
    if (Array.isArray(current) && typeof step === 'number') current = current[step];
    else if (isGroup(current) && Object.hasOwn(current, step)) current = current[String(step)];
    else return undefined;
  }
  return current;
}

function splitList(raw: string): string[] {
  return raw
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function mapValues(group: Group, change: (value: unknown, name: string) => unknown): Group {
  return Object.fromEntries(Object.entries(group).map(([name, value]) => [name, change(value, name)]));
}
