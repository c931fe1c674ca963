import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { runCommand } from '../support/command-line.js';
import { programs } from '../support/programs.js';
import { freePorts } from '../support/started-adapter.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const sandboxYaml = join(packageRoot(), 'config', 'sandbox.yaml');
const persons = join(packageRoot(), 'fixtures', 'persons');

interface Refusal {
  readonly dataDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly config?: string;
}

/** Expects the start to be refused with one line for each sentence and nothing else. */
async function expectRefusal(refusal: Refusal, ...sentences: readonly RegExp[]): Promise<void> {
  const { dataDirectory, environment = {}, config = sandboxYaml } = refusal;
  const settings =
    dataDirectory === undefined ? environment : { ...freePorts(dataDirectory), ...environment };
  const { code, out, err } = await runCommand(['start', '--config', config], { environment: settings });
  expect([code, out], err).to.deep.equal([1, '']);
  expectSentences(err, sentences);
}

function expectSentences(stderr: string, sentences: readonly RegExp[]): void {
  const lines = stderr.trimEnd().split('\n');
  expect(lines, stderr).to.have.length(sentences.length);
  sentences.forEach((sentence, index) => expect(lines[index]).to.match(sentence));
  expect(stderr).not.to.match(/\bat .*:\d+:\d+|Unforeseen|undefined|\[object/);
}

async function withTakenPort(use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    await use(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('preg-adapter start refuses, in one plain sentence,', () => {
  const newFolder = temporaryFolders();

  describe('a port in use', function () {
    // Much to do on a busy machine; nothing here is about speed.
    this.timeout(10_000);

    for (const listener of ['legacy', 'operations'] as const) {
      it(`for listeners.${listener}`, async () => {
        await withTakenPort(async (port) => {
          const setting = `PREG_ADAPTER__LISTENERS__${listener.toUpperCase()}__PORT`;
          const place = `127\\.0\\.0\\.1:${port}`;
          await expectRefusal(
            { dataDirectory: newFolder(), environment: { [setting]: String(port) } },
            new RegExp(
              `^listeners\\.${listener} cannot listen on ${place}: another program uses this port\\.$`,
            ),
          );
        });
      });
    }

    it('for the sandbox’s PREG', async () => {
      await withTakenPort(async (port) => {
        await expectRefusal(
          { dataDirectory: newFolder(), environment: { PREG_ADAPTER__SANDBOX__PREG__PORT: String(port) } },
          new RegExp(`^127\\.0\\.0\\.1:${port} is in use by another program; .+\\.$`),
        );
      });
    });

    for (const [what, before] of [
      ['Persontjenesten', 0],
      ['HelseID, which takes the port after sandbox.port', 1],
    ] as const) {
      it(`for the sandbox’s ${what}`, async () => {
        await withTakenPort(async (port) => {
          await expectRefusal(
            {
              dataDirectory: newFolder(),
              environment: { PREG_ADAPTER__SANDBOX__PORT: String(port - before) },
            },
            // Somebody else may have the neighbouring port, too.
            new RegExp(
              `^127\\.0\\.0\\.1:(?:${port}|${port - before + 1}) is in use by another program; .*\\.$`,
            ),
          );
        });
      });
    }
  });

  describe('a data folder', () => {
    it('that a file stands in the way of', async () => {
      const file = join(newFolder(), 'file');
      writeFileSync(file, '');
      await expectRefusal(
        { dataDirectory: file },
        /^data\.directory \S+ cannot be used: a file stands where a folder is needed\.$/,
      );
    });

    it('that cannot be made', async function () {
      if (process.platform !== 'linux') this.skip();
      await expectRefusal(
        { dataDirectory: '/proc/preg-adapter' },
        /^data\.directory \/proc\/preg-adapter cannot be used: .+\.$/,
      );
    });

    it('that may not be written', async function () {
      // Nothing is forbidden to root.
      if (process.getuid?.() === 0) this.skip();
      const dataDirectory = newFolder();
      chmodSync(dataDirectory, 0o500);
      await expectRefusal({ dataDirectory }, /^data\.directory \S+ cannot be used: permission denied\.$/);
    });

    for (const name of ['sealing.key', 'sandbox-key.pem', 'sandbox-certificate.pem', 'sqlite']) {
      it(`with a folder where preg-adapter.${name} belongs`, async () => {
        const dataDirectory = newFolder();
        mkdirSync(join(dataDirectory, `preg-adapter.${name}`));
        await expectRefusal({ dataDirectory }, /^data\.directory \S+ cannot be used: .+\.$/);
      });
    }

    it('with a database that is none', async () => {
      const dataDirectory = newFolder();
      writeFileSync(join(dataDirectory, 'preg-adapter.sqlite'), 'This is not a database. '.repeat(1000));
      await expectRefusal(
        { dataDirectory },
        /^data\.directory \S+ cannot be used: the database file is not an SQLite database\.$/,
      );
    });
  });

  describe('a broken configuration', () => {
    it('naming all that is wrong with it', async () => {
      const problem = /^ {2}.+: found .+, expected .+\.$/;
      await expectRefusal(
        {
          dataDirectory: newFolder(),
          environment: {
            PREG_ADAPTER__LISTENERS__LEGACY__PORT: 'https',
            PREG_ADAPTER__SANDBOX__POPULATION: '-1',
            PREG_ADAPTER__LISTENERS__LEGACY__HOTS: '0.0.0.0',
            PREG_ADAPTER__CLIENTS__0__PASSWORD_HASH: 'epj-sandbox',
          },
        },
        /^The configuration in \S+sandbox\.yaml has 4 problems:$/,
        problem,
        problem,
        problem,
        problem,
      );
    });

    it('that is not YAML', async () => {
      const config = join(newFolder(), 'c.yaml');
      writeFileSync(config, 'data: {directory: data\n');
      await expectRefusal({ config }, /^The configuration in \S+ is wrong at line \d+, column \d+: .+\.$/);
    });

    it('with a value that YAML takes for an alias', async () => {
      const config = join(newFolder(), 'c.yaml');
      writeFileSync(config, 'data: { directory: *data }\n');
      await expectRefusal(
        { config },
        /^The configuration in \S+ is wrong at the file itself: .+ in quotation marks\.$/,
      );
    });

    it('that is not there', async () => {
      await expectRefusal(
        { config: join(newFolder(), 'none.yaml') },
        /^The configuration in \S+none\.yaml is wrong at the file itself: found .+\(ENOENT\).+\.$/,
      );
    });
  });

  describe('persons of the sandbox', () => {
    for (const [what, content] of [
      ['in a file that is not JSON', '{"name":[{"givenName":"Kari'],
      ['in a file that is no Person document', '[]'],
    ] as const) {
      it(what, async () => {
        const folder = newFolder();
        writeFileSync(join(folder, 'a.json'), content);
        await expectRefusal(
          { dataDirectory: newFolder(), environment: { PREG_ADAPTER__SANDBOX__PERSONS: folder } },
          /^sandbox\.persons cannot be used: \S+a\.json.+\.$/,
        );
      });
    }

    it('in a folder that is not there', async () => {
      const environment = { PREG_ADAPTER__SANDBOX__PERSONS: join(newFolder(), 'none') };
      await expectRefusal(
        { dataDirectory: newFolder(), environment },
        /^The configuration in .*sandbox\.persons.*none.*\.$/,
      );
    });

    it('who are there twice', async () => {
      await expectRefusal(
        {
          dataDirectory: newFolder(),
          environment: { PREG_ADAPTER__SANDBOX__PERSONS: `${persons},${persons}` },
        },
        /^sandbox\.persons cannot be used: .+ already\.$/,
      );
    });
  });

  describe('as a program of its own', function () {
    // It starts whole adapters.
    this.timeout(20_000);
    const run = programs();

    it('a port in use', async () => {
      await withTakenPort(async (port) => {
        const program = run.start(run.folder(), { PREG_ADAPTER__LISTENERS__LEGACY__PORT: String(port) });
        expect(await program.ended).to.deep.equal({ code: 1, signal: null });
        expect(program.stdout).to.equal('');
        expectSentences(program.stderr, [/^listeners\.legacy cannot listen on .+\.$/]);
      });
    });

    it('a port of MLLP in use', async () => {
      await withTakenPort(async (port) => {
        const program = run.start(run.folder(), { PREG_ADAPTER__LISTENERS__MLLP__PORT: String(port) });
        expect(await program.ended).to.deep.equal({ code: 1, signal: null });
        expect(program.stdout).to.equal('');
        expectSentences(program.stderr, [/^listeners\.mllp cannot listen on .+\.$/]);
      });
    });
  });
});
