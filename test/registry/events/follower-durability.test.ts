import path from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { DATABASE_FILE } from '../../../src/store/database.js';
import { RunningProgram } from '../../support/adapter-program.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

const program = fileURLToPath(new URL('follower-program.js', import.meta.url));
/** Longer than the log is held by somebody who is gone. */
const HELD = 10 * 60_000;

describe('the follower, killed', function () {
  this.timeout(60_000);
  const folder = temporaryFolders();

  for (const point of ['before', 'within', 'after'] as const) {
    it(`${point} the commit of a page, has every event once when it starts again`, async () => {
      const directory = folder();
      const run = (...args: readonly string[]): ReturnType<typeof RunningProgram.command> =>
        RunningProgram.command(process.execPath, [program, directory, ...args]);
      const kills = [2, 1, 2];
      for (const [index, page] of kills.entries()) {
        const killed = run(String(index * HELD), point, String(page));
        expect(await killed.ended, killed.stderr).to.deep.equal({ code: null, signal: 'SIGKILL' });
        const stored = point === 'after' ? [2, 3, 5] : [1, 1, 2];
        expect(countIn(directory)).to.equal(1_000 * (stored[index] ?? 0));
      }
      // After the third kill behind its commit nothing is left to read.
      if (point !== 'after') {
        const last = run(String(kills.length * HELD));
        expect(await last.ended, last.stderr).to.deep.equal({ code: 0, signal: null });
      }
      expect(countIn(directory)).to.equal(5_000);
      expect(stateIn(directory)).to.deep.equal({ next: 5_002, lowest: 2, highest: 5_001, people: 700 });
    });
  }
});

function countIn(directory: string): unknown {
  return ask(directory, (database) => database.prepare('SELECT count(*) FROM followed_event').pluck().get());
}

function stateIn(directory: string): unknown {
  return ask(directory, (database) =>
    database
      .prepare(
        `SELECT next, (SELECT min(sequence) FROM followed_event) AS lowest,
           (SELECT max(sequence) FROM followed_event) AS highest,
           (SELECT count(*) FROM followed_person) AS people
         FROM event_follower`,
      )
      .get(),
  );
}

function ask<Answer>(directory: string, question: (database: BetterSqlite3.Database) => Answer): Answer {
  const database = new BetterSqlite3(path.join(directory, DATABASE_FILE));
  try {
    return question(database);
  } finally {
    database.close();
  }
}
