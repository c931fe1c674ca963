import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { hashPassword } from '../../src/access/password-hash.js';
import { packageRoot } from '../../src/config/package-root.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { getDemographicsRequest } from '../support/get-demographics-request.js';
import { withStore } from '../support/opened-store.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { secretsOf, type Secrets } from './known-secrets.js';
import { overhear } from './overhear.js';
import {
  askedFor,
  pathsOfClients,
  pathsOfTrouble,
  pathsWithoutToken,
  ordinary,
  type Login,
  type Path,
} from './paths.js';
import { Traces } from './traces.js';
import { mumble, walk, walkAway } from './walk.js';

const login: Login = { username: 'epj-sentrum', password: 'Gåtefull-passfrase-7731' };

/** Files that hold a key because they are there to hold it. */
const KEY_FILES = ['preg-adapter.sandbox-key.pem', 'preg-adapter.sealing.key', 'preg-adapter.pseudonym.key'];

/** Everything that has to turn up, or the paths were not walked. */
const OUTCOMES = [
  'action-not-supported',
  'bad-context-token',
  'done',
  'encoding-conflict',
  'found',
  'invalid-query',
  'invalid-security',
  'invalid-trust-request',
  'malformed-request',
  'must-understand',
  'not-authenticated',
  'not-found',
  'refused',
  'token-refused',
  'token-unavailable',
  'upstream-forbidden',
  'upstream-invalid-answer',
  'upstream-rate-limited',
  'upstream-rejected',
  'upstream-timeout',
  'upstream-unavailable',
  'xml-dtd',
];

const HEALTH = ['/health/live', '/health/ready'];
const PAGES = ['/metrics', '/', '/?lang=nb', '/?lang=en'];

/** What is left behind in each kind of place. */
class Left {
  readonly log = new Traces();
  readonly answers = new Traces();
  readonly health = new Traces();
  /** Of operators, at the end of each adapter. */
  readonly pages = new Traces();
  readonly output = new Traces();
  readonly outcomes = new Set<string>();
  /** Each adapter's folder, and its secrets. */
  readonly folders: { readonly files: Traces; readonly secrets: Secrets }[] = [];
  logText = '';
}

/** How the adapter is run that the paths lead through. */
interface Manner {
  readonly format: string;
  readonly access: string;
  readonly passwordHash: string;
}

async function walkEverywhere(format: string, access: string): Promise<Left> {
  const manner = { format, access, passwordHash: await hashPassword(login.password, systemRandom) };
  const left = new Left();
  const overheard = overhear();
  try {
    await inAdapter(manner, left, async (adapter) => {
      for (const path of [...pathsOfClients(login), ...pathsOfTrouble(login)]) {
        await take(path, adapter, left);
      }
      const sound = getDemographicsRequest({ numbers: [ordinary.number], ...login, now: new Date() });
      await walkAway(sound, adapter);
      for (const { port } of [adapter.running.legacy, adapter.running.operations]) {
        left.answers.add(`port ${port}`, await mumble(port));
      }
    });
    for (const path of pathsWithoutToken(login)) {
      await inAdapter(manner, left, (adapter) => take(path, adapter, left));
    }
  } finally {
    left.output.add('standard output and error', overheard.stop());
  }
  return left;
}

async function take(path: Path, adapter: SandboxedAdapter, left: Left): Promise<void> {
  left.answers.add(path.what, await walk(path, adapter));
  left.health.add(`health after ${path.what}`, await pagesOf(adapter, HEALTH));
}

