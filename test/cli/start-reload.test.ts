import { EventEmitter } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { hashPassword } from '../../src/access/password-hash.js';
import { packageRoot } from '../../src/config/package-root.js';
import { RunningProgram } from '../support/adapter-program.js';
import { runCommand } from '../support/command-line.js';
import { CountedRandom } from '../support/counted-random.js';
import { getDemographicsRequest } from '../support/get-demographics-request.js';
import { post } from '../support/https-post.js';
import { programs } from '../support/programs.js';
import { freePorts, served } from '../support/started-adapter.js';

const settings = readFileSync(join(packageRoot(), 'config', 'sandbox.yaml'), 'utf8').replace(
  /^logging:\n {2}format: pretty\n/m,
  '',
);

const routed = `${settings}
cutover:
  routes:
    - route: preg
    - route: preg
      from: '2020-01-01'
`;

describe('preg-adapter start, asked to reload', function () {
  this.timeout(30_000);
  const run = programs();

  it('goes on by the new settings, names what waits, and turns down a broken file without losing a request', async () => {
    const data = run.folder();
    const file = join(data, 'settings.yaml');
    writeFileSync(file, settings);
    const environment = {
      ...freePorts(data),
      PREG_ADAPTER__SANDBOX__PREG__PORT: '0',
      PREG_ADAPTER__LOGGING__LEVEL: 'debug',
    };
    const program = run.watch(RunningProgram.adapter(['start', '--config', file], { environment }));
    const { service } = await served(program, data);
    const lookup = async (): Promise<void> => {
      const question = getDemographicsRequest({ numbers: ['11868426235'], now: new Date() });
      expect((await post(service, question)).text).to.contain('<queryResponseCode code="OK"/>');
    };
    await lookup();
    expect(program.stdout, 'before it is led there').to.not.contain('PREG called');
    const looking = lookup();

    writeFileSync(file, routed.replace('helpNumbers:', 'upstream:\n  retries: 1\nhelpNumbers:'));
    program.signal('SIGHUP');
    const [reloaded] = await program.says(/^\{.*"configuration reloaded".*\}$/);
    expect(reloaded).to.contain('"applied":["cutover.routes"]');
    expect(reloaded).to.contain('"awaitingRestart":["upstream.retries"]');
    await looking;
    await lookup();
    await program.says(/"PREG called".*"outcome":"answered"/);

    writeFileSync(file, routed.replace('route: preg', 'route: prog'));
    program.signal('SIGHUP');
    const [refused] = await program.says(/^\{.*"configuration was not reloaded.*\}$/);
    expect(refused).to.contain('cutover.routes[0].route: found \\"prog\\"');
    await lookup();

    program.signal('SIGTERM');
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
    expect(program.stderr).to.equal('');
  });

  it('has operators prove another password, and refuses the one before at once', async () => {
    const data = run.folder();
    const file = join(data, 'operator.hash');
    const change = async (password: string): Promise<void> => {
      writeFileSync(file, await hashPassword(password, new CountedRandom()), { mode: 0o600 });
    };
    await change('blåbær');
    const environment = {
      ...freePorts(data),
      PREG_ADAPTER__LISTENERS__OPERATIONS__PASSWORD_HASH_FILE: file,
      PREG_ADAPTER__LOGGING__FORMAT: 'json',
    };
    const config = join(packageRoot(), 'config', 'sandbox.yaml');
    const program = run.watch(RunningProgram.adapter(['start', '--config', config], { environment }));
    const { operationsUrl } = await served(program, data);
    const shown = async (password: string): Promise<number> => {
      const login = Buffer.from(`operator:${password}`).toString('base64');
      const answer = await fetch(`${operationsUrl}/metrics`, {
        headers: { Authorization: `Basic ${login}` },
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    expect(await shown('blåbær')).to.equal(200);

    await change('tyttebær');
    program.signal('SIGHUP');
    const [reloaded] = await program.says(/^\{.*"configuration reloaded".*\}$/);
    expect(reloaded).to.contain('"applied":["listeners.operations.passwordHash"],"awaitingRestart":[]');
    expect([await shown('blåbær'), await shown('tyttebær')]).to.deep.equal([401, 200]);

    program.signal('SIGTERM');
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
  });

  it('during its start does so as soon as it is ready, and during its end does not', async () => {
    const signals = new EventEmitter();
    signals.on('newListener', (name) => {
      if (name === 'SIGHUP') queueMicrotask(() => signals.emit('SIGHUP'));
    });
    signals.on('SIGTERM', () => {
      queueMicrotask(() => signals.emit('SIGHUP'));
    });
    const config = join(packageRoot(), 'config', 'sandbox.yaml');
    const { code, log, err } = await runCommand(['start', '--config', config], {
      environment: { ...freePorts(run.folder()), PREG_ADAPTER__LOGGING__FORMAT: 'json' },
      signals,
    });
    expect([code, err]).to.deep.equal([0, '']);
    expect(log.match(/"configuration reloaded"/g)).to.have.length(1);
  });
});
