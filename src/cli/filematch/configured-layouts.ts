import { formatPath, nearest, ConfigurationError, type ConfigurationProblem } from '../../config/problems.js';
import type { Configuration } from '../../config/schema.js';
import type { Layout } from '../../legacy/filematch/layout/layout.js';
import { loadLayouts } from '../../legacy/filematch/layout/load-layouts.js';
import { folderProblems, sharedFolders } from './drop-folder-problems.js';

/** The settings that name layouts and folders. */
export type FilematchPlaces = Pick<Configuration, 'clients' | 'filematch'>;

/**
 * Reads the layouts, those of all clients among them.
 * @throws InvalidLayout for a file that cannot be used, ConfigurationError for names that no layout has
 */
export async function configuredLayouts(
  configuration: FilematchPlaces,
): Promise<ReadonlyMap<string, Layout>> {
  const layouts = await loadLayouts(configuration.filematch.layoutFiles);
  requireKnownLayouts(configuration, [...layouts.keys()]);
  return layouts;
}

/** @throws ConfigurationError for names of clients' layouts that none of those has */
export function requireKnownLayouts(
  settings: Pick<FilematchPlaces, 'clients'>,
  known: readonly string[],
): void {
  const problems = unknownLayouts(settings, known);
  if (problems.length > 0) throw new ConfigurationError('the settings', problems);
}

/**
 * What is wrong with names of layouts, and with drop folders as they are now. A folder that is missing keeps nothing from
 * starting: it may be a mount that is away.
 * @throws InvalidLayout
 */
export async function filematchProblems(
  configuration: FilematchPlaces,
): Promise<readonly ConfigurationProblem[]> {
  const layouts = await loadLayouts(configuration.filematch.layoutFiles);
  return [
    ...unknownLayouts(configuration, [...layouts.keys()]),
    ...(await sharedFolders(configuration)),
    ...(await folderProblems(configuration)),
  ];
}

function unknownLayouts(
  { clients }: Pick<FilematchPlaces, 'clients'>,
  known: readonly string[],
): ConfigurationProblem[] {
  return clients.flatMap(({ filematch }, index) =>
    filematch.layouts.flatMap((name, place): ConfigurationProblem[] => {
      if (known.includes(name)) return [];
      const meant = nearest(name, known);
      return [
        {
          path: formatPath(['clients', index, 'filematch', 'layouts', place]),
          found: `"${name}", which no layout file has`,
          expected: meant === undefined ? `one of ${known.join(', ')}` : `perhaps ${meant}`,
        },
      ];
    }),
  );
}
