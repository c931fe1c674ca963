import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { z } from 'zod';
import { packageRoot } from '../../src/config/package-root.js';
import { canRun } from '../legacy/hl7v3/schema/places.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { charsets, demographicsQuery, oldQuery, type Charset } from './simple-hl7-client.js';

/** Debian's own, which has python3-hl7. */
const PYTHON = '/usr/bin/python3';
const encodings: Readonly<Record<Charset, string>> = { 'UNICODE UTF-8': 'utf-8', '8859/1': 'latin-1' };

const person = z.strictObject({
  numbers: z.array(z.string()),
  domain: z.string(),
  name: z.array(z.string()),
  born: z.string(),
  sex: z.string(),
  street: z.string(),
  place: z.string(),
});
const rows = z.array(z.array(z.string()));
const answer = z.strictObject({
  type: z.array(z.string()),
  charset: z.string(),
  acknowledgement: rows,
  severity: rows,
  query: rows,
  people: z.array(person),
});
type Told = z.infer<typeof answer>;

describe('python-hl7 as a client', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter | undefined;
  let folder = '';
  let port = '';

  before(async function () {
    if (!canRun(PYTHON, '-c', 'import hl7.mllp')) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'python-hl7-'));
    adapter = await startSandboxedAdapter();
    port = String(adapter.running.mllp?.port);
  });

  after(async () => {
    await adapter?.stop();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  function filesOf(messages: readonly { toString(): string }[], charset: Charset): readonly string[] {
    return messages.map((message, index) => {
      const file = join(folder, `${index}.hl7`);
      writeFileSync(file, message.toString(), charsets[charset]);
      return file;
    });
  }

  async function ask(
    messages: readonly { toString(): string }[],
    charset: Charset = 'UNICODE UTF-8',
  ): Promise<readonly Told[]> {
    const { stdout } = await promisify(execFile)(PYTHON, [
      join(packageRoot(), 'test', 'interop', 'python_hl7_client.py'),
      ...[port, encodings[charset], ...filesOf(messages, charset)],
    ]);
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => answer.parse(JSON.parse(line)));
  }

  it('reads answers to messages that it sent at once, one of them refused', async () => {
    const told = await ask([
      demographicsQuery([['@PID.3.1', '11868426235']], { controlId: '1' }),
      demographicsQuery([['@PID.5.1', 'Gran']], { controlId: '2' }),
      oldQuery(['01818049818'], [], { controlId: '3' }),
      demographicsQuery([['@PID.3.1', '15908832970']], { controlId: '4' }),
    ]);
    const common = { charset: 'UNICODE UTF-8', severity: [] };
    const domain = '2.16.578.1.12.4.1.4.1';
    const [found, refused] = [
      { type: ['RSP', 'K22'], query: [['tag', 'OK', '1']] },
      { type: ['RSP', 'K22'], query: [['tag', 'AE', '']], severity: [['E']], people: [] },
    ];
    expect(told).to.deep.equal([
      {
        ...common,
        ...found,
        acknowledgement: [['AA', '1']],
        people: [
          {
            numbers: ['11868426235'],
            domain,
            name: ['GRANBAR', 'SINDIG', 'VAKTSOM'],
            born: '19840611',
            sex: 'F',
            street: 'TROLLFLØYTEVEGEN 17B',
            place: 'OSLO',
          },
        ],
      },
      { ...common, ...refused, acknowledgement: [['AE', '2']] },
      {
        ...common,
        type: ['ADR', 'A19'],
        acknowledgement: [['AA', '3']],
        query: [['tag', 'NF', '0']],
        people: [],
      },
      {
        ...common,
        ...found,
        acknowledgement: [['AA', '4']],
        people: [
          {
            numbers: ['15908832970'],
            domain,
            name: ['LYSNING', 'SKJERMET', ''],
            born: '19881015',
            sex: 'M',
            street: '',
            place: '',
          },
        ],
      },
    ]);
  });

  it('reads every number of a person with several', async () => {
    const [told] = await ask([demographicsQuery([['@PID.3.1', '04907635029']])]);
    expect(told?.people[0]?.numbers).to.deep.equal(['04917604156', '04917603443', '04907635029']);
  });

  for (const charset of ['UNICODE UTF-8', '8859/1'] as const) {
    it(`reads back what it escaped, and the letters of Norwegian, in ${charset}`, async () => {
      const query = demographicsQuery(
        [
          ['@PID.5.1', 'von isblomst-snøfonn'],
          ['@PID.7', '19861220'],
        ],
        { charset, tag: 'æøåÆØÅ\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f' },
      );
      const [told] = await ask([query], charset);
      expect(told?.charset).to.equal(charset);
      expect(told?.query).to.deep.equal([['æøåÆØÅ|b^c&d~e\\f', 'OK', '1']]);
      expect(told?.people[0]?.name[0]).to.equal('VON ISBLOMST-SNØFONN');
    });
  }

  it('reads the letters of Sami as far as the charset has them', async () => {
    const parameters = [['@PID.3.1', '06827040019']] as const;
    const [whole] = await ask([demographicsQuery(parameters)]);
    expect(whole?.people[0]).to.deep.include({
      name: ['GUOVŽAČÁHPPES', 'ČÁPPA OĐAS', 'MUOŦŦÁ-BEAŊKA'],
      street: 'ŠEARRATGEAIDNU 12A',
      place: 'KÁRÁŠJOHKA',
    });
    expect(whole?.severity).to.deep.equal([]);
    const [less] = await ask([demographicsQuery(parameters, { charset: '8859/1' })], '8859/1');
    expect(less?.people[0]).to.deep.include({
      name: ['GUOVZACÁHPPES', 'CÁPPA ODAS', 'MUOTTÁ-BEANKA'],
      street: 'SEARRATGEAIDNU 12A',
      place: 'KÁRÁSJOHKA',
    });
    expect(less?.severity).to.deep.equal([['W']]);
  });

  it('is answered by its command line, which sends a file with line ends of any kind', async function () {
    if (!canRun('mllp_send', '--version')) this.skip();
    const file = join(folder, 'loose.hl7');
    const query = demographicsQuery([['@PID.3.1', '11868426235']], { controlId: 'loose' });
    writeFileSync(file, query.toString().replaceAll('\r', '\r\n'));
    const args = ['--loose', '--port', port, '--file', file, '127.0.0.1'];
    const { stdout } = await promisify(execFile)('mllp_send', args);
    expect(stdout.split('\r').slice(1, 3)).to.deep.equal(['MSA|AA|loose', 'QAK|tag|OK|IHE PDQ Query|1|1|0']);
  });
});
