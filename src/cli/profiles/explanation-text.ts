import { protocols } from '../../access/legacy-client.js';
import { aligned } from '../aligned.js';
import type { PlacesTold, ProfileExplanation } from './explanation.js';

const WIDTH = 110;

/** The explanation for people. */
export function explanationText(explanation: ProfileExplanation): string {
  const { profile, access, fill, clients, groups, informationParts } = explanation;
  const shown = groups.filter((one) => one.shown);
  const view = access === null ? 'as each client’s own' : `${access} at most`;
  return [
    `Profile ${profile}: ${shown.length} of ${groups.length} groups of fields. Access: ${view}. mapping.fill: ${fill}.\n`,
    clients.length === 0
      ? 'No client has it.\n'
      : aligned([
          ['CLIENT', 'STATE', 'PROTOCOLS', 'ACCESS'],
          ...clients.map((client) => [
            client.id,
            client.enabled ? 'enabled' : 'disabled',
            client.protocols.join(','),
            client.access,
          ]),
        ]),
    `Groups that it shows:\n${listed(shown.map(({ group, fields }) => [group, fields]))}`,
    `Groups that it does not show:\n${listed(
      groups.filter((one) => !one.shown).map(({ group, fields }) => [group, fields]),
    )}`,
    ...placesText('Blank, since it is outside of the profile', 'blank', explanation),
    ...placesText(
      'Blank whatever the profile, since the register does not have it, or mapping.fill leaves it out',
      'blankForAll',
      explanation,
    ),
    `Questions:\n${questions(explanation)}`,
    `Asked of Persontjenesten (information part, and what for):\n${listed(
      informationParts.asked.map(({ part, for: fields }) => [
        part,
        fields.length === 0 ? [reasonFor(part)] : fields,
      ]),
    )}`,
    `Not asked for, where complete would have it asked for:\n${
      informationParts.leftOut.length === 0 ? '  nothing\n' : wrapped(informationParts.leftOut, '  ')
    }`,
  ].join('\n');
}

function placesText(
  title: string,
  which: keyof PlacesTold,
  { protocols: told }: ProfileExplanation,
): readonly string[] {
  const entries = protocols.map((protocol) => [protocol, told[protocol][which]] as const);
  return [
    `${title}:\n${listed(entries.map(([name, places]) => [name, places.length === 0 ? ['nothing'] : places]))}`,
  ];
}

function questions({ searches: { refused, filematch, children } }: ProfileExplanation): string {
  const criteria = refused.length === 0 ? 'by everything' : `refused with any of ${refused.join(', ')}`;
  return aligned([
    ['  searches', criteria],
    [
      '  Filematch',
      filematch ? 'rows without a number are searched for' : 'rows without a number are refused (E902)',
    ],
    ['  children', children ? 'told' : 'told to be none (GetChildren is answered with an empty list)'],
  ]);
}

/** Only what is asked for with everything has no field of its own. */
function reasonFor(part: string): string {
  return part === 'NorwegianIdentificationNumber'
    ? 'to check the answer against the number asked for'
    : 'to know whose address is protected';
}

function listed(entries: readonly (readonly [name: string, items: readonly string[]])[]): string {
  if (entries.length === 0) return '  none\n';
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries
    .map(([name, items]) => {
      const lines = wrapped(items, ' '.repeat(width + 4));
      return `  ${name.padEnd(width)}  ${lines.trimStart()}`;
    })
    .join('');
}

/** Items in lines of a readable length. */
function wrapped(items: readonly string[], margin: string): string {
  const lines: string[] = [];
  let line = '';
  for (const [index, item] of items.entries()) {
    const text = index === items.length - 1 ? item : `${item},`;
    if (line !== '' && margin.length + line.length + 1 + text.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? text : `${line} ${text}`;
  }
  return [...lines, line].map((one) => `${margin}${one}\n`).join('');
}
