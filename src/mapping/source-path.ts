/**
 * The path language of mappings/person.yaml. A path is names joined by dots. A name may carry a choice of elements:
 * `name[current]` the newest element that holds today, `name[all]` every element that holds today, `name[every]` former elements too,
 * `name[role=Mother]` those of them whose member has that value.
 * A path may start at a named root (`residence`, `mailing`) instead of the document.
 */
import { currentElements, everyElement, type Located } from './elements.js';
import { isJsonObject, memberOf, type JsonObject } from './json.js';

/** A parsed path. */
export interface SourcePath {
  readonly text: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly name: string;
  readonly choice: Choice | undefined;
}

type Choice =
  | { readonly kind: 'current' }
  | { readonly kind: 'all' }
  | { readonly kind: 'every' }
  | { readonly kind: 'where'; readonly member: string; readonly value: string };

/** Parses a path. @throws SyntaxError naming the path. */
export function parseSourcePath(text: string): SourcePath {
  return { text, steps: text.split('.').map((step) => parseStep(step, text)) };
}

function parseStep(step: string, path: string): Step {
  const match = /^([a-zA-Z]+)(?:\[(?:(current|all|every)|([a-zA-Z]+)=([a-zA-Z]+))\])?$/.exec(step);
  const [, name, keyword, member, value] = match ?? [];
  if (name === undefined) throw new SyntaxError(`not a source path: ${path}`);
  if (keyword === 'current' || keyword === 'all' || keyword === 'every')
    return { name, choice: { kind: keyword } };
  if (member !== undefined && value !== undefined) return { name, choice: { kind: 'where', member, value } };
  return { name, choice: undefined };
}

/** Named starting points besides the document itself; undefined for one that this person does not have. */
export type Roots = ReadonlyMap<string, Located<JsonObject> | undefined>;

/** Every value at the path, with where it stood. Nulls and missing members give nothing. */
export function resolvePath(
  path: SourcePath,
  document: JsonObject,
  roots: Roots = new Map(),
): readonly Located[] {
  let located: readonly Located[] | undefined;
  for (const step of path.steps) {
    if (located === undefined) located = startOf(step, document, roots);
    else if (located.length === 1 && located[0] !== undefined) located = resolveStep(located[0], step);
    else if (located.length > 1) located = located.flatMap((at) => resolveStep(at, step));
    if (located.length === 0) return located;
  }
  return located ?? [];
}

/** A named root that the person lacks is nothing: a member of that name in the document is not what the path means. */
function startOf(first: Step, document: JsonObject, roots: Roots): readonly Located[] {
  if (first.choice !== undefined || !roots.has(first.name)) {
    return resolveStep({ path: '', value: document }, first);
  }
  const root = roots.get(first.name);
  return root === undefined ? [] : [root];
}

function resolveStep(at: Located, step: Step): readonly Located[] {
  if (!isJsonObject(at.value)) return [];
  if (!Object.hasOwn(at.value, step.name)) return [];
  const prefix = at.path === '' ? '' : `${at.path}.`;
  if (step.choice === undefined) {
    const value = memberOf(at.value, step.name);
    return value === undefined || value === null ? [] : [{ path: `${prefix}${step.name}`, value }];
  }
  return choose(at.value, step.name, step.choice).map(({ path, value }) => ({
    path: `${prefix}${path}`,
    value,
  }));
}

function choose(object: JsonObject, name: string, choice: Choice): readonly Located<JsonObject>[] {
  switch (choice.kind) {
    case 'current':
      return currentElements(object, name).slice(0, 1);
    case 'all':
      return currentElements(object, name);
    case 'every': {
      const { current, former } = everyElement(object, name);
      return [...current, ...former];
    }
    case 'where':
      return currentElements(object, name).filter(
        ({ value }) => memberOf(value, choice.member) === choice.value,
      );
  }
}
