import { MalformedRequest } from '../errors/errors.js';
import type { XmlElement } from './element.js';
import { escapeAttribute } from './escape.js';

/** A document as text, and the tree that `readXml` made of that very text. */
export interface ReadDocument {
  readonly text: string;
  readonly root: XmlElement;
}

// Quotation marks guard a `>` inside of an attribute, and nothing else can hold a `<` in what the reader has let pass. No part can
// match in two ways, so that long tags take no longer than short ones.
const MARKUP =
  /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<(\/)?[^\s/>"'=<]+[^"'>]*(?:(?:"[^"]*"|'[^']*')[^"'>]*)*>/g;

/**
 * An element of a document as it stands there, comments and CDATA included, with the prefixes declared that it takes from around
 * it: the text is a document of its own and means the same.
 * @throws MalformedRequest when the text is another document than the tree
 * @throws TypeError when the element is not of the tree, a mistake of the caller
 */
export function elementText({ text, root }: ReadDocument, element: XmlElement): string {
  const way = wayTo(root, element);
  if (way === undefined) throw new TypeError('the element is not of the tree');
  const { start, startTag, end } = placeOf(text, way.indices);
  const slice = text.slice(start, end);
  const declarations = missingDeclarations(startTag, slice, way.parent);
  const name = /^<[^\s/>]+/.exec(startTag)?.[0] ?? '';
  return name + declarations + slice.slice(name.length);
}

interface Way {
  /** Which child to take, from the root down. */
  readonly indices: readonly number[];
  /** The element around it; undefined for the root. */
  readonly parent: XmlElement | undefined;
}

function wayTo(root: XmlElement, wanted: XmlElement, parent?: XmlElement): Way | undefined {
  if (root === wanted) return { indices: [], parent };
  for (const [index, child] of root.children.entries()) {
    const way = wayTo(child, wanted, root);
    if (way !== undefined) return { indices: [index, ...way.indices], parent: way.parent };
  }
  return undefined;
}

interface Place {
  readonly start: number;
  readonly startTag: string;
  readonly end: number;
}

/** Goes through the tags and counts children on the way down. */
function placeOf(text: string, indices: readonly number[]): Place {
  /** How many elements of each open level have been passed; the outermost level holds the root alone. */
  const passed = [0];
  let onTheWay = 0;
  let begun: Omit<Place, 'end'> | undefined;
  for (const { 0: tag, 1: slash, index } of text.matchAll(MARKUP)) {
    if (/^<[!?]/.test(tag)) continue;
    const level = passed.length - 1;
    if (slash === undefined) {
      const here = passed[level] ?? 0;
      passed[level] = here + 1;
      if (begun === undefined && onTheWay === level && here === (level === 0 ? 0 : indices[level - 1])) {
        onTheWay += 1;
        if (level === indices.length) begun = { start: index, startTag: tag };
      }
      if (!tag.endsWith('/>')) {
        passed.push(0);
        continue;
      }
    } else {
      passed.pop();
    }
    if (begun !== undefined && passed.length - 1 === indices.length) {
      return { ...begun, end: index + tag.length };
    }
  }
  throw new MalformedRequest('XML text and its tree differ');
}

/** Declarations of what the element takes from around it; prefixes that stand nowhere in it are left out. */
function missingDeclarations(startTag: string, slice: string, parent: XmlElement | undefined): string {
  const own = new Set(
    // Values are passed over as a whole: what looks like a declaration in one is none.
    Array.from(startTag.matchAll(/\s([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')/g), ([, name = '']) => name)
      .filter((name) => /^xmlns(?::|$)/.test(name))
      .map((name) => name.slice('xmlns:'.length)),
  );
  return [...(parent?.prefixes ?? [])]
    .filter(([prefix]) => prefix !== 'xml' && !own.has(prefix))
    .filter(([prefix]) => prefix === '' || slice.includes(`${prefix}:`))
    .map(
      ([prefix, namespace]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(namespace)}"`,
    )
    .join('');
}
