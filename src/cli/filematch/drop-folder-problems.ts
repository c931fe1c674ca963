import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { overlappingFolders } from '../../config/overlapping-folders.js';
import { formatPath, type ConfigurationProblem } from '../../config/problems.js';
import type { Configuration } from '../../config/schema.js';
import { errorCode } from '../../errors/error-code.js';

type Clients = Pick<Configuration, 'clients'>;

/** Drop folders that turn out to be one, or within one another, once links are followed. */
export async function sharedFolders({ clients }: Clients): Promise<readonly ConfigurationProblem[]> {
  return overlappingFolders(await Promise.all(clients.map(({ filematch }) => realFolder(filematch.folder))));
}

/** What is wrong with drop folders as they are now. */
export async function folderProblems({ clients }: Clients): Promise<readonly ConfigurationProblem[]> {
  return (await Promise.all(clients.map(folderProblem))).flat();
}

/** As it is written where it is not there: what is wrong with it is told elsewhere. */
async function realFolder(folder: string | undefined): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  try {
    return await realpath(folder);
  } catch {
    return path.resolve(folder);
  }
}

async function folderProblem(
  { filematch: { folder } }: Configuration['clients'][number],
  index: number,
): Promise<ConfigurationProblem[]> {
  const found = folder === undefined ? undefined : await folderTrouble(folder);
  if (found === undefined) return [];
  return [
    {
      path: formatPath(['clients', index, 'filematch', 'folder']),
      found,
      expected: 'a folder that is there, which the adapter may read and write',
    },
  ];
}

async function folderTrouble(folder: string): Promise<string | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) return 'something that is no folder';
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    return code === 'ENOENT' ? 'a folder that is not there' : `a folder that cannot be used (${code})`;
  }
}
