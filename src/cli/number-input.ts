import { isNationalId, type NationalId } from '../person/national-id.js';
import { CommandFailed } from './report.js';
import { promptHidden, readPipedLine } from './secret-input.js';
import type { Surroundings } from './surroundings.js';

/** One number, from standard input: none is left in the shell history. A terminal is asked for it, and does not show it. @throws CommandFailed */
export async function readNumber({ input }: Pick<Surroundings, 'input'>): Promise<NationalId> {
  const line =
    input.isTTY === true
      ? await promptHidden('Number (not shown): ')
      : await readPipedLine(input, 'one number');
  const text = line.trim();
  if (!isNationalId(text)) throw new CommandFailed('A number has 11 digits, or 12 for DUF.');
  return text;
}
