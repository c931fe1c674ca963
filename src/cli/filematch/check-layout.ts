import { createReadStream } from 'node:fs';
import { Argument, Command } from 'commander';
import { errorCode } from '../../errors/error-code.js';
import type { Survey } from '../../legacy/filematch/jobs/job.js';
import type { Layout } from '../../legacy/filematch/layout/layout.js';
import { loadLayout } from '../../legacy/filematch/layout/load-layouts.js';
import { readRows } from '../../legacy/filematch/reading/read-rows.js';
import { surveyFile } from '../../legacy/filematch/reading/survey.js';
import { FileRejected, inputFields, type InputField, type InputRow } from '../../legacy/filematch/record.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';

/** `preg-adapter filematch check-layout FILE`: whether a layout can be used, and what it makes of a file. */
export function checkLayoutCommand({ output }: Pick<Surroundings, 'output'>): Command {
  return new Command('check-layout')
    .summary('check a layout file, and show what it reads in a sample')
    .description(
      'Reads a layout file as filematch.layoutFiles would, and lists every problem. With a sample, which is a file of rows in\n' +
        'that layout, shows its first row field by field and counts the rows that would be rejected for their form. The sample is\n' +
        'read here and sent nowhere, but what is shown is as secret as the sample.\n' +
        'Exit code 0 when layout and sample can be used.',
    )
    .addArgument(new Argument('<layout>', 'the layout file, in JSON'))
    .option('--sample <file>', 'a file of rows to read by it')
    .action(async (file: string, { sample }: { readonly sample?: string }) => {
      const layout = await loadLayout(file);
      output.stdout.write(`${file} is valid: ${summary(layout)}.\n`);
      if (sample !== undefined) output.stdout.write(await accountOf(sample, layout));
    });
}

function summary(layout: Layout): string {
  const facts = `layout ${layout.name}, ${layout.format.name} ${layout.format.version}, days as ${layout.dates}`;
  if (layout.encoding === 'csv')
    return `${facts}, CSV with ${layout.input.length} columns in and ${layout.output.length} out`;
  return `${facts}, fixed width with ${layout.input.length} characters in and ${layout.output.length} out`;
}

async function accountOf(sample: string, layout: Layout): Promise<string> {
  try {
    const survey = await surveyFile(createReadStream(sample), [layout], {
      orgNumber: '',
      organisations: 'all',
      mode: 'V',
      customerRef: '',
    });
    return await rowsOf(sample, layout, survey);
  } catch (error) {
    if (error instanceof FileRejected)
      throw new CommandFailed(`${sample} would be rejected: ${error.message}`);
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new CommandFailed(`${sample} cannot be read (${code}).`);
  }
}

async function rowsOf(sample: string, layout: Layout, { charset, rows, header }: Survey): Promise<string> {
  let first: InputRow | undefined;
  const problems = new Map<string, { count: number; readonly line: number }>();
  for await (const row of readRows(createReadStream(sample), layout, charset)) {
    first ??= row;
    if (row.problem === null) continue;
    const found = problems.get(row.problem) ?? { count: 0, line: row.line };
    problems.set(row.problem, { ...found, count: found.count + 1 });
  }
  const organisation = header.orgNumber === '' ? '' : ` from ${header.orgNumber}`;
  return [
    `${sample} is ${charset} in mode ${header.mode}${organisation}, with ${rows} ${rows === 1 ? 'row' : 'rows'}.`,
    ...(first === undefined ? [] : shown(first, layout)),
    ...[...problems]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([code, { count, line }]) => `${code} in ${count} of the rows, first in line ${line}.`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function shown(row: InputRow, layout: Layout): readonly string[] {
  const fields = inputFields.map((field) => ({
    field,
    place: placeOf(field, layout),
    text: row[field] ?? '',
  }));
  const width = Math.max(...fields.map(({ place }) => place.length));
  return [
    `Its first row, line ${row.line}:`,
    ...fields.map(({ field, place, text }) =>
      `  ${field.padEnd(12)}  ${place.padEnd(width)}  ${printable(text)}`.trimEnd(),
    ),
  ];
}

function placeOf(field: InputField, layout: Layout): string {
  if (layout.encoding === 'csv') return layout.input.find((column) => column.field === field)?.name ?? '-';
  const place = layout.input.detail.find((candidate) => candidate.field === field);
  return place === undefined ? '-' : `${place.from}-${place.to}`;
}

/** A sample in the wrong layout may hold anything, also what a terminal would obey. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}
