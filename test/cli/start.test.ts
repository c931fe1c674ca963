import { existsSync, readdirSync, readFileSync, statSync, mkdirSync, copyFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { Population } from '../../src/sandbox/population/population.js';
import { numbersOf } from '../../src/sandbox/population/person-document.js';
import { RunningProgram } from '../support/adapter-program.js';
import { runCommand } from '../support/command-line.js';
import { getDemographicsRequest } from '../support/get-demographics-request.js';
import { beginPost, post, type Destination, type HttpAnswer } from '../support/https-post.js';
import { programs } from '../support/programs.js';
import { freePorts, served } from '../support/started-adapter.js';

const sandboxYaml = join(packageRoot(), 'config', 'sandbox.yaml');
const persons = join(packageRoot(), 'fixtures', 'persons');
const ORDINARY = '11868426235';

function question(number: string): string {
  return getDemographicsRequest({ numbers: [number], now: new Date() });
}

async function outcomeOf(service: Destination, number: string): Promise<string | undefined> {
  return outcomeIn(await post(service, question(number)));
}

function outcomeIn({ text }: HttpAnswer): string | undefined {
  return /<queryResponseCode code="(\w+)"\/>/.exec(text)?.[1];
}

describe('preg-adapter start', function () {
  this.timeout(30_000);
  const run = programs();

  it('says where every front door is, who may enter, and how to ask, once it is ready', async () => {
    const data = run.folder();
    const program = run.start(data);
    const { service, operationsUrl } = await served(program, data);
    const { origin } = new URL(service.url);
    expect(program.lines[0]).to.equal('preg-adapter is ready.');
    expect(program.stdout)
      .to.contain(`HL7 v3           ${origin}/Personregister.HL7/PersonRegistry.svc\n`)
      .and.to.contain(`                 ${origin}/Personregister.HL7/HL7/PersonRegistry.svc\n`)
      .and.to.contain(`Personregister   ${origin}/Personregister.WCF/PersonService.svc\n`)
      .and.to.contain(`HL7 v2           ${origin}/hl7v2\n`)
      .and.to.match(/^ {19}127\.0\.0\.1:[1-9]\d* \(MLLP\)$/m)
      .and.to.contain(`Operations       ${operationsUrl}/\n`)
      .and.to.contain(`                 ${operationsUrl}/health/ready\n`)
      .and.to.match(/ {2}Persontjenesten {2}https:\/\/127\.0\.0\.1:\d+ \(sandbox\)\n/)
      .and.to.match(/ {2}HelseID {10}https:\/\/127\.0\.0\.1:\d+ \(sandbox\)\n/)
      .and.to.contain('Account          user epj-sandbox, password epj-sandbox\n')
      .and.to.match(/^ {2}sed .* \| curl .*\/PersonRegistry\.svc$/m)
      .and.to.match(/^ {2}\{ printf .* \| curl .* telnet:\/\/127\.0\.0\.1:[1-9]\d* \| tr .*$/m);
    expect((await fetch(`${operationsUrl}/health/live`)).status).to.equal(200);
    expect((await fetch(`${operationsUrl}/health/ready`)).status).to.equal(200);
    expect(await outcomeOf(service, ORDINARY)).to.equal('OK');
    expect(program.stderr).to.equal('');
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`finishes what is in flight on ${signal}, takes nothing new, and ends with 0`, async () => {
      const data = run.folder();
      const program = run.start(data);
      const { service, operationsUrl } = await served(program, data);
      // An idle connection must not hold anything up.
      const agent = new Agent({ keepAlive: true });
      expect(outcomeIn(await post({ ...service, agent }, question('01818049818')))).to.equal('NF');

      const inFlight = await beginPost(service, question(ORDINARY));
      program.signal(signal);
      // What npm passes on besides: the same Ctrl-C once more.
      program.signal(signal);
      await program.says(/^Ending: finishing what is in flight/);
      expect((await fetch(`${operationsUrl}/health/ready`)).status).to.equal(503);
      const refused = await post(service, question(ORDINARY)).catch((error: unknown) => error);
      expect(refused).to.have.property('code', 'ECONNREFUSED');
      const answer = await inFlight.finish();

      expect(outcomeIn(answer)).to.equal('OK');
      expect(await program.ended).to.deep.equal({ code: 0, signal: null });
      expect(program.lines.at(-1)).to.equal('Ended.');
      expect(program.stderr).to.equal('');
      expect(readdirSync(data).sort()).to.deep.equal([
        'preg-adapter.in-use',
        'preg-adapter.pseudonym.key',
        'preg-adapter.sandbox-certificate.pem',
        'preg-adapter.sandbox-key.pem',
        'preg-adapter.sealing.key',
        'preg-adapter.sqlite',
      ]);
      agent.destroy();
    });
  }

  it('uses certificate and keys again the next time, and keeps them to itself', async () => {
    const data = run.folder();
    const kept: Record<string, string>[] = [];
    for (let time = 0; time < 2; time += 1) {
      const { code, err } = await runCommand(['start', '--config', sandboxYaml], {
        environment: freePorts(data),
      });
      expect([code, err]).to.deep.equal([0, '']);
      const files = readdirSync(data);
      for (const name of files) expect(statSync(join(data, name)).mode & 0o777, name).to.equal(0o600);
      const secrets = files.filter((name) => /\.(?:pem|key)$/.test(name));
      kept.push(Object.fromEntries(secrets.map((name) => [name, readFileSync(join(data, name), 'utf8')])));
    }
    expect(statSync(data).mode & 0o777).to.equal(0o700);
    expect(Object.keys(kept[0] ?? {})).to.have.length(4);
    expect(kept[1]).to.deep.equal(kept[0]);
  });

  it('knows the persons of every folder that is named, and as many more as asked for', async () => {
    const data = run.folder();
    const [one, other] = [join(data, 'one'), join(data, 'other')];
    for (const place of [one, other]) mkdirSync(place);
    copyFileSync(join(persons, '03-widow.json'), join(one, 'a.json'));
    copyFileSync(join(persons, '15-divorced.json'), join(other, 'b.json'));
    const invented = await Population.create({ personFolders: [one, other], generated: 5, seed: 1 });
    const program = run.start(join(data, 'store'), {
      PREG_ADAPTER__SANDBOX__PERSONS: `${one},${other}`,
      PREG_ADAPTER__SANDBOX__POPULATION: '5',
    });
    const { service } = await served(program, join(data, 'store'));
    const numbers = [...invented.documents()].map((document) => numbersOf(document)[0] ?? '');
    expect(numbers).to.have.length(7).and.to.include.members(['04895645279', '14877104053']);
    for (const number of numbers) expect(await outcomeOf(service, number), number).to.equal('OK');
    expect(await outcomeOf(service, ORDINARY)).to.equal('NF');
  });

  it('is what npm start runs, which ends with the same Ctrl-C', async function () {
    if (!isBuilt()) this.skip();
    this.timeout(60_000);
    const data = run.folder();
    const environment = { ...freePorts(data), npm_config_update_notifier: 'false' };
    const program = run.watch(
      RunningProgram.command('npm', ['start', '--silent'], { environment, group: true }),
    );
    const { service } = await served(program, data);
    expect(await outcomeOf(service, ORDINARY)).to.equal('OK');
    program.signal('SIGINT');
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
    expect(program.lines.at(-1)).to.equal('Ended.');
  });
});

/** Whether npm start would find everything built: otherwise it would compile in the middle of the tests. */
function isBuilt(): boolean {
  const stamp = join(packageRoot(), 'dist', '.built');
  if (!existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  return readdirSync(join(packageRoot(), 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .every((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs <= builtAt);
}
