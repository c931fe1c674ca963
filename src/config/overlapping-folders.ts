import path from 'node:path';
import { formatPath, type ConfigurationProblem } from './problems.js';

/**
 * Drop folders that are one, or lie within one another: files of one client must never be taken for those of another.
 * @param folders of the clients in their order, absolute; undefined for a client without one
 */
export function overlappingFolders(folders: readonly (string | undefined)[]): ConfigurationProblem[] {
  return folders.flatMap((folder, index): ConfigurationProblem[] => {
    if (folder === undefined) return [];
    const first = folders.findIndex((other) => other !== undefined && overlap(other, folder));
    return first < index ? [problemOf(index, first, folders[first] === folder)] : [];
  });
}

function problemOf(index: number, first: number, isSame: boolean): ConfigurationProblem {
  const other = settingOf(first);
  return {
    path: settingOf(index),
    found: isSame ? `the same as in ${other}` : `within the one in ${other}, or around it`,
    expected: 'a folder of its own',
  };
}

function settingOf(index: number): string {
  return formatPath(['clients', index, 'filematch', 'folder']);
}

function overlap(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

function isWithin(inner: string, outer: string): boolean {
  return withSeparator(inner).startsWith(withSeparator(outer));
}

function withSeparator(folder: string): string {
  return folder.endsWith(path.sep) ? folder : folder + path.sep;
}
