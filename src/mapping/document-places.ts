import { ElementIndex } from './element-index.js';
import type { Located } from './elements.js';
import { isJsonObject, memberOf, type JsonObject } from './json.js';
import type { ReadDocument } from './read-document.js';
import type { Choice, SourcePath, Step } from './source-path.js';

/** Named starting points besides the document itself; undefined for one that this person does not have. */
export type Roots = ReadonlyMap<string, Located<JsonObject> | undefined>;

const NO_ROOTS: Roots = new Map();
const NOTHING: readonly Located[] = [];

/** What stands at the paths of one document, with the roots of one record; what paths have in common is looked up once. */
export class DocumentPlaces {
  /** What stands where paths of several steps begin. */
  readonly #beginnings = new Map<SourcePath, readonly Located[]>();

  constructor(
    readonly document: ReadDocument,
    private readonly roots: Roots = NO_ROOTS,
  ) {}

  /** Every value at the path, with where it stood. Nulls and missing members give nothing. */
  at(path: SourcePath): readonly Located[] {
    const { parent, lastStep } = path;
    return parent === undefined ? this.#start(lastStep) : follow(this.#beginning(parent), lastStep);
  }

  #beginning(path: SourcePath): readonly Located[] {
    const known = this.#beginnings.get(path);
    if (known !== undefined) return known;
    const found = this.at(path);
    this.#beginnings.set(path, found);
    return found;
  }

  /** A named root that the person lacks is nothing: a member of that name in the document is not what the path means. */
  #start(step: Step): readonly Located[] {
    if (step.choice !== undefined) return chosen(this.document.elements, step.name, step.choice);
    if (!this.roots.has(step.name)) return member(this.document.content, step.name, step.name);
    const root = this.roots.get(step.name);
    return root === undefined ? NOTHING : [root];
  }
}

function follow(from: readonly Located[], step: Step): readonly Located[] {
  const [first] = from;
  if (first === undefined) return NOTHING;
  return from.length === 1 ? followOne(first, step) : from.flatMap((at) => followOne(at, step));
}

function followOne({ path, value }: Located, { name, choice }: Step): readonly Located[] {
  if (!isJsonObject(value)) return NOTHING;
  if (choice === undefined) return member(value, name, `${path}.${name}`);
  return chosen(new ElementIndex(value), name, choice).map((element) => ({
    path: `${path}.${element.path}`,
    value: element.value,
  }));
}

function member(object: JsonObject, name: string, path: string): readonly Located[] {
  const value = memberOf(object, name);
  return value === undefined || value === null ? NOTHING : [{ path, value }];
}

function chosen(elements: ElementIndex, name: string, choice: Choice): readonly Located<JsonObject>[] {
  switch (choice.kind) {
    case 'current':
      return elements.current(name).slice(0, 1);
    case 'all':
      return elements.current(name);
    case 'every':
      return elements.every(name);
    case 'where':
      return elements.current(name).filter(({ value }) => memberOf(value, choice.member) === choice.value);
  }
}
