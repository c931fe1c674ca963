import { Command } from 'commander';
import type { Surroundings } from '../surroundings.js';
import { explainProfileCommand } from './explain-profile.js';
import { listProfilesCommand } from './list-profiles.js';

/** `preg-adapter profiles`: which fields clients see. */
export function profilesCommand(surroundings: Surroundings): Command {
  const profiles = new Command('profiles').summary('list and explain which fields clients see');
  for (const command of [listProfilesCommand(surroundings), explainProfileCommand(surroundings)]) {
    profiles.addCommand(command);
  }
  return profiles;
}
