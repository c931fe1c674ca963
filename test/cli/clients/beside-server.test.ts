import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import { RunningProgram } from '../../support/adapter-program.js';
import { runCommand } from '../../support/command-line.js';
import { getDemographicsRequest } from '../../support/get-demographics-request.js';
import { post } from '../../support/https-post.js';
import { programs } from '../../support/programs.js';
import { freePorts, served } from '../../support/started-adapter.js';

const sandbox = readFileSync(join(packageRoot(), 'config', 'sandbox.yaml'), 'utf8').replace(
  /^logging:\n {2}format: pretty\n/m,
  '',
);

describe('preg-adapter clients, beside a running server', function () {
  this.timeout(60_000);
  const run = programs();

  it('lets a system in with its profile, and shuts it out again, each at the next reload', async () => {
    const data = run.folder();
    const config = join(data, 'settings.yaml');
    writeFileSync(config, `${sandbox}\nprofiles:\n  nameless: { groups: [birth, gender] }\n`);
    const environment = freePorts(data);
    const program = run.watch(RunningProgram.adapter(['start', '--config', config], { environment }));
    const { service } = await served(program, data);
    const lookup = async (): Promise<string> => {
      const user = { username: 'ris', password: 'hush 1' };
      const question = getDemographicsRequest({ numbers: ['11868426235'], now: new Date(), ...user });
      return (await post(service, question)).text;
    };
    const reload = async (applied: RegExp): Promise<void> => {
      program.signal('SIGHUP');
      const [line] = await program.says(applied);
      expect(line).to.contain('"awaitingRestart":[]');
    };
    const clients = async (...args: readonly string[]): Promise<void> => {
      const { code, err } = await runCommand(['clients', ...args, '--config', config], {
        environment,
        input: 'hush 1\n',
      });
      expect([code, err]).to.deep.equal([0, '']);
    };

    expect(await lookup()).to.contain('FailedAuthentication');
    const asked = ['--protocols', 'hl7v3', '--organisation', '999999999', '--profile', 'nameless'];
    await clients('add', 'ris', ...asked);
    expect(await lookup(), 'before the reload').to.contain('FailedAuthentication');
    await reload(/^\{.*"configuration reloaded".*"applied":\["clients\[ris\]"\].*\}$/);
    const answer = await lookup();
    expect(answer).to.contain('<queryResponseCode code="OK"/>').and.to.contain('<birthTime');
    expect(answer).to.not.contain('<given>');

    await clients('disable', 'ris');
    expect(await lookup(), 'before the reload').to.contain('<queryResponseCode code="OK"/>');
    await reload(/^\{.*"configuration reloaded".*"applied":\["clients\[ris\]\.enabled"\].*\}$/);
    expect(await lookup()).to.contain('FailedAuthentication');

    program.signal('SIGTERM');
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
    expect(program.stderr).to.equal('');
  });
});