/** Runs an adapter for that long, and takes stock of what it leaves behind. */
async function inAdapter(
  { format, access, passwordHash }: Manner,
  left: Left,
  work: (adapter: SandboxedAdapter) => Promise<void>,
): Promise<void> {
  const adapter = await startSandboxedAdapter({
    PREG_ADAPTER__LOGGING__FORMAT: format,
    PREG_ADAPTER__CLIENTS__0__USERNAME: login.username,
    PREG_ADAPTER__CLIENTS__0__PASSWORD_HASH: passwordHash,
    PREG_ADAPTER__CLIENTS__0__ACCESS: access,
    PREG_ADAPTER__LISTENERS__LEGACY__REQUEST_DEADLINE_SECONDS: '1',
    PREG_ADAPTER__UPSTREAM__CALL_TIMEOUT_SECONDS: '1',
    // Each path is walked once, whatever became of those before it.
    PREG_ADAPTER__UPSTREAM__RETRIES: '0',
    PREG_ADAPTER__UPSTREAM__BREAKER__MINIMUM_CALLS: '1000',
    PREG_ADAPTER__SANDBOX__PERSONS: ['persons', 'persons-irregular']
      .map((folder) => join(packageRoot(), 'fixtures', folder))
      .join(','),
  });
  try {
    await work(adapter);
    left.pages.add('pages', await pagesOf(adapter, [...PAGES, ...tracesIn(adapter.log())]));
    const files = new Traces();
    files.addFolder(adapter.dataDirectory, KEY_FILES);
    left.folders.push({ files, secrets: secretsOf(askedFor, credentialsOf(adapter)) });
    await adapter.running.stop();
    files.addFolder(adapter.dataDirectory, KEY_FILES);
    left.log.add('log', adapter.log());
    left.logText += adapter.log();
    withStore(adapter.dataDirectory, ({ audit }) => {
      for (const { outcome } of audit.entries()) left.outcomes.add(outcome);
    });
  } finally {
    await adapter.stop();
  }
}

/** What operators see, wherever there is something to be seen. */
async function pagesOf({ operationsUrl }: SandboxedAdapter, paths: readonly string[]): Promise<string> {
  const answers = [];
  // One at a time: the listener has few connections.
  for (const path of paths) answers.push(await (await fetch(operationsUrl + path)).text());
  return answers.join('\n');
}

function tracesIn(log: string): readonly string[] {
  const ids = [...log.matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)].map(([id]) => id);
  return [...new Set(ids)].map((id) => `/traces/${id}`);
}

function credentialsOf({ sandbox, dataDirectory }: SandboxedAdapter): readonly string[] {
  const { d } = sandbox.clientPrivateJwk;
  if (d === undefined) throw new Error('the client has no private key');
  const keys = KEY_FILES.flatMap((name) =>
    readFileSync(join(dataDirectory, name), 'latin1')
      .split('\n')
      .filter((line) => line.length > 40 && !line.startsWith('-')),
  );
  return [login.password, encodeURIComponent(login.password), d, ...keys];
}

describe('privacy', function () {
  this.timeout(120_000);

  for (const [format, access] of [
    ['json', 'full'],
    ['pretty', 'restricted'],
  ] as const) {
    describe(`with ${format} logs and ${access} access, after every path`, () => {
      let left: Left;

      before(async () => {
        left = await walkEverywhere(format, access);
      });

      it('has seen every way in which a request ends', () => {
        expect([...left.outcomes].sort()).to.include.members(OUTCOMES);
      });

      it('has not needed the net under the log', () => {
        expect(left.logText).to.contain('request answered');
        expect(left.logText).not.to.match(/\[number\]|\[token\]|\[left out\]/);
      });

      for (const [place, what, size] of [
        ['log', 'the log', 10_000],
        ['answers', 'refusals, faults, and the frame of answers', 10_000],
        ['health', 'health', 10_000],
        ['pages', 'metrics, dashboard and traces', 50_000],
        ['output', 'standard output and error', 0],
      ] as const) {
        it(`leaves nothing personal and no secret in ${what}`, () => {
          expect(left[place].size).to.be.at.least(size);
          expect(left.folders.flatMap(({ secrets }) => left[place].found(secrets))).to.deep.equal([]);
        });
      }

      it('leaves nothing personal and no secret in names and contents of files', () => {
        for (const { files, secrets } of left.folders) {
          expect(files.size).to.be.at.least(100_000);
          expect(files.found(secrets)).to.deep.equal([]);
        }
      });
    });
  }
});
