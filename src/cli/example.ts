import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';

/** A GetDemographics request by the sandbox account, with NOW where its timestamp goes. */
export function examplePath(): string {
  return join(packageRoot(), 'docs', 'examples', 'get-demographics.xml');
}
