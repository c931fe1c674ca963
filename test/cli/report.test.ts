import { expect } from 'chai';
import { CommandFailed, exitCodeOf, sentenceFor } from '../../src/cli/report.js';
import { ConfigurationError } from '../../src/config/problems.js';
import { UpstreamUnavailable } from '../../src/errors/errors.js';
import { InvalidMapping } from '../../src/mapping/data-file.js';
import { ListenerUnavailable } from '../../src/operations/listening.js';
import { UnusablePersonFile } from '../../src/sandbox/population/person-folder.js';
import { StoreUnavailable } from '../../src/store/store-errors.js';

describe('reporting a failed command', () => {
  const problem = { path: 'a.b', found: '1', expected: '2' };
  for (const [what, error] of [
    ['a broken configuration', new ConfigurationError('c.yaml', [problem])],
    ['a data folder that cannot be written', new StoreUnavailable('/data', 'permission denied')],
    ['a port in use', new ListenerUnavailable('listeners.legacy', '127.0.0.1', 1, systemError('EADDRINUSE'))],
    ['a port in use, told by the system', systemError('EADDRINUSE')],
    ['a port that needs a privilege', systemError('EACCES')],
    ['an address of another machine', systemError('EADDRNOTAVAIL')],
    ['a listening error without a text of its own', systemError('EMFILE')],
    ['a broken mapping', new InvalidMapping('person.yaml', 'there is no row for nin')],
    ['a person that the sandbox cannot use', new UnusablePersonFile('a.json', 'is not JSON')],
    ['an upstream that is down', new UpstreamUnavailable('connection refused')],
    ['a complaint of the command', new CommandFailed('Nothing was typed.')],
  ] as const) {
    it(`says one plain sentence and gives exit code 1 for ${what}`, async () => {
      const { code, out, err } = await run(() => Promise.reject(error));
      expect(code).to.equal(1);
      expect(out).to.equal('');
      expect(err).to.match(/^[^\n]+\.\n$/);
      expect(err).to.not.match(/\bat .*:\d+|Unforeseen|undefined/);
    });
  }

  it('lists the problems of a configuration one a line', () => {
    const error = new ConfigurationError('c.yaml', [problem, { ...problem, path: 'a.c' }]);
    expect(sentenceFor(error)).to.equal(
      'The configuration in c.yaml has 2 problems:\n  a.b: found 1, expected 2.\n  a.c: found 1, expected 2.',
    );
  });

  it('brings the stack of what nobody foresaw', async () => {
    const { code, err } = await run(() => Promise.reject(new TypeError('x is not a function')));
    expect(code).to.equal(1);
    expect(err).to.match(/^Unforeseen error[^]*x is not a function[^]*\bat /);
  });

  it('says nothing and gives exit code 0 when all is well', async () => {
    expect(await run(() => Promise.resolve())).to.deep.equal({ code: 0, out: '', err: '' });
  });
});

async function run(command: () => Promise<void>): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await exitCodeOf(command, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
  });
  return { code, out, err };
}

function systemError(code: string): Error {
  return Object.assign(new Error(`listen ${code}`), {
    code,
    syscall: 'listen',
    address: '127.0.0.1',
    port: 80,
  });
}
