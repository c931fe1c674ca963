import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../src/config/package-root.js';
import { checkHints } from '../../src/operations/check-hints.js';
import { followedBlocks, patternOf } from './followed-blocks.js';
import { HospitalInAFolder } from './hospital-in-a-folder.js';

const text = (name: string): string => readFileSync(join(packageRoot(), 'docs', name), 'utf8');
const handbook = text('operations.md');
const blocks = followedBlocks(handbook);
const hasTools = ['bash', 'curl', 'openssl', 'setsid'].every(
  (tool) => spawnSync('which', [tool]).status === 0,
);

describe('the handbook, followed to the letter', function () {
  // Programs that start, one after the other, on a busy machine; nothing here is about speed.
  this.timeout(180_000);
  let hospital: HospitalInAFolder | undefined;

  before(async function () {
    if (!hasTools) this.skip();
    hospital = await HospitalInAFolder.in(mkdtempSync(join(tmpdir(), 'preg-adapter-handbook-')));
  });

  after(() => {
    hospital?.remove();
  });

  /** What people do by hand before a block. */
  const byHand: Readonly<Record<string, (one: HospitalInAFolder) => void>> = {
    'Install 2': (one) => {
      one.writeConfiguration();
    },
    'Certificates, passwords and keys 2': (one) => {
      one.keepPreviousPassword();
    },
    'Certificates, passwords and keys 4': (one) => {
      one.putNewSealingKeyFirst();
    },
  };

  for (const { heading, place, commands, says } of blocks) {
    it(`${heading}, ${place}: ${commands.split('\n')[0] ?? ''}`, () => {
      if (hospital === undefined) throw new Error('there is no hospital');
      byHand[`${heading} ${place}`]?.(hospital);
      const { status, output } = hospital.run(commands);
      expect(status, `${commands}\n${output}`).to.equal(0);
      for (const line of says ?? []) expect(output.replaceAll('\n', ' '), output).to.match(patternOf(line));
    });
  }

  it('led to what it says: a renewed certificate, settings that hold, and an audit trail that is whole', () => {
    if (hospital === undefined) throw new Error('there is no hospital');
    const { status, output } = hospital.run(
      'openssl s_client -connect "$LEGACY" </dev/null 2>/dev/null | openssl x509 -noout -subject\n' +
        'preg-adapter audit verify --config "$CONFIG"\npreg-adapter audit export --config "$CONFIG"\nsystemctl stop preg-adapter',
    );
    expect(status, output).to.equal(0);
    expect(output).to.contain('second').and.contain('The audit trail is whole.');
    for (const operation of ['backup', 'restore', 'cutover set', 'cutover clear', 'audit verify']) {
      expect(output, operation).to.contain(operation);
    }
  });
});

describe('the handbook', () => {
  it('has its commands for each thing to be done', () => {
    const headings = new Set(blocks.map(({ heading }) => heading));
    expect([...headings]).to.deep.equal([
      'Install',
      'Start and look',
      'Changing settings',
      'Certificates, passwords and keys',
      'Back up',
      'Restore',
      'Upgrade',
      'Cut over',
    ]);
  });

  const sectionOf = (heading: string): string =>
    new RegExp(`^## ${heading}\n(.*?)^## `, 'ms').exec(handbook)?.[1] ?? '';
  const rows = sectionOf('Alarms')
    .split('\n')
    .filter((line) => /^\| (?:`[\w-]+` )?\|/.test(line) || /^\| {2}\|/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it('tells what each health check means, and no other', () => {
    const told = rows.map(([, check = '']) => check.replaceAll('`', '')).filter((check) => check !== '');
    const [meanings = '', causes = ''] = sectionOf('Health').split('\n### Causes\n');
    const checksIn = (table: string): string[] =>
      [...table.matchAll(/^\| `([\w-]+)`/gm)].map(([, name = '']) => name);
    const checks = checksIn(meanings);
    expect(checks).to.include.members(Object.keys(checkHints));
    expect([...told].sort()).to.deep.equal([...checks].sort());
    expect(checks).to.include.members(checksIn(causes));
    expect(checksIn(causes)).not.to.deep.equal([]);
  });

  it('tells what each alert means', () => {
    const alerts = z
      .object({ groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string() })) })) })
      .parse(parse(text('examples/alerts.yaml')))
      .groups.flatMap(({ rules }) => rules.map(({ alert }) => alert.replace('PregAdapter', '')));
    const told = new Set(rows.flatMap(([, , names = '']) => names.split(', ').filter((name) => name !== '')));
    expect([...told].sort()).to.deep.equal([...alerts].sort());
  });

  it('tells how long each table of the store is kept', () => {
    expect(handbook).to.contain('preg-adapter.before-restore-').and.contain('**you delete them**');
  });
});
