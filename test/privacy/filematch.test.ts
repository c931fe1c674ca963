import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { hashPassword } from '../../src/access/password-hash.js';
import { packageRoot } from '../../src/config/package-root.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { write } from '../support/configuration-files.js';
import { get, post } from '../support/https-post.js';
import { withStore } from '../support/opened-store.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { secretsOf, type Secrets } from './known-secrets.js';
import { overhear } from './overhear.js';
import { askedFor, ordinary } from './paths.js';
import { Traces } from './traces.js';

const KEY_FILES = ['preg-adapter.sandbox-key.pem', 'preg-adapter.sealing.key', 'preg-adapter.pseudonym.key'];
const PASSWORD = 'Gåtefull-passfrase-7731';
const Authorization = `Basic ${Buffer.from(`epj-sandbox:${PASSWORD}`).toString('base64')}`;

const example = readFileSync(join(packageRoot(), 'docs', 'examples', 'filematch.csv'), 'utf8');
const [columns = ''] = example.split('\r\n');
const { number, name, street } = ordinary;

/** Files of every fate: matched, in trouble at the register, with bad rows, and refused whole. */
const files: readonly (readonly [fileName: string, content: string])[] = [
  ['people.csv', example],
  [
    'bad-rows.csv',
    [
      columns,
      `A1;${number};not a day;${name};SINDIG;;${street};0580;0301;K`,
      `A2;${number}`,
      `A2;${number};;${name};;;;;;`,
      `"A3;${number};;${name};SINDIG`,
      `A4;52868426235;;${name};;;;;;`,
      '',
    ].join('\r\n'),
  ],
  ['no-head.csv', `${number};${name};${street}\r\n`],
  ['foreign-column.csv', `ownRef;nin;${name}\r\nA1;${number};${street}\r\n`],
  ['header.txt', `HFILMATCH0001${number}${name}`.padEnd(250)],
];

const uploadForm = z.object({ jobId: z.string() });

describe('privacy of Filematch', function () {
  // A whole adapter with its sandbox, twice.
  this.timeout(120_000);

  let secrets: Secrets;
  let traces: Traces;
  let results: string;

  before(async () => {
    secrets = secretsOf(askedFor, [PASSWORD]);
    traces = new Traces();
    results = '';
    const overheard = overhear();
    const drop = mkdtempSync(join(tmpdir(), 'preg-adapter-'));
    mkdirSync(join(drop, 'inn'));
    const adapter = await startSandboxedAdapter({
      PREG_ADAPTER__CLIENTS__0__PASSWORD_HASH: await hashPassword(PASSWORD, systemRandom),
      PREG_ADAPTER__CLIENTS__0__FILEMATCH__FOLDER: drop,
      PREG_ADAPTER__FILEMATCH__POLL_SECONDS: '1',
      PREG_ADAPTER__FILEMATCH__KEEP_INPUT: 'true',
      PREG_ADAPTER__UPSTREAM__RETRIES: '0',
    });
    try {
      await bring(adapter);
      await deliver(adapter, drop);
      traces.add('log', adapter.log());
      const health = await fetch(`${adapter.operationsUrl}/health/ready`);
      traces.add('health', await health.text());
      withStore(adapter.dataDirectory, ({ audit }) => {
        traces.add('audit', JSON.stringify([...audit.entries()]));
      });
      await adapter.running.stop();
      traces.addFolder(adapter.dataDirectory, KEY_FILES);
      // What comes back to the client in ut/ and avvist/ but results and the originals: names and receipts.
      for (const folder of ['inn', 'arbeid', 'ut', 'avvist']) {
        for (const file of readdirSync(join(drop, folder))) {
          traces.add(`name in ${folder}/`, file);
          if (file.endsWith('.json')) traces.add('a receipt', readFileSync(join(drop, folder, file)));
        }
      }
    } finally {
      await adapter.stop();
      rmSync(drop, { recursive: true });
      traces.add('standard output and error', overheard.stop());
    }
  });

  /** Over HTTP: each file, with trouble at the register in the midst of the first one, and requests that make no sense. */
  async function bring(adapter: SandboxedAdapter): Promise<void> {
    const ca = adapter.certificatePem;
    const root = `${adapter.legacyUrl}/filematch/jobs`;
    adapter.sandbox.faults.next('persontjenesten', { kind: 'server-error', status: 503 });
    for (const [fileName, content] of files) {
      const headers = { Authorization, 'Content-Type': 'text/csv' };
      const upload = await post({ url: `${root}?fileName=${fileName}`, ca }, Buffer.from(content), headers);
      expect(upload.status, fileName).to.equal(202);
      traces.add('an answer to an upload', `${JSON.stringify(upload.headers)}${upload.text}`);
      const { jobId } = uploadForm.parse(JSON.parse(upload.text));
      await adapter.says(
        new RegExp(`"(a Filematch job completed|the file of a Filematch job was rejected)".*${jobId}`),
      );
      for (const part of ['', '/receipt', '/rejects']) {
        traces.add(
          `an answer about a job${part}`,
          (await get({ url: `${root}/${jobId}${part}`, ca }, { Authorization })).text,
        );
      }
      results += (await get({ url: `${root}/${jobId}/result`, ca }, { Authorization })).text;
    }
    const person = encodeURIComponent(`${name} ${number}`);
    for (const url of [
      `${root}?fileName=${person}.csv`,
      `${root}?fileName=${number}.csv`,
      `${root}?mode=${person}`,
      `${root}?${person}=1`,
      `${root}?customerRef=${person}${person}`,
      `${root}/${person}`,
    ]) {
      const refused = await post({ url, ca }, Buffer.from(example), {
        Authorization,
        'Content-Type': 'text/csv',
      });
      expect(refused.status).to.be.greaterThan(399);
      traces.add('an answer to nonsense', `${JSON.stringify(refused.headers)}${refused.text}`);
    }
    const stranger = `Basic ${Buffer.from(`${name}:${number}`).toString('base64')}`;
    const turnedAway = await post({ url: root, ca }, Buffer.from(example), { Authorization: stranger });
    expect(turnedAway.status).to.equal(401);
    traces.add('an answer to a stranger', `${JSON.stringify(turnedAway.headers)}${turnedAway.text}`);
  }

  /** By the drop folder: a name that is somebody's, and the same content once more. */
  async function deliver(adapter: SandboxedAdapter, drop: string): Promise<void> {
    let refused = 0;
    for (const fileName of [`${number}.csv`, `again.csv`]) {
      write(drop, 'file.tmp', example);
      renameSync(join(drop, 'file.tmp'), join(drop, 'inn', fileName));
      await adapter.says(new RegExp(`(a file in a drop folder was not taken.*){${(refused += 1)}}`, 's'));
    }
  }

  it('leaves nothing of anybody but in results', () => {
    expect(traces.found(secrets)).to.deep.equal([]);
  });

  it('does put people into results, or there were nothing to keep from the rest', () => {
    const told = new Traces();
    told.add('results', results);
    expect(told.found(secrets).join('\n')).to.contain(number).and.to.match(new RegExp(name, 'i'));
  });
});
