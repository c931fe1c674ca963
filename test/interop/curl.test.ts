import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readXml } from '../../src/xml/reader.js';
import { canRun } from '../legacy/hl7v3/schema/places.js';
import { RunningProgram } from '../support/adapter-program.js';
import { freePorts, startProgram } from '../support/started-adapter.js';

describe('the line to paste', function () {
  this.timeout(30_000);
  let dataDirectory = '';
  let program: RunningProgram | undefined;

  before(function () {
    if (!canRun('curl', '--version') || !canRun('bash', '-c', 'true')) this.skip();
    // A name that a shell would take apart.
    dataDirectory = mkdtempSync(join(tmpdir(), "preg adapter's "));
    program = startProgram(freePorts(dataDirectory));
  });

  after(async () => {
    program?.signal('SIGKILL');
    await program?.ended;
    if (dataDirectory !== '') rmSync(dataDirectory, { recursive: true, force: true });
  });

  it('looks a person up when it is pasted into a shell', async () => {
    const [line = ''] = (await program?.says(/^ {2}sed .*curl .*$/)) ?? [];
    const shell = RunningProgram.command('bash', ['-c', line]);
    const ending = await shell.ended;
    expect(shell.stderr).to.equal('');
    expect(ending).to.deep.equal({ code: 0, signal: null });
    expect(readXml(shell.stdout).localName).to.equal('Envelope');
    expect(shell.stdout)
      .to.contain('<queryResponseCode code="OK"/>')
      .and.to.contain('extension="11868426235"')
      .and.to.contain('<family>GRANBAR</family>');
  });
});
