import { Command } from 'commander';
import type { Surroundings } from '../surroundings.js';
import { checkLayoutCommand } from './check-layout.js';
import { operatorCommands } from './operate.js';
import { runFileCommand } from './run.js';

/** `preg-adapter filematch`: whole registers, file by file. */
export function filematchCommand(surroundings: Surroundings): Command {
  const filematch = new Command('filematch').summary('match files of people against the register');
  for (const command of [
    runFileCommand(surroundings),
    ...operatorCommands(surroundings),
    checkLayoutCommand(surroundings),
  ]) {
    filematch.addCommand(command);
  }
  return filematch;
}
