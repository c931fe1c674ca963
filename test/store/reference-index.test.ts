import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { systemRandom } from '../../src/runtime/system-random.js';
import { ReferenceIndex } from '../../src/store/reference-index.js';
import { runs } from '../support/long-runs.js';
import { temporaryFolders } from '../support/temporary-folder.js';

describe('the index of references', () => {
  const folder = temporaryFolders();
  const indexIn = (directory: string, pendingAtMost?: number): ReferenceIndex =>
    new ReferenceIndex(path.join(directory, 'references'), systemRandom, pendingAtMost);

  it('says of each row whether an earlier one has its reference, in whatever order it is asked', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            reference: fc.constantFrom('', 'a', 'b', 'æ', 'A'),
            row: fc.integer({ min: 1, max: 9 }),
          }),
        ),
        fc.integer({ min: 1, max: 4 }),
        (questions, pendingAtMost) => {
          const index = indexIn(folder(), pendingAtMost);
          const first = new Map<string, number>();
          for (const { reference, row } of questions) {
            const earliest = Math.min(first.get(reference) ?? row, row);
            first.set(reference, earliest);
            expect(index.isFirst(reference, row)).to.equal(earliest === row);
          }
          index.close();
        },
      ),
      { numRuns: runs(60) },
    );
  }).timeout(20_000);

  it('knows what it has written, and what it has not', () => {
    const index = indexIn(folder(), 10);
    for (let row = 1; row <= 95; row += 1) expect(index.isFirst(`ref ${row}`, row)).to.equal(true);
    for (let row = 1; row <= 95; row += 1) {
      expect(index.isFirst(`ref ${row}`, row + 100)).to.equal(false);
      expect(index.isFirst(`ref ${row}`, row)).to.equal(true);
    }
    index.close();
  });

  it('makes no file before it is asked', () => {
    const directory = folder();
    const index = indexIn(directory);
    expect(existsSync(path.join(directory, 'references'))).to.equal(false);
    index.close();
  });

  it('takes nothing over from a file that is there', () => {
    const directory = folder();
    writeFileSync(path.join(directory, 'references'), 'not a database at all'.repeat(100));
    const index = indexIn(directory);
    expect(index.isFirst('ref', 1)).to.equal(true);
    index.close();
    expect(existsSync(path.join(directory, 'references'))).to.equal(false);
  });

  it('writes no reference in clear, and the same one differently each time', () => {
    const [one, other] = [folder(), folder()];
    const written = [one, other].map((directory) => {
      const index = indexIn(directory, 1);
      for (const row of [1, 2, 3]) index.isFirst('REF-00001', row);
      index.isFirst('REF-00002', 4);
      index.isFirst('REF-00003', 5);
      const bytes = readFileSync(path.join(directory, 'references'));
      index.close();
      return bytes;
    });
    for (const bytes of written) expect(bytes.includes('REF-0000')).to.equal(false);
    expect(written[0]?.length).to.equal(written[1]?.length);
    expect(written[0]).to.not.deep.equal(written[1]);
  });

  it('fails for as long as there is no room, and has forgotten nothing when there is again', function () {
    // The limit on the size of files stands for a full disk; it is lifted from outside of the process.
    if (spawnSync('prlimit', ['--version']).status !== 0) this.skip();
    const module = new URL('../../src/store/reference-index.js', import.meta.url);
    const runtime = new URL('../../src/runtime/system-random.js', import.meta.url);
    const script = `
      import { execFileSync } from 'node:child_process';
      import { ReferenceIndex } from ${JSON.stringify(module.href)};
      import { systemRandom } from ${JSON.stringify(runtime.href)};
      const index = new ReferenceIndex(${JSON.stringify(path.join(folder(), 'references'))}, systemRandom, 500);
      const rows = Array.from({ length: 10_000 }, (_, row) => row);
      const fails = (row) => { try { index.isFirst('ref ' + row, row); return false; } catch { return true; } };
      const failed = rows.findIndex(fails);
      const again = [0, failed, failed + 1].every(fails);
      execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
      const wrong = rows.filter((row) => !index.isFirst('ref ' + row, row)).length
        + rows.filter((row) => index.isFirst('ref ' + row, row + 1)).length;
      console.log(JSON.stringify({ hasFailed: failed > 0, again, wrong }));`;
    const child = spawnSync(
      'sh',
      ['-c', 'ulimit -S -f 200; exec "$0" --input-type=module --eval "$1"', process.execPath, script],
      { encoding: 'utf8' },
    );
    expect(child.stdout.trim(), child.stderr).to.equal('{"hasFailed":true,"again":true,"wrong":0}');
  }).timeout(20_000);
});
