import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Message } from 'simple-hl7';
import { canRun } from '../legacy/hl7v3/schema/places.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import {
  charsets,
  components,
  demographicsQuery,
  oldQuery,
  parsed,
  segmentIn,
  type Charset,
} from './simple-hl7-client.js';

interface Posted {
  readonly status: string;
  readonly type: string;
  readonly body: Buffer;
}

describe('curl with POST /hl7v2', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter | undefined;
  let folder = '';

  before(async function () {
    if (!canRun('curl', '--version')) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'curl-hl7v2-'));
    adapter = await startSandboxedAdapter();
  });

  after(async () => {
    await adapter?.stop();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  async function post(
    message: Uint8Array,
    { type: sentType = 'application/hl7-v2', more = [] }: { type?: string; more?: readonly string[] } = {},
  ): Promise<Posted> {
    if (adapter === undefined) throw new Error('the adapter was not started');
    const [request, response] = [join(folder, 'request.hl7'), join(folder, 'response.hl7')];
    writeFileSync(request, message);
    const { stdout } = await promisify(execFile)('curl', [
      ...['--silent', '--show-error', '--noproxy', '*', '--cacert', adapter.certificateFile],
      ...['--user', 'epj-sandbox:epj-sandbox', '--header', `Content-Type: ${sentType}`],
      ...['--output', response, '--write-out', '%{http_code} %{content_type}'],
      ...['--data-binary', `@${request}`, ...more, `${adapter.legacyUrl}/hl7v2`],
    ]);
    const [status = '', type = ''] = stdout.split(/ (.*)/);
    return { status, type, body: readFileSync(response) };
  }

  async function ask(message: Message, charset: Charset): Promise<Message> {
    const { status, type, body } = await post(Buffer.from(message.toString(), charsets[charset]));
    const label = charset === '8859/1' ? 'iso-8859-1' : 'utf-8';
    expect([status, type.toLowerCase()]).to.deep.equal(['200', `application/hl7-v2; charset=${label}`]);
    return parsed(body, charset);
  }

  for (const charset of ['UNICODE UTF-8', '8859/1'] as const) {
    it(`finds a person by a name with letters of Norwegian in ${charset}`, async () => {
      const query = demographicsQuery(
        [
          ['@PID.5.1', 'von isblomst-snøfonn'],
          ['@PID.7', '19861220'],
        ],
        { charset, tag: 'æøåÆØÅ' },
      );
      const answer = await ask(query, charset);
      expect(segmentIn(answer, 'QAK').getField(1)).to.equal('æøåÆØÅ');
      expect(segmentIn(answer, 'PID').getComponent(5, 1)).to.equal('VON ISBLOMST-SNØFONN');
    });
  }

  it('reads the letters of Sami as far as the charset has them', async () => {
    const subject = ['06827040019'];
    const whole = await ask(oldQuery(subject, []), 'UNICODE UTF-8');
    expect(components(segmentIn(whole, 'PID'), 5, 3)).to.deep.equal([
      ...['GUOVŽAČÁHPPES', 'ČÁPPA OĐAS', 'MUOŦŦÁ-BEAŊKA'],
    ]);
    const less = await ask(oldQuery(subject, [], { charset: '8859/1' }), '8859/1');
    expect(components(segmentIn(less, 'PID'), 5, 3)).to.deep.equal([
      ...['GUOVZACÁHPPES', 'CÁPPA ODAS', 'MUOTTÁ-BEANKA'],
    ]);
  });

  it('is told in HL7 that a query is refused, with status 200', async () => {
    const answer = await ask(demographicsQuery([['@PID.5.1', 'Gran']]), 'UNICODE UTF-8');
    expect(segmentIn(answer, 'MSA').getField(1)).to.equal('AE');
    expect(segmentIn(answer, 'ERR').getField(4)).to.equal('E');
  });

  it('is told by status alone what is no message that may be sent', async () => {
    const message = Buffer.from(demographicsQuery([['@PID.3.1', '11868426235']]).toString());
    const told: string[] = [];
    for (const more of [
      { more: ['--user', 'epj-sandbox:wrong'] },
      { type: 'application/json' },
      { more: ['--header', 'Content-Encoding: gzip'] },
      { more: ['--request', 'PUT'] },
    ]) {
      const { status, body } = await post(message, more);
      told.push(`${status} ${body.length}`);
    }
    expect(told).to.deep.equal(['401 0', '415 0', '415 0', '405 0']);
  });
});
