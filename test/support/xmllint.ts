import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes documents to a folder and tells what xmllint finds wrong with them, one line each. */
export type Validate = (folder: string, documents: ReadonlyMap<string, string>) => readonly string[];

/** Validation against a schema; undefined where xmllint is not installed. */
export function xmllint(schema: string): Validate | undefined {
  if (spawnSync('xmllint', ['--version'], { stdio: 'ignore' }).status !== 0) return undefined;
  return (folder, documents) => {
    const files = [...documents].map(([name, text]) => {
      const file = join(folder, `${name.replaceAll(/[^\w-]/g, '_')}.xml`);
      writeFileSync(file, text);
      return file;
    });
    const { stderr, status } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, ...files], {
      encoding: 'utf8',
    });
    const complaints = stderr.split('\n').filter((line) => line !== '' && !line.endsWith(' validates'));
    return complaints.length > 0 || status === 0 ? complaints : [`xmllint ended with ${String(status)}`];
  };
}
