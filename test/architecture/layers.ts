import type { Import, SourceFile } from './source-files.js';

/**
 * The layers of DESIGN's hourglass as rules on imports. A rule speaks of the files in some folders: either of what they may
 * import at most, or of who alone may import them, or of what they must not import.
 */
export type Rule = { readonly because: string } & (
  | { readonly files: readonly string[]; readonly importOnly: readonly string[] }
  | {
      readonly files: readonly string[];
      readonly importNot: readonly string[];
      readonly except?: readonly string[];
    }
  | { readonly files: readonly string[]; readonly importedOnlyBy: readonly string[] }
);

/** Protocols stand beside one another above the waist. */
export const protocols = ['hl7v3', 'preg-xml', 'hl7v2', 'filematch'].map((name) => `legacy/${name}`);

/** What stands below the waist: where people come from, the way there, and what is kept. */
const belowTheWaist = [
  'registry/persontjenesten',
  'registry/preg',
  'registry/help-numbers',
  'registry/changes',
  'helseid',
  'outbound',
  'sandbox',
  'store',
];

/** Who puts the parts together. */
const composers = ['main.ts', 'upstream.ts', 'preg-source.ts', 'cli', 'fixtures'];

export const rules: readonly Rule[] = [
  {
    because: 'the domain imports nothing and does no I/O',
    files: ['person'],
    importOnly: ['person'],
  },
  {
    because: 'errors are known to everybody and know nobody',
    files: ['errors'],
    importOnly: ['errors'],
  },
  {
    because: 'the mapping is pure: data in, a person out',
    files: ['mapping'],
    importOnly: ['mapping', 'person', 'yaml', 'zod'],
  },
  {
    because: 'charsets are known to protocols and know none',
    files: ['charset'],
    importOnly: ['charset', 'mapping/data-file.ts', 'iconv-lite', 'zod', 'node:fs/promises', 'node:path'],
  },
  {
    because: 'the published contracts are known to who serves them and to who calls them, and know neither',
    files: ['contract'],
    importOnly: ['contract', 'errors', 'person', 'xml', 'yaml', 'zod', 'node:crypto', 'node:fs/promises'],
  },
  {
    because: 'above the waist a contract is served, below it one is called',
    files: ['contract'],
    importedOnlyBy: ['contract', 'legacy', 'registry/preg', ...composers],
  },
  ...protocols.map((protocol) => ({
    because: 'a protocol never looks sideways into another one',
    files: [protocol],
    importNot: protocols.filter((other) => other !== protocol),
  })),
  {
    because: 'legacy code never looks below the waist',
    files: ['legacy'],
    importNot: belowTheWaist,
  },
  {
    because:
      'the translation of people is not the business of protocols; the code tables are shared vocabulary',
    files: ['legacy'],
    importNot: ['mapping'],
    except: ['mapping/code-table.ts'],
  },
  {
    because: 'nothing below the waist looks up',
    files: ['registry', ...belowTheWaist],
    importNot: ['legacy'],
  },
  {
    because: 'the composition root is the only place that wires',
    files: ['legacy'],
    importedOnlyBy: ['legacy', ...composers],
  },
  {
    because: 'the composition root is the only place that wires',
    files: ['registry/persontjenesten', 'registry/preg'],
    importedOnlyBy: ['registry', ...composers],
  },
  {
    because:
      'the composition root is the only place that wires; the store fills in the ports of the registers',
    files: ['registry/help-numbers', 'registry/changes'],
    importedOnlyBy: ['registry', 'store', ...composers],
  },
  {
    because: 'the composition root is the only place that wires',
    files: ['helseid', 'outbound'],
    importedOnlyBy: ['helseid', 'outbound', 'registry/persontjenesten', 'registry/preg', ...composers],
  },
  {
    because: 'the composition root is the only place that wires',
    files: ['store'],
    importedOnlyBy: ['store', ...composers],
  },
  {
    because: 'nobody stands above those who put the parts together',
    files: composers,
    importedOnlyBy: composers,
  },
  {
    because: 'the command line is the way in, and nobody’s part',
    files: ['cli'],
    importedOnlyBy: ['cli'],
  },
  {
    because: 'the adapter has no code path that knows of the sandbox',
    files: ['sandbox'],
    importedOnlyBy: ['sandbox', 'cli'],
  },
  {
    because: 'the sandbox judges the adapter, so it shares no judgement with it',
    files: ['sandbox'],
    importNot: [
      'access',
      'config',
      'helseid',
      'legacy',
      'mapping',
      'operations',
      'outbound',
      'registry',
      'store',
      'xml',
    ],
  },
];

/** Where a file breaks a rule, one line each: file, import, reason. */
export function offences(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((imported) =>
      rules
        .filter((rule) => breaks(rule, file.path, imported))
        .map(({ because }) => `${file.path} imports ${imported.written}: ${because}`),
    ),
  );
}

function breaks(rule: Rule, importer: string, imported: Import): boolean {
  const target = imported.file ?? imported.written;
  if ('importedOnlyBy' in rule) {
    return imported.file !== undefined && isIn(target, rule.files) && !isIn(importer, rule.importedOnlyBy);
  }
  if (!isIn(importer, rule.files)) return false;
  if ('importOnly' in rule) return !isIn(target, rule.importOnly);
  return imported.file !== undefined && isIn(target, rule.importNot) && !isIn(target, rule.except ?? []);
}

/** Whether a file is one of these, or lies in one of these folders; so for packages and their parts. */
function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

/** Files outside of `cli/` that read the environment or the command line. */
export function readersOfSurroundings(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => !isIn(path, ['cli']))
    .flatMap(({ path, imports, processMembers }) => [
      ...processMembers
        .filter((member) => ['env', 'argv', 'argv0', 'execArgv', '*'].includes(member))
        .map((member) => `${path} reads process.${member}`),
      ...imports
        .filter(({ written }) => written === 'node:process' || written === 'process')
        .map(({ written }) => `${path} imports ${written}`),
    ]);
}

/** A folder of the hourglass: the top folder, and below `legacy/` and `registry/` the one after it. */
export function layerOf(path: string): string {
  const folders = path.split('/').slice(0, -1);
  const depth = folders[0] === 'legacy' || folders[0] === 'registry' ? 2 : 1;
  return folders.slice(0, depth).join('/') || 'main';
}

/** One circle of imports among the nodes that `nodeOf` makes of files, if there is any: `a → b → a`. Types do not count. */
export function circle(files: readonly SourceFile[], nodeOf: (path: string) => string): string | undefined {
  const graph = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const from = nodeOf(path);
    const targets = graph.get(from) ?? new Set();
    graph.set(from, targets);
    for (const { file, typeOnly } of imports) {
      if (file !== undefined && !typeOnly && nodeOf(file) !== from) targets.add(nodeOf(file));
    }
  }
  const done = new Set<string>();
  const circleFrom = (node: string, way: readonly string[]): string | undefined => {
    if (way.includes(node)) return [...way.slice(way.indexOf(node)), node].join(' → ');
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const found = circleFrom(next, [...way, node]);
      if (found !== undefined) return found;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const found = circleFrom(node, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
