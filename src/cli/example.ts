import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';

/** A GetDemographics request by the sandbox account, with NOW where its timestamp goes. */
export function examplePath(): string {
  return join(packageRoot(), 'docs', 'examples', 'get-demographics.xml');
}

/** A query of HL7 v2 for the same person, with NOW where its timestamp goes. */
export function hl7v2ExamplePath(): string {
  return join(packageRoot(), 'docs', 'examples', 'patient-demographics-query.hl7');
}
