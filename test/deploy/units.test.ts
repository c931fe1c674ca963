import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { runCommand } from '../support/command-line.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { deployed, valuesOf } from './files-of-deployment.js';

const INSTALLED = '/opt/preg-adapter';
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
const units = readdirSync(join(packageRoot(), 'deploy')).filter((name) => /\.(?:service|timer)$/.test(name));
const services = units.filter((name) => name.endsWith('.service'));

describe('the units of systemd', function () {
  this.timeout(20_000);
  const folder = temporaryFolders();

  /** The units as they would be here, in a folder of their own. */
  function unitsHere(): readonly string[] {
    const place = folder();
    return units.map((name) => {
      const file = join(place, name);
      const text = deployed(name)
        .replaceAll(INSTALLED, packageRoot())
        .replaceAll('/usr/bin/node', process.execPath);
      writeFileSync(file, text);
      return file;
    });
  }

  it('are what systemd takes, without a word', function () {
    if (!hasSystemd) this.skip();
    const judged = spawnSync('systemd-analyze', ['verify', '--man=no', ...unitsHere()], { encoding: 'utf8' });
    expect([judged.status, judged.stderr, judged.stdout]).to.deep.equal([0, '', '']);
  });

  it('are shut in, by the judgement of systemd', function () {
    if (!hasSystemd || !canJudgeOffline()) this.skip();
    for (const file of unitsHere().filter((name) => name.endsWith('.service'))) {
      const judged = spawnSync(
        'systemd-analyze',
        ['security', '--no-pager', '--offline=true', '--threshold=15', file],
        { encoding: 'utf8' },
      );
      expect(judged.status, judged.stdout.split('\n').slice(-3).join('\n')).to.equal(0);
    }
  });

  for (const name of services) {
    it(`${name} runs a command that there is, as nobody special, and leaves no memory on the disk`, async () => {
      const unit = deployed(name);
      expect(valuesOf(unit, 'User')).to.deep.equal(['preg-adapter']);
      expect(valuesOf(unit, 'NoNewPrivileges')).to.deep.equal(['yes']);
      expect(valuesOf(unit, 'CapabilityBoundingSet')).to.deep.equal(['']);
      expect(valuesOf(unit, 'ProtectSystem')).to.deep.equal(['strict']);
      expect(valuesOf(unit, 'LimitCORE')).to.deep.equal(['0']);
      expect(valuesOf(unit, 'UMask')).to.deep.equal(['0077']);
      const [start = ''] = valuesOf(unit, 'ExecStart');
      const [, program = '', command = '', options = ''] =
        /\/usr\/bin\/node \/opt\/preg-adapter(\/\S+) (\w+)([^"']*)/.exec(start) ?? [];
      expect(existsSync(join(packageRoot(), program)), program).to.equal(true);
      const { code, out } = await runCommand([command, '--help']);
      expect(code).to.equal(0);
      const used = [...options.matchAll(/--\w+/g)].map(([option]) => option);
      expect(used).to.include('--config');
      for (const option of used) expect(out).to.contain(option);
    });
  }

  it('have the adapter reload by SIGHUP, end by SIGTERM, and wait for as long as a request may take', () => {
    const unit = deployed('preg-adapter.service');
    expect(valuesOf(unit, 'ExecReload')).to.deep.equal(['/bin/kill -HUP $MAINPID']);
    expect(valuesOf(unit, 'KillSignal'), 'SIGTERM where nothing is said').to.deep.equal([]);
    // listeners.legacy.requestDeadlineSeconds where nothing is said.
    expect(Number(valuesOf(unit, 'TimeoutStopSec')[0])).to.be.at.least(30 + 10);
  });

  it('lead to one folder for data, and one for backups', () => {
    for (const name of services)
      expect(valuesOf(deployed(name), 'StateDirectory')).to.deep.equal(['preg-adapter']);
    const backup = deployed('preg-adapter-backup.service');
    const [folderOfBackups = ''] = valuesOf(backup, 'ReadWritePaths');
    expect(valuesOf(backup, 'ExecStart')[0]).to.contain(`--out "${folderOfBackups}/`);
    expect(valuesOf(backup, 'ExecStartPost')[0]).to.contain(`${folderOfBackups} `);
  });
});

function canJudgeOffline(): boolean {
  return spawnSync('systemd-analyze', ['--help'], { encoding: 'utf8' }).stdout.includes('--offline');
}
