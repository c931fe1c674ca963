import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { fixturesCommand } from '../../src/cli/fixtures.js';
import { exitCodeOf } from '../../src/cli/report.js';
import { readXml } from '../../src/xml/reader.js';
import { copyCase } from '../support/fixture-folder.js';
import { temporaryFolders } from '../support/temporary-folder.js';

describe('fixtures run', () => {
  const newFolder = temporaryFolders();

  async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    let out = '';
    let err = '';
    const output = {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (err += text) },
    };
    const code = await exitCodeOf(async () => {
      await fixturesCommand({ output }).parseAsync(['run', ...args], { from: 'user' });
    }, output);
    return { code, out, err };
  }

  /** A folder with one case that passes and, if told so, one that fails. */
  function folderOfCases({ failing = false } = {}): string {
    const root = newFolder();
    copyCase(root, 'not-found');
    if (failing) {
      const changes = { 'expected.xml': (text: string) => text.replace('code="NF"', 'code="OK"') };
      copyCase(root, 'not-found', changes, 'not-found-2');
    }
    return root;
  }

  it('prints a line for each case and ends with 0 when all pass', async () => {
    const { code, out, err } = await run('--folder', folderOfCases());
    expect([code, err]).to.deep.equal([0, '']);
    expect(out).to.match(/^pass {2}hl7v3\/not-found: [^\n]+\n1 passed, 0 failed\n$/);
  });

  it('shows the difference and ends with 1 when a case fails', async () => {
    const { code, out, err } = await run('--folder', folderOfCases({ failing: true }));
    expect(code).to.equal(1);
    expect(out).to.match(/^FAIL {2}hl7v3\/not-found-2: /m);
    expect(out).to.match(/^ {6}-\s+<queryResponseCode code="OK"\/>$/m);
    expect(out).to.contain('1 passed, 1 failed\n');
    expect(err).to.match(/^Some cases failed[^\n]+\n$/);
  });

  it('runs the cases of the pattern alone', async () => {
    const { code, out } = await run('hl7v3/not-found', '--folder', folderOfCases({ failing: true }));
    expect(code).to.equal(0);
    expect(out).to.contain('1 passed, 0 failed\n');
  });

  it('runs the shipped cases when no folder is given', async () => {
    const { code, out } = await run('hl7v3/not-found');
    expect([code, out.endsWith('1 passed, 0 failed\n')]).to.deep.equal([0, true]);
  });

  it('writes JUnit XML beside, whether cases pass or fail', async () => {
    const root = folderOfCases({ failing: true });
    const file = join(root, 'junit.xml');
    expect((await run('--folder', root, '--junit', file)).code).to.equal(1);
    const report = readXml(readFileSync(file, 'utf8'));
    expect([report.attributes.get('tests'), report.attributes.get('failures')]).to.deep.equal(['2', '1']);
  });

  it('says in one sentence that a report cannot be written', async () => {
    const { code, err } = await run('--folder', folderOfCases(), '--junit', '/nowhere/junit.xml');
    expect([code, err]).to.deep.equal([1, '/nowhere/junit.xml cannot be written (ENOENT).\n']);
  });

  it('accepts answers with --update, names what it wrote and ends with 0', async () => {
    const root = folderOfCases({ failing: true });
    const { code, out, err } = await run('--folder', root, '--update');
    expect([code, out, err]).to.deep.equal([0, 'updated  hl7v3/not-found-2\n', '']);
    expect((await run('--folder', root)).code).to.equal(0);
    expect((await run('--folder', root, '--update')).out).to.equal('');
  });

  it('accepts no answer to a question that is not recorded, and ends with 1', async () => {
    const root = newFolder();
    const folder = copyCase(root, 'not-found', { 'upstream.json': '[]', 'expected.xml': null });
    const { code, out, err } = await run('--folder', root, '--update');
    expect(code).to.equal(1);
    expect(out).to.match(/^FAIL {2}hl7v3\/not-found\n {6}asked but not recorded/);
    expect(err).to.match(/^Some answers were not accepted[^\n]+\n$/);
    expect(existsSync(join(folder, 'expected.xml'))).to.equal(false);
  });

  it('says in one sentence that there is no such case or no such folder', async () => {
    const root = folderOfCases();
    expect(await run('hl7v2/*', '--folder', root)).to.deep.equal({
      code: 1,
      out: '',
      err: `There is no case hl7v2/* in ${root}.\n`,
    });
    expect(await run('--folder', '/nowhere')).to.deep.equal({
      code: 1,
      out: '',
      err: 'There is no folder /nowhere.\n',
    });
  });

  it('names a case that cannot be read', async () => {
    const root = newFolder();
    const folder = copyCase(root, 'not-found', { 'case.yaml': 'proves: short\n' });
    const { code, out, err } = await run('--folder', root);
    expect([code, out]).to.deep.equal([1, '']);
    expect(err).to.contain(join(folder, 'case.yaml')).and.to.contain('proves');
    expect(err).to.not.match(/\bat .*:\d+/);
  });
});
