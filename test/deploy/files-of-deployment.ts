import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';

/** A file of deploy/, as text. */
export function deployed(name: string): string {
  return readFileSync(join(packageRoot(), 'deploy', name), 'utf8');
}

/** The settings of a unit, in order; a name may come several times. */
export function settingsOf(unit: string): readonly (readonly [name: string, value: string])[] {
  return [...unit.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const);
}

/** The values of one setting. */
export function valuesOf(unit: string, name: string): readonly string[] {
  return settingsOf(unit)
    .filter(([one]) => one === name)
    .map(([, value]) => value);
}
