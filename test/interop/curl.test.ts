import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { examplePath } from '../../src/cli/example.js';
import { sandboxCertificateFile } from '../../src/cli/sandbox-certificate.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { readXml } from '../../src/xml/reader.js';
import { canRun } from '../legacy/hl7v3/schema/places.js';
import { RunningProgram } from '../support/adapter-program.js';
import { freePorts, served, startProgram } from '../support/started-adapter.js';

function tellsThePerson(answer: string): boolean {
  return ['<queryResponseCode code="OK"/>', 'extension="11868426235"', '<family>GRANBAR</family>'].every(
    (text) => answer.includes(text),
  );
}

/** The example as a client of SOAP 1.1 would send it: another envelope, and no addressing headers. */
function inSoap11(example: string): string {
  return example
    .replace('http://www.w3.org/2003/05/soap-envelope', 'http://schemas.xmlsoap.org/soap/envelope/')
    .replace(/<a:(Action|MessageID|ReplyTo|To)\b.*?<\/a:\1>\s*/gs, '')
    .replace('NOW', systemClock.now().toISOString());
}

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
    expect(shell.stdout).to.satisfy(tellsThePerson);
  });

  it('looks the same person up by HL7 v2', async () => {
    const [line = ''] = (await program?.says(/^ {2}\{ printf .*curl .*telnet.*$/)) ?? [];
    const shell = RunningProgram.command('bash', ['-c', line]);
    const ending = await shell.ended;
    expect(shell.stderr).to.equal('');
    expect(ending).to.deep.equal({ code: 0, signal: null });
    expect(shell.lines[0]?.startsWith('\x0bMSH|')).to.equal(true);
    expect(shell.lines[1]).to.equal('MSA|AA|1');
    expect(shell.lines.find((segment) => segment.startsWith('PID|'))).to.contain('11868426235');
    expect(shell.lines.at(-1)).to.equal('\x1c');
  });

  it('has a counterpart in SOAP 1.1', async () => {
    if (program === undefined) throw new Error('not started');
    const { service } = await served(program, dataDirectory);
    const request = join(dataDirectory, 'request.xml');
    writeFileSync(request, inSoap11(readFileSync(examplePath(), 'utf8')));
    const curl = RunningProgram.command('curl', [
      ...['--silent', '--show-error', '--cacert', sandboxCertificateFile(dataDirectory)],
      ...['--header', 'Content-Type: text/xml; charset=utf-8'],
      ...['--header', 'SOAPAction: "http://tempuri.org/IPersonRegistry/GetDemographics"'],
      ...['--write-out', '\\n%{http_code} %{content_type}', '--data-binary', `@${request}`, service.url],
    ]);
    expect((await curl.ended).code, curl.stderr).to.equal(0);
    const answer = curl.lines.slice(0, -1).join('\n');
    expect(curl.lines.at(-1)).to.equal('200 text/xml; charset=utf-8');
    expect(readXml(answer).namespace).to.equal('http://schemas.xmlsoap.org/soap/envelope/');
    expect(answer).to.satisfy(tellsThePerson);
    expect(answer).to.not.contain('http://www.w3.org/2005/08/addressing');
  });
});
