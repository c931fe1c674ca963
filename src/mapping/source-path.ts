/**
 * The path language of mappings/person.yaml. A path is names joined by dots. A name may carry a choice of elements:
 * `name[current]` the newest element that holds today, `name[all]` every element that holds today, `name[every]` former elements too,
 * `name[role=Mother]` those of them whose member has that value.
 * A path may start at a named root (`residence`, `mailing`) instead of the document.
 */
import { DocumentPlaces, type Roots } from './document-places.js';
import type { Located } from './elements.js';
import type { JsonObject } from './json.js';
import { ReadDocument } from './read-document.js';

export type { Roots } from './document-places.js';

/** A parsed path. */
export interface SourcePath {
  readonly text: string;
  readonly steps: readonly Step[];
  /** Where the last step starts from; undefined for a path of one step. Paths that were parsed together share theirs. */
  readonly parent: SourcePath | undefined;
  readonly lastStep: Step;
}

/** One name of a path, and which elements of the list of that name are meant; undefined for whatever stands there. */
export interface Step {
  readonly name: string;
  readonly choice: Choice | undefined;
}

/** A choice of elements. */
export type Choice =
  | { readonly kind: 'current' }
  | { readonly kind: 'all' }
  | { readonly kind: 'every' }
  | { readonly kind: 'where'; readonly member: string; readonly value: string };

/** Parses the paths of a table. Those that begin alike share that beginning, so that it is looked up once in a document. */
export class SourcePaths {
  readonly #known = new Map<string, SourcePath>();

  /** Parses a path. @throws SyntaxError naming the path. */
  parse(text: string): SourcePath {
    return this.#beginning(text, text);
  }

  #beginning(text: string, path: string): SourcePath {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const end = text.lastIndexOf('.');
    const parent = end === -1 ? undefined : this.#beginning(text.slice(0, end), path);
    const lastStep = parseStep(text.slice(end + 1), path);
    const parsed = { text, steps: [...(parent?.steps ?? []), lastStep], parent, lastStep };
    this.#known.set(text, parsed);
    return parsed;
  }
}

/** Parses a path that stands alone. @throws SyntaxError naming the path. */
export function parseSourcePath(text: string): SourcePath {
  return new SourcePaths().parse(text);
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

/** Every value at the path, with where it stood. Nulls and missing members give nothing. */
export function resolvePath(path: SourcePath, document: JsonObject, roots?: Roots): readonly Located[] {
  return new DocumentPlaces(new ReadDocument(document), roots).at(path);
}
