import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import type { AuditVerdict, BadEntries, KnownEntry } from '../../store/audit-verification.js';
import { configurationOption } from '../configuration-option.js';
import { operatorEntry } from '../operator-entry.js';
import { withStore } from '../opened-store.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';

interface VerifyOptions {
  readonly config: string;
  readonly known?: KnownEntry;
  readonly json?: boolean;
}

/** `preg-adapter audit verify`: follows the chain and names the first entry that does not fit. */
export function verifyCommand(surroundings: Surroundings): Command {
  const { stdout } = surroundings.output;
  return new Command('verify')
    .summary('follow the chain of entries, and name the first that was changed, moved or deleted')
    .description(
      'Also beside a running server. Ends with exit code 1 where something does not fit. Note the last line outside of this\n' +
        'machine from time to time: with --known it shows that nobody has set the whole store back.',
    )
    .addOption(configurationOption())
    .addOption(
      new Option(
        '--known <number:link>',
        'an entry as an earlier run has told it, to be found again',
      ).argParser(known),
    )
    .option('--json', 'as JSON')
    .action(async ({ config, known: noted, json = false }: VerifyOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const verdict = await withStore(configuration, surroundings, (store) => {
        const found = store.audit.verify(noted);
        // Nothing of it is about anybody; it is of most use where no entry can be written.
        stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : verdictText(found));
        store.audit.record([
          operatorEntry(surroundings, 'audit verify', {
            count: found.badCount,
            outcome: found.badCount === 0 ? 'done' : 'refused',
          }),
        ]);
        return found;
      });
      if (verdict.badCount > 0) throw new CommandFailed('The audit trail is not as it was written.');
    });
}

function verdictText(verdict: AuditVerdict): string {
  const { bad, badCount, chained, beforeChain, beganAt, removed, head, known: noted } = verdict;
  const [first, ...others] = bad;
  const lines = [
    first === undefined ? 'The audit trail is whole.' : `First bad entry: ${badText(first)}`,
    ...others.map((one) => `Then: ${badText(one)}`),
    ...(badCount > bad.length ? [`And ${badCount - bad.length} more.`] : []),
    `In the chain: ${entries(chained)}${beganAt === null ? '' : `, since ${beganAt}`}.`,
    ...(beforeChain.count > 0
      ? [`From before the chain: ${entries(beforeChain.count)}, up to number ${beforeChain.last}.`]
      : []),
    ...(removed.madeUntil === null
      ? []
      : [`Taken away by retention: ${entries(removed.count)}, made until ${removed.madeUntil}.`]),
    ...(noted === null ? [] : [knownTexts[noted]]),
    ...(head === null ? [] : [`To note outside: ${head.seq}:${head.link}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const knownTexts = {
  found: 'The entry that was noted is there as it was.',
  removed: 'The entry that was noted has been taken away by retention.',
  'not-found': 'The entry that was noted is not there as it was.',
} as const;

function badText({ fault, first, last, belongsAt }: BadEntries): string {
  const which = first === last ? `number ${first}` : `numbers ${first} to ${last}`;
  const one = first === last;
  switch (fault) {
    case 'changed':
      return `${which} was changed after it was written.`;
    case 'reordered':
      return `${which} holds what was written as number ${belongsAt ?? 'unknown'}: entries were reordered.`;
    case 'deleted':
      return `${which} ${one ? 'was' : 'were'} deleted, and not by retention.`;
    case 'truncated':
      return `${which} ${one ? 'is' : 'are'} gone: the end was cut off.`;
    case 'unlinked':
      return `${which} was written when the record of the chain's end had been changed: what was there before may have been replaced.`;
    case 'end-changed':
      return `${which} is not where the chain ended: the record of its end was changed, or entries were added or replaced.`;
    case 'not-as-noted':
      return `${which} is not the entry that was noted: the trail was replaced.`;
  }
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

function known(text: string): KnownEntry {
  const [, seq, link] = /^(\d{1,15}):([0-9a-f]{32})$/.exec(text) ?? [];
  if (seq !== undefined && link !== undefined) return { seq: Number(seq), link };
  throw new InvalidArgumentError('A number, a colon and 32 of 0-9a-f are expected.');
}
