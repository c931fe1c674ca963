import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { createLegacyListener, type LegacyListener } from '../../../../src/legacy/listener.js';
import { silentLogger } from '../../../../src/operations/logger.js';
import { parseNetworkList } from '../../../../src/runtime/network-list.js';
import { systemClock } from '../../../../src/runtime/system-clock.js';
import { silentDoorkeeper } from '../../../support/silent-doorkeeper.js';
import { RunningProgram } from '../../../support/adapter-program.js';
import { serverCertificate } from '../../../support/server-certificate.js';
import { temporaryFolders } from '../../../support/temporary-folder.js';
import { until } from '../../../support/until.js';
import { canRun } from '../../hl7v3/schema/places.js';
import { doorBench, type DoorBench } from './door-bench.js';
import { newId } from './jobs-in-memory.js';

const MEBIBYTE = 1024 * 1024;
const ID = newId(1);

describe('jobs over HTTPS', () => {
  const folder = temporaryFolders();
  let bench: DoorBench;
  let listener: LegacyListener | undefined;
  let port = 0;
  let ca = '';

  beforeEach(async () => {
    bench = doorBench({ maxFileBytes: 64 * MEBIBYTE });
    const { certificatePem, privateKeyPem } = await serverCertificate();
    const trustedProxies = parseNetworkList([]);
    if (trustedProxies === undefined) throw new Error('malformed');
    listener = createLegacyListener({
      doors: [],
      streamingDoors: [bench.door],
      settings: {
        host: '127.0.0.1',
        port: 0,
        maxRequestBytes: 4096,
        maxConcurrentRequests: 10,
        maxConnections: 100,
        trustedProxies,
      },
      tls: { cert: certificatePem, key: privateKeyPem },
      events: { emit: () => undefined },
      logger: silentLogger,
      clock: systemClock,
      doorkeeper: silentDoorkeeper(10),
    });
    ({ port } = await listener.start());
    ca = certificatePem;
  });

  afterEach(() => listener?.stop(0));

  describe('with curl', function () {
    before(function () {
      if (!canRun('curl', '--version')) this.skip();
    });

    /** Status, what curl says, and how many octets it has sent. */
    async function curl(
      path: string,
      ...args: readonly string[]
    ): Promise<{
      readonly status: string;
      readonly sent: number;
      readonly said: string;
      readonly code: number | null;
    }> {
      const at = folder();
      const authority = join(at, 'ca.pem');
      writeFileSync(authority, ca);
      const program = RunningProgram.command('curl', [
        ...['--silent', '--show-error', '--cacert', authority, '--max-time', '20'],
        ...['--write-out', '\\n%{http_code} %{size_upload}', ...args],
        `https://localhost:${port}/filematch/jobs${path}`,
      ]);
      const { code } = await program.ended;
      const [status = '', sent = ''] = (program.lines.at(-1) ?? '').split(' ');
      return {
        status,
        sent: Number(sent),
        said: program.lines.slice(0, -1).join('\n') + program.stderr,
        code,
      };
    }

    function file(octets: Uint8Array): string {
      const path = join(folder(), 'people.csv');
      writeFileSync(path, octets);
      return path;
    }

    it('a file is uploaded, asked about and answered', async () => {
      const content = Buffer.alloc(20 * MEBIBYTE, 'ownRef;nin;æøå\r\n', 'latin1');
      const { status, said } = await curl(
        '?fileName=people.csv&mode=V',
        ...[
          '--user',
          'epj:secret',
          '--header',
          'Content-Type: text/csv',
          '--data-binary',
          `@${file(content)}`,
        ],
      );
      expect(status, said).to.equal('202');
      expect(JSON.parse(said)).to.deep.equal({ jobId: ID, state: 'RECEIVED' });
      const [accepted] = bench.jobs.accepted;
      expect(digest(accepted?.content)).to.equal(digest(content));
      expect(accepted?.file.fileName).to.equal('people.csv');

      bench.jobs.add(ID, { state: 'COMPLETED' });
      bench.jobs.files.set(`${ID} result`, 'ownRef;matchStatus\r\n'.repeat(200_000));
      const asked = await curl(`/${ID}`, '--user', 'epj:secret');
      expect(JSON.parse(asked.said)).to.include({ jobId: ID, state: 'COMPLETED' });
      const into = folder();
      const fetched = await curl(
        `/${ID}/result`,
        ...['--user', 'epj:secret', '--output-dir', into, '--remote-name', '--remote-header-name'],
      );
      expect(fetched.status, fetched.said).to.equal('200');
      expect(readFileSync(join(into, `people.${ID}.resultat.csv`), 'latin1')).to.equal(
        'ownRef;matchStatus\r\n'.repeat(200_000),
      );
    });

    it('a compressed file is uploaded', async () => {
      const { status, said } = await curl(
        '',
        ...[
          '--user',
          'epj:secret',
          '--header',
          'Content-Type: text/plain',
          '--header',
          'Content-Encoding: gzip',
        ],
        ...['--data-binary', `@${file(gzipSync(Buffer.alloc(5 * MEBIBYTE, 'x')))}`],
      );
      expect(status, said).to.equal('202');
      expect(bench.jobs.accepted[0]?.content).to.have.length(5 * MEBIBYTE);
    });

    it('a wrong password is told before the file has left', async () => {
      const answer = await curl(
        '',
        ...['--user', 'epj:wrong', '--header', 'Content-Type: text/csv', '--expect100-timeout', '20'],
        ...['--header', 'Expect: 100-continue', '--data-binary', `@${file(Buffer.alloc(20 * MEBIBYTE))}`],
      );
      expect(answer.status, answer.said).to.equal('401');
      expect(answer.code).to.equal(0);
      expect(answer.sent).to.equal(0);
    });

    it('a file that is too large is told before it has left', async () => {
      const answer = await curl(
        '',
        ...['--user', 'epj:secret', '--header', 'Content-Type: text/csv', '--expect100-timeout', '20'],
        ...['--header', 'Expect: 100-continue', '--data-binary', `@${file(Buffer.alloc(65 * MEBIBYTE))}`],
      );
      expect([answer.status, answer.sent], answer.said).to.deep.equal(['413', 0]);
    });

    it('HEAD tells what GET would', async () => {
      bench.jobs.add(ID, { state: 'COMPLETED' });
      bench.jobs.files.set(`${ID} result`, 'ownRef');
      const { status, said } = await curl(`/${ID}/result`, '--head', '--user', 'epj:secret');
      expect(status).to.equal('200');
      expect(said).to.contain(`filename="people.${ID}.resultat.csv"`);
      expect(said).to.match(/cache-control: no-store/i);
    });
  });

  async function connected(): Promise<TLSSocket> {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    return socket;
  }

  it('an upload that its peer gives up leaves nothing but an audit entry', async () => {
    const socket = await connected();
    socket.write(`POST /filematch/jobs HTTP/1.1\r\n${headers()}Content-Length: 10\r\n\r\nabc`);
    await until(() => bench.jobs.begun === 1);
    socket.destroy();
    await until(() => bench.audited.length === 1);
    expect(bench.audited[0]).to.include({ operation: 'upload', outcome: 'caller-left', clientId: 'epj-1' });
    expect([bench.jobs.accepted.length, bench.jobs.discarded]).to.deep.equal([0, 1]);
  });
});

function headers(): string {
  return `Host: localhost\r\nAuthorization: Basic ${Buffer.from('epj:secret').toString('base64')}\r\n`;
}

function digest(octets: Uint8Array | undefined): string {
  return createHash('sha256')
    .update(octets ?? '')
    .digest('hex');
}
