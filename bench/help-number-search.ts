/**
 * What a search in the adapter's own register of help numbers costs with 50 000 people in it: on the disk, sealed, names
 * of 600 given and 3 000 family names. Mean milliseconds of processor time, people found, and the longest time that
 * nobody else got a turn.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { SearchQuery } from '../src/registry/search.js';
import { openTestStore } from '../test/store/store-fixture.js';
import { callerOf, changeBy, helpNumberBench } from '../test/support/help-number-bench.js';
import { helpNumber, recordedAddress, recordOf } from '../test/support/help-numbers.js';
import { dayIn } from '../test/support/preg-person.js';
import { isNationalId } from '../src/person/national-id.js';

const PEOPLE = 50_000;
const SYLLABLES = ['an', 'be', 'ka', 'lo', 'mi', 'no', 'ra', 'si', 'to', 'vi', 'ør', 'ås', 'el', 'ho', 'ju'];

/** The invented word of an index: another one for each below 3 375. */
function word(index: number): string {
  const parts = [index % 15, Math.floor(index / 15) % 15, Math.floor(index / 225) % 15];
  return parts.map((part) => SYLLABLES[part] ?? '').join('');
}

function day(index: number): string {
  return new Date(Date.UTC(1930, 0, 1) + ((index * 7_919) % 33_000) * 86_400_000).toISOString().slice(0, 10);
}

const searches: readonly (readonly [string, Omit<SearchQuery, 'withHelpNumbers' | 'limit'>])[] = [
  ['names and birth date', { name: { given: word(7), family: word(217) }, birth: aDay(day(7)) }],
  [
    'beginnings of names and birth year',
    { name: { full: `${word(7).slice(0, 3)} ${word(217).slice(0, 3)}` }, birth: aYear(day(7).slice(0, 4)) },
  ],
  ['two letters and a post code', { name: { family: 'Ka' }, address: { postalCode: '0155' } }],
  ['one name alone', { name: { given: word(7) } }],
  ['nothing that narrows it down', { gender: 'F', name: { given: 'k' } }],
];

function aDay(text: string): NonNullable<SearchQuery['birth']> {
  return { from: dayIn(text), to: dayIn(text) };
}

function aYear(year: string): NonNullable<SearchQuery['birth']> {
  return { from: dayIn(`${year}-01-01`), to: dayIn(`${year}-12-31`) };
}

const directory = mkdtempSync(join(tmpdir(), 'preg-adapter-bench-'));
const store = openTestStore(directory);
try {
  const { caller } = changeBy();
  const origin = { at: new Date(), ...caller, requester: undefined, operation: 'add' as const };
  store.helpNumbers.change(origin, (writer) => {
    for (let index = 0; index < PEOPLE; index += 1) {
      const number = String(80_000_000_000 + index);
      if (!isNationalId(number)) throw new RangeError('not a number');
      writer.insert(
        number,
        recordOf({
          name: { given: word(index % 600), middle: null, family: word((index * 31) % 3_000) },
          gender: index % 2 === 0 ? 'F' : 'M',
          birth: day(index),
          addresses: [
            recordedAddress({
              lines: [`Storgata ${index % 90}`],
              postalCode: String(index % 3_000).padStart(4, '0'),
              postalPlace: 'Oslo',
            }),
          ],
        }),
      );
    }
  });
  const { registry } = helpNumberBench({ repository: store.helpNumbers });
  for (const [what, criteria] of searches) {
    const query: SearchQuery = { ...criteria, withHelpNumbers: true, limit: 100 };
    const delay = monitorEventLoopDelay({ resolution: 1 });
    let total = 0;
    delay.enable();
    const before = process.cpuUsage();
    for (let round = 0; round < 10; round += 1) ({ total } = await registry.search(query, callerOf()));
    const { user, system } = process.cpuUsage(before);
    delay.disable();
    const mean = ((user + system) / 10_000).toFixed(1);
    const longest = (delay.max / 1e6).toFixed(0);
    process.stdout.write(`${what}: ${mean} ms, ${total} found, others waited ${longest} ms at most\n`);
  }
  const lookups = 2_000;
  const before = process.cpuUsage();
  for (let round = 0; round < lookups; round += 1) store.helpNumbers.supersededBy(helpNumber(round));
  const { user, system } = process.cpuUsage(before);
  const mean = ((user + system) / 1_000 / lookups).toFixed(3);
  process.stdout.write(`"which numbers does this one answer for?": ${mean} ms\n`);
} finally {
  store.close();
  rmSync(directory, { recursive: true, force: true });
}
