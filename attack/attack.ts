/**
 * Attacks an adapter with items 1 to 38 of the catalogue of attacks and faults, and prints what came of it. Exit code 1 after a
 * breach. Without --url it starts an adapter of its own; docs/attack.md tells more.
 */
import { writeFileSync } from 'node:fs';
import { carryOut } from './carry-out.js';
import { items } from './items/items.js';
import { readOptions } from './options.js';
import { asMarkdown, headingOf, rowAsText, summary, type Row } from './table.js';
import { Hospital } from './world/hospital.js';

const options = readOptions(process.argv.slice(2));
const hospital = options.target === undefined ? await Hospital.open() : undefined;
const target = options.target ?? hospital?.target;
if (target === undefined) throw new Error('nothing to attack');
const rows: Row[] = [];
try {
  for (const item of items.filter(({ number }) => options.wants(number))) {
    const chosen = options.quick ? item.probes.filter(({ quick }) => quick === true) : item.probes;
    if (chosen.length === 0) continue;
    process.stdout.write(`${headingOf(item)}\n`);
    for await (const row of carryOut({ ...item, probes: chosen }, { target, hospital })) {
      rows.push(row);
      process.stdout.write(`${rowAsText(row)}\n`);
    }
  }
} finally {
  if (options.logFile !== undefined && hospital !== undefined) {
    writeFileSync(options.logFile, `${hospital.lines.join('\n')}\n`, { mode: 0o600 });
  }
  await hospital?.close();
}
process.stdout.write(`\n${summary(rows)}\n`);
if (options.markdownFile !== undefined) writeFileSync(options.markdownFile, `${asMarkdown(rows)}\n`);
process.exitCode = rows.some(({ verdict }) => verdict === 'BREACH') ? 1 : 0;
