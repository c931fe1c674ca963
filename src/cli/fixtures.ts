import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { loadTransliteration } from '../charset/transliteration.js';
import { loadMappings } from '../config/mapping-files.js';
import { packageRoot } from '../config/package-root.js';
import { errorCode } from '../errors/error-code.js';
import { findCases } from '../fixtures/find-cases.js';
import type { FixtureSetting } from '../fixtures/fixture-adapter.js';
import { InvalidFixture } from '../fixtures/case-files.js';
import { readGoldenCase, type GoldenCase } from '../fixtures/golden-case.js';
import { junitReport } from '../fixtures/junit.js';
import type { CaseResult } from '../fixtures/run-case.js';
import { loadLayouts } from '../legacy/filematch/layout/load-layouts.js';
import { loadFilematchTexts } from '../legacy/filematch/writing/filematch-texts.js';
import { loadContract } from '../contract/preg-xml/load-contract.js';
import { loadTypeTable } from '../legacy/hl7v3/schema/load-type-table.js';
import { CommandFailed, type Output } from './report.js';
import type { Surroundings } from './surroundings.js';

interface RunOptions {
  readonly folder: string;
  readonly junit?: string;
  readonly update?: boolean;
}

/** `preg-adapter fixtures`: the golden cases of the integration team. */
export function fixturesCommand({ output }: Pick<Surroundings, 'output'>): Command {
  return new Command('fixtures')
    .summary('run golden cases: request, upstream exchange, expected answer')
    .addCommand(runCommand(output));
}

function runCommand(output: Output): Command {
  return new Command('run')
    .summary('run the cases and show what differs')
    .description(
      'Runs golden cases against the mapping and the protocols of this installation, without network.\n' +
        'Exit code 0 when every case passes.',
    )
    .addArgument(
      new Argument('[pattern]', 'cases as protocol/case, where * stands for anything').default('*'),
    )
    .addOption(
      new Option('--folder <folder>', 'where the cases lie').default(
        join(packageRoot(), 'fixtures'),
        'fixtures of this installation',
      ),
    )
    .option('--junit <file>', 'write the results as JUnit XML too')
    .option('--update', 'accept what is answered now as what is expected')
    .action(async (pattern: string, options: RunOptions) => {
      const cases = await readCases(options.folder, pattern);
      const setting = await fixtureSetting();
      if (options.update === true) await updateAll(cases, setting, output);
      else await runAll(cases, setting, options.junit, output);
    });
}

/** What cases are run with: the mappings and message types of this installation. */
export async function fixtureSetting(): Promise<FixtureSetting> {
  const folder = join(packageRoot(), 'mappings');
  const contract = join(folder, 'preg-xml', 'contract.yaml');
  const [mappings, types, contract2016, contract2018, layouts, texts, transliteration] = await Promise.all([
    loadMappings(folder),
    loadTypeTable(join(folder, 'hl7v3', 'types.yaml')),
    loadContract(contract, '2016'),
    loadContract(contract, '2018'),
    loadLayouts([]),
    loadFilematchTexts(folder),
    loadTransliteration(folder),
  ]);
  return {
    mappings,
    types,
    contracts: { '2016': contract2016, '2018': contract2018 },
    transliteration,
    filematch: { layouts, texts },
  };
}

async function readCases(folder: string, pattern: string): Promise<readonly GoldenCase[]> {
  try {
    const folders = await findCases(folder, pattern);
    if (folders.length === 0) throw new CommandFailed(`There is no case ${pattern} in ${folder}.`);
    return await Promise.all(folders.map(readGoldenCase));
  } catch (error) {
    if (error instanceof InvalidFixture) throw new CommandFailed(error.message);
    throw error;
  }
}

async function runAll(
  cases: readonly GoldenCase[],
  setting: FixtureSetting,
  junit: string | undefined,
  output: Output,
): Promise<void> {
  const results: CaseResult[] = [];
  for (const fixture of cases) {
    const result = await fixture.run(setting);
    results.push(result);
    output.stdout.write(lineFor(result));
  }
  if (junit !== undefined) await writeReport(junit, results);
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  output.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  if (failed > 0)
    throw new CommandFailed('Some cases failed; run with --update to accept the answers of today.');
}

async function writeReport(file: string, results: readonly CaseResult[]): Promise<void> {
  try {
    await writeFile(file, junitReport(results));
  } catch (error) {
    throw new CommandFailed(`${file} cannot be written (${errorCode(error) ?? 'unknown'}).`);
  }
}

function lineFor({ name, proves, problems }: CaseResult): string {
  const mark = problems.length === 0 ? 'pass' : 'FAIL';
  return `${mark}  ${name}: ${proves}\n${accountOf(problems)}`;
}

function accountOf(problems: readonly string[]): string {
  return problems.map((problem) => `${problem.replaceAll(/^/gm, '      ').trimEnd()}\n`).join('');
}

async function updateAll(
  cases: readonly GoldenCase[],
  setting: FixtureSetting,
  output: Output,
): Promise<void> {
  let refused = 0;
  for (const fixture of cases) {
    const { name, changed, problems } = await fixture.update(setting);
    if (changed) output.stdout.write(`updated  ${name}\n`);
    if (problems.length === 0) continue;
    refused += 1;
    output.stdout.write(`FAIL  ${name}\n${accountOf(problems)}`);
  }
  if (refused > 0)
    throw new CommandFailed(
      'Some answers were not accepted: first mend case.yaml, the request or upstream.json.',
    );
}
