import { folderProblems } from '../filematch/drop-folder-problems.js';
import { failed, ok, type Finding } from './finding.js';
import type { Examine } from './patient.js';

/** Whether the drop folders of clients are there and can be used by this user. */
export const examineDropFolders: Examine = async ({ configuration }) => {
  const named = configuration.clients.filter(
    ({ enabled, filematch }) => enabled && filematch.folder !== undefined,
  );
  if (named.length === 0) return [];
  const problems = await folderProblems({ clients: configuration.clients });
  if (problems.length > 0) {
    return problems.map(({ path, found }): Finding =>
      failed(
        `${path}: ${found}`,
        'Mount it, or give the user of the adapter the right to read and write it: docs/filematch.md.',
      ),
    );
  }
  return [ok(`${named.length} ${named.length === 1 ? 'drop folder is' : 'drop folders are'} there`)];
};
