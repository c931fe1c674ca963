/** What a page of HTML is made of, as far as a reader without tolerance sees it. */
export interface PageStructure {
  /** Every id, in order. */
  readonly ids: readonly string[];
  /** Elements that were left open, or closed without having been opened. */
  readonly open: readonly string[];
}

/** Elements that have no end. */
const empty: ReadonlySet<string> = new Set(['meta', 'link', '!doctype', 'br', 'hr', 'img', 'input']);

/** Reads a page whose attributes all stand in double quotes. @throws Error for a tag that is none */
export function readXml(page: string): PageStructure {
  const ids: string[] = [];
  const open: string[] = [];
  const content = page.replace(/<style>[^]*?<\/style>/g, '');
  for (const [tag, end, name = '', attributes = '', closed] of content.matchAll(
    /<(\/?)([!a-z][a-z0-9]*)((?:\s+[a-z][a-z:-]*(?:="[^"<]*")?)*)\s*(\/?)>/gi,
  )) {
    const id = /\sid="([^"]+)"/.exec(attributes)?.[1];
    if (id !== undefined) ids.push(id);
    if (empty.has(name.toLowerCase()) || closed === '/') continue;
    if (end === '') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else open.push(tag);
  }
  const rest = content.replace(/<\/?[!a-z][a-z0-9]*(?:\s+[a-z][a-z:-]*(?:="[^"<]*")?)*\s*\/?>/gi, '');
  if (rest.includes('<')) throw new Error(`no tag: ${rest.slice(rest.indexOf('<'), rest.indexOf('<') + 40)}`);
  return { ids, open };
}
