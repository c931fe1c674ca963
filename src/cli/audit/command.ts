import { Command } from 'commander';
import type { Surroundings } from '../surroundings.js';
import { exportCommand } from './export.js';
import { extractCommand } from './extract.js';
import { searchCommand } from './search.js';
import { verifyCommand } from './verify.js';

/** `preg-adapter audit`: who looked whom up, and whether that record is whole. */
export function auditCommand(surroundings: Surroundings): Command {
  const audit = new Command('audit').summary('look into the audit trail, and prove that it is whole');
  for (const command of [
    verifyCommand(surroundings),
    searchCommand(surroundings),
    extractCommand(surroundings),
    exportCommand(surroundings),
  ]) {
    audit.addCommand(command);
  }
  return audit;
}
