import { Command } from 'commander';
import type { Surroundings } from '../surroundings.js';
import { clearRouteCommand } from './clear-route.js';
import { differencesCommand } from './differences.js';
import { setRouteCommand } from './set-route.js';
import { showCommand } from './show.js';

/** `preg-adapter cutover`: which register answers whom, and what came of asking both. */
export function cutoverCommand(surroundings: Surroundings): Command {
  const cutover = new Command('cutover').summary('move clients from PREG to Persontjenesten, and back');
  for (const command of [
    showCommand(surroundings),
    setRouteCommand(surroundings),
    clearRouteCommand(surroundings),
    differencesCommand(surroundings),
  ]) {
    cutover.addCommand(command);
  }
  return cutover;
}
