import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { write } from '../support/configuration-files.js';
import { runCommand, type CommandResult } from '../support/command-line.js';
import { freePorts } from '../support/started-adapter.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { secretsOf } from './known-secrets.js';
import { askedFor, ordinary } from './paths.js';
import { Traces } from './traces.js';

const sandboxYaml = join(packageRoot(), 'config', 'sandbox.yaml');
const KEY_FILES = ['preg-adapter.sandbox-key.pem', 'preg-adapter.sealing.key', 'preg-adapter.pseudonym.key'];
const { number, name, street } = ordinary;

/** Secrets as somebody could put them in the wrong place: each has something of its own to be known by. */
const secret = {
  password: 'Hemmelig-passord-4410',
  hash: 'scrypt$N=32768,r=8,p=1$AAAAtoo-short',
  key: 'dG9vLXNob3J0LWtleQ',
  jwk: '{"kty":"EC","crv":"P-256","d":"N2FmZDkxY2E0ZTU1","kid":"k1"',
  passphrase: 'Nøkkelord-9921',
  credentials: 'svc-bruker:Tilgang-3306',
};

describe('privacy of the command line', () => {
  const newFolder = temporaryFolders();

  /** What a command leaves beside its answer. */
  function tracesOf({ err, log }: CommandResult, folder: string): Traces {
    const traces = new Traces();
    traces.add('standard error', err);
    traces.add('log', log);
    traces.addFolder(folder, KEY_FILES);
    return traces;
  }

  for (const [what, input, ...args] of [
    ['somebody who is found', number],
    ['somebody who is protected', '15908832970'],
    ['nobody', '01818049818'],
    ['a number with a blank', '118684 26235'],
    ['a name', `${name}, ${street} 17B`],
    ['two numbers', `${number}\n15908832970\n`],
    ['somebody with codes that nobody knows', '28851998650'],
    ['somebody under a client that there is none of', number, '--client', 'epj-nobody'],
  ] as const) {
    it(`lookup of ${what} shows the person on standard output alone`, async () => {
      const folder = newFolder();
      const result = await runCommand(['lookup', '--config', sandboxYaml, ...args], {
        input,
        environment: {
          ...freePorts(folder),
          PREG_ADAPTER__LOGGING__LEVEL: 'debug',
          PREG_ADAPTER__SANDBOX__PERSONS: ['persons', 'persons-irregular']
            .map((persons) => join(packageRoot(), 'fixtures', persons))
            .join(','),
        },
      });
      expect(tracesOf(result, folder).found(secretsOf([...askedFor], []))).to.deep.equal([]);
      if (result.code === 1) expect(result.out).to.equal('');
    });
  }

  it('lookup does put the person on standard output, or there were nothing to keep from the rest', async () => {
    const { out } = await runCommand(['lookup', '--config', sandboxYaml], {
      input: number,
      environment: freePorts(newFolder()),
    });
    const traces = new Traces();
    traces.add('standard output', out);
    expect(traces.found(secretsOf([number], []))).to.include.members([
      `standard output: ${number}`,
      `standard output: ${name.toLowerCase()}`,
      `standard output: ${street.toLowerCase()}`,
    ]);
  });

  it('configuration errors hold no secret, wherever it was put', async () => {
    const folder = newFolder();
    const file = write(folder, 'c.yaml', broken(folder));
    const results = await Promise.all(
      [
        { PREG_ADAPTER__CLIENTS__0__PASSWORD_HASH: secret.password },
        { PREG_ADAPTER__HELSEID__PRIVATE_KEY: secret.jwk },
        { PREG_ADAPTER__HELSEID__PRIVATE_KEY_FILE: write(folder, 'key.json', secret.jwk) },
        { PREG_ADAPTER__STORE__PSEUDONYM_KEY: secret.key },
        { PREG_ADAPTER__STORE__SEALING_KEYS__0__KEY: secret.key },
        { PREG_ADAPTER__LISTENERS__LEGACY__TLS__PASSPHRASE: secret.passphrase },
        { PREG_ADAPTER__PERSONTJENESTEN__BASE_URL: `https://${secret.credentials}@preg.invalid:x/` },
        {},
      ].map((environment) => runCommand(['check-config', '--config', file], { environment })),
    );
    const traces = new Traces();
    for (const { code, out, err } of results) {
      expect([code, out]).to.deep.equal([1, '']);
      expect(err.split('\n').length).to.be.greaterThan(4);
      traces.add('standard error', err);
    }
    const pieces = [
      'passord-4410',
      'Hemmelig',
      'AAAAtoo',
      secret.key,
      'N2FmZDkxY2E0ZTU1',
      '9921',
      'Tilgang-3306',
    ];
    expect(traces.found({ numbers: [], words: [], credentials: pieces })).to.deep.equal([]);
  });

  for (const [what, text] of [
    ['an unclosed quotation', `clients: [{ passwordHash: "${secret.password} ]`],
    ['a tab', `clients:\n\t- passwordHash: ${secret.password}`],
    ['a repeated name', `store: { pseudonymKey: ${secret.key}, pseudonymKey: ${secret.key} }`],
    ['an unknown anchor', `store: { pseudonymKey: *${secret.key} }`],
  ] as const) {
    it(`a configuration with ${what} is not quoted`, async () => {
      const file = write(newFolder(), 'c.yaml', text);
      const { code, err } = await runCommand(['start', '--config', file]);
      expect(code).to.equal(1);
      expect(err).not.to.contain(secret.password).and.not.to.contain(secret.key);
    });
  }

  /** Every secret malformed, or where no secret belongs. */
  function broken(folder: string): string {
    return `
data: { directory: ${join(folder, 'data')} }
listeners:
  legacy:
    port: x
    tls: { pfxFile: ${join(folder, 'none.pfx')}, passphrase: '${secret.passphrase}' }
clients:
  - id: epj
    username: '${secret.credentials}'
    passwordHash: '${secret.hash}'
    protocols: [hl7v4]
    organisation: { parent: 1 }
  - id: other
    username: '${secret.credentials}'
    passwordHash: '${secret.password}'
    protocols: [hl7v3]
    organisation: { parent: 999999999 }
persontjenesten: { baseUrl: 'http://${secret.credentials}@preg.invalid' }
helseid: { issuer: 'https://x', clientId: c, privateKey: '${secret.jwk}' }
store:
  sealingKeys: [{ id: a, key: '${secret.key}' }]
  pseudonymKey: '${secret.key}'
`;
  }
});
