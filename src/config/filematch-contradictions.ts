import path from 'node:path';
import { z } from 'zod';
import { overlappingFolders } from './overlapping-folders.js';
import { formatPath, type ConfigurationProblem } from './problems.js';
import { valueAt } from './settings-tree.js';

/** What the settings of Filematch demand of one another. */
export function filematchContradictions(settings: unknown): ConfigurationProblem[] {
  return [...scores(settings), ...window(settings), ...folders(settings)];
}

function scores(settings: unknown): ConfigurationProblem[] {
  const strong = valueAt(settings, ['filematch', 'strongScore']) ?? 85;
  const weak = valueAt(settings, ['filematch', 'weakScore']) ?? 60;
  if (typeof strong !== 'number' || typeof weak !== 'number' || weak <= strong) return [];
  return [
    {
      path: 'filematch.weakScore',
      found: `${weak} beside filematch.strongScore: ${strong}`,
      expected: `at most ${strong} beside it, since a match is a candidate, too`,
    },
  ];
}

function window(settings: unknown): ConfigurationProblem[] {
  const from = valueAt(settings, ['filematch', 'window', 'from']);
  const to = valueAt(settings, ['filematch', 'window', 'to']);
  if (typeof from !== 'string' || from !== to) return [];
  return [
    { path: 'filematch.window.to', found: 'the same as from', expected: 'another time, or no window at all' },
  ];
}

function folders(settings: unknown): ConfigurationProblem[] {
  const clients = z
    .array(z.unknown())
    .catch([])
    .parse(valueAt(settings, ['clients']));
  const all = clients.map((client) => {
    const folder = valueAt(client, ['filematch', 'folder']);
    return typeof folder === 'string' ? path.resolve(folder) : undefined;
  });
  const unused = all.flatMap((folder, index): ConfigurationProblem[] => {
    const protocols = valueAt(clients[index], ['protocols']);
    if (folder === undefined || !Array.isArray(protocols) || protocols.includes('filematch')) return [];
    return [
      {
        path: formatPath(['clients', index, 'filematch', 'folder']),
        found: 'a client without the protocol filematch',
        expected: 'filematch in its protocols',
      },
    ];
  });
  return [...overlappingFolders(all), ...unused];
}
