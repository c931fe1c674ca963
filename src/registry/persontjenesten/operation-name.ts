const named = new Set([
  'get-by-nin',
  'bulk-by-nin',
  'bulk-by-id',
  'paged-match-list',
  'match-count',
  'latest',
  'event',
  'ping',
]);

/** Every name that {@link operationOf} gives but `other`. */
export const operationNames: readonly string[] = [...named, 'search', 'person'];

/** The operation that a path is for. What stands in a path otherwise is an id, and no id is told. */
export function operationOf(path: string): string {
  const end = path.lastIndexOf('/');
  const name = path.slice(end + 1);
  if (named.has(name)) return name;
  const kind = path.slice(path.lastIndexOf('/', end - 1) + 1, end);
  if (kind === 'search' && name === 'person') return 'search';
  return kind === 'person' ? 'person' : 'other';
}
