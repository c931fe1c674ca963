import { cpSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { RunningProgram } from '../support/adapter-program.js';
import { programs } from '../support/programs.js';
import { freePorts, served } from '../support/started-adapter.js';
import { deployed } from './files-of-deployment.js';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The instructions of each stage, the first of which says what it is from. */
function stages(): readonly (readonly Instruction[])[] {
  const found: Instruction[][] = [];
  const text = deployed('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '');
  for (const [, name = '', rest = ''] of text.matchAll(/^([A-Z]+) (.*)$/gm)) {
    if (name === 'FROM') found.push([]);
    found.at(-1)?.push({ name, rest });
  }
  return found;
}

const [build = [], final = []] = stages();
const restOf = (stage: readonly Instruction[], name: string): readonly string[] =>
  stage.filter((one) => one.name === name).map(({ rest }) => rest);

describe('the Dockerfile', function () {
  // A program that starts, on a busy machine.
  this.timeout(60_000);
  const run = programs();

  it('has two stages over one image, and leaves what only building takes in the first', () => {
    expect(stages()).to.have.length(2);
    const [from = ''] = restOf(build, 'FROM');
    expect(from.split(' ')[0]).to.equal(restOf(final, 'FROM')[0]);
    expect(restOf(build, 'RUN').join('\n')).to.contain('npm prune --omit=dev');
    expect(restOf(final, 'RUN').join('\n')).not.to.match(/apt-get|npm/);
  });

  it('runs as nobody special, by number, with one folder to write to', () => {
    expect(restOf(final, 'USER')).to.deep.equal(['10001:10001']);
    expect(final.findLastIndex(({ name }) => name === 'COPY')).to.be.lessThan(
      final.findIndex(({ name }) => name === 'USER'),
    );
    expect(restOf(final, 'VOLUME')).to.deep.equal(['/var/lib/preg-adapter']);
    expect(deployed('Dockerfile')).to.contain('--read-only').and.contain('--cap-drop ALL');
  });

  it('takes nothing from the folder but what its ignore file lets through', () => {
    const allowed = [...deployed('Dockerfile.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path);
    const copied = [
      ...restOf(build, 'COPY'),
      ...restOf(final, 'COPY').filter((rest) => !rest.startsWith('--from')),
    ].flatMap((rest) => rest.split(' ').slice(0, -1));
    expect([...new Set(copied)].sort()).to.deep.equal([...allowed].sort());
    expect(deployed('Dockerfile.dockerignore')).to.match(/^\*$/m);
    for (const path of copied)
      expect(statSync(join(packageRoot(), path), { throwIfNoEntry: false }), path).to.not.equal(undefined);
  });

  it('makes an image that has all that a start takes, and is not written to', async () => {
    const image = join(run.folder(), 'image');
    mkdirSync(image);
    for (const rest of restOf(final, 'COPY')) {
      const parts = rest.replace('--from=build ', '').replaceAll('/build/', '').split(' ');
      const target = parts.at(-1) ?? '';
      for (const source of parts.slice(0, -1)) {
        const [from, to] = [join(packageRoot(), source), join(image, target === './' ? source : target)];
        if (source === 'node_modules') symlinkSync(from, to);
        else cpSync(from, to, { recursive: true });
      }
    }
    const before = contents(image);
    const data = join(run.folder(), 'data');
    const program = run.watch(
      RunningProgram.command(
        process.execPath,
        [join(image, 'bin', 'preg-adapter.js'), 'start', '--config', join(image, 'config', 'sandbox.yaml')],
        { environment: freePorts(data) },
      ),
    );
    await served(program, data);
    program.signal('SIGTERM');
    expect(await program.ended, program.stderr).to.deep.equal({ code: 0, signal: null });
    expect(contents(image)).to.deep.equal(before);
  });
});

/** Everything in a folder but the packages, with its time. */
function contents(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('node_modules'))
    .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`)
    .sort();
}
