import { expect } from 'chai';
import { exportJWK, generateKeyPair } from 'jose';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import type { StoredAuditEntry } from '../../src/store/audit-rows.js';
import { loadOrCreateKeys } from '../../src/store/key-files.js';
import { runCommand, type CommandResult } from '../support/command-line.js';
import { someHash, write } from '../support/configuration-files.js';
import { withStore } from '../support/opened-store.js';
import { number } from '../support/person-documents.js';
import { freePorts } from '../support/started-adapter.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const ORDINARY = '11868426235';
const CONFIDENTIAL = '15908832970';
const REGISTERED_AT_BIRTH = '09832196476';
const NOBODY = '01818049818';
const config = join(packageRoot(), 'config', 'sandbox.yaml');

function lookUp(
  dataDirectory: string,
  input: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return runCommand(['lookup', '--config', config, ...args], {
    input,
    environment: { ...freePorts(dataDirectory), ...environment },
  });
}

function audited(directory: string): readonly StoredAuditEntry[] {
  return withStore(directory, ({ audit }) => [...audit.entries()]);
}

function pseudonymOf(directory: string, text: string): string | null | undefined {
  return withStore(directory, ({ audit }) => [...audit.bySubject(number(text))][0]?.pseudonym);
}

/** The line about a field: its value and its origin. */
function lineOf(field: string, { out }: CommandResult): readonly string[] {
  const line = out.split('\n').find((text) => text.split(/ {2,}/)[0] === field);
  return line?.split(/ {2,}/).slice(1) ?? [];
}

describe('preg-adapter lookup', function () {
  // Much to do on a busy machine; nothing here is about speed.
  this.timeout(10_000);

  const newFolder = temporaryFolders();
  // One for all who only look: its certificate is made once.
  let shared = '';

  before(() => {
    shared = mkdtempSync(join(tmpdir(), 'preg-adapter-lookup-'));
  });

  after(() => {
    rmSync(shared, { recursive: true, force: true });
  });

  it('shows each field with its value and where it came from', async () => {
    const result = await lookUp(shared, `${ORDINARY}\n`);
    expect([result.code, result.err, result.log]).to.deep.equal([0, '', '']);
    expect(lineOf('nin', result)).to.deep.equal([
      ORDINARY,
      'norwegianIdentificationNumber[0].identificationNumber',
    ]);
    expect(lineOf('givenName', result)).to.deep.equal(['SINDIG', 'name[0].givenName']);
    expect(lineOf('dateOfBirth', result)).to.deep.equal(['1984-06-11', 'birth[0].birthDate']);
    expect(lineOf('regStatus', result)[0]).to.equal('1');
    expect(lineOf('spouseNIN', result)[0]).to.equal('23828211323');
    expect(lineOf('addresses[0].postalAddress', result)[0]).to.equal('TROLLFLØYTEVEGEN 17B');
    expect(lineOf('addresses[0].postalCode', result)).to.deep.equal([
      '0580',
      'residentialAddress[0].streetAddress.city.postalCode',
    ]);
  });

  it('tells why a field is blank', async () => {
    const result = await lookUp(shared, ORDINARY);
    expect(lineOf('addresses[0].xCoord', result)).to.have.length(2).and.to.have.property('0', '–');
    expect(lineOf('addresses[0].xCoord', result)[1]).to.match(/^\(.+\)$/);
  });

  it('shows nothing of a protected address', async () => {
    const result = await lookUp(shared, CONFIDENTIAL);
    expect(lineOf('addresses[0].postalType', result)[0]).to.equal('7');
    expect(result.out).not.to.match(
      /Brisling|Spurvehauk|Snøkrystall|5231|5232|Paradis|Bergen|Hemliga|Åre\b/i,
    );
  });

  it('says that nobody is known by a number', async () => {
    const { code, out, err } = await lookUp(shared, NOBODY);
    expect([code, out, err]).to.deep.equal([0, 'Nobody is known by this number.\n', '']);
  });

  for (const [what, input, sentence] of [
    ['ten digits', '1186842623', 'A number has 11 digits, or 12 for DUF.\n'],
    ['letters', 'Kari Nordmann', 'A number has 11 digits, or 12 for DUF.\n'],
    ['a blank in the middle', '118684 26235', 'A number has 11 digits, or 12 for DUF.\n'],
    ['nothing', '', 'Standard input is empty; one number was expected.\n'],
    [
      'two numbers',
      `${ORDINARY}\n${NOBODY}\n`,
      'Standard input has several lines; one number was expected.\n',
    ],
  ] as const) {
    it(`refuses ${what} without repeating it`, async () => {
      const { code, out, err } = await lookUp(shared, input);
      expect([code, out, err]).to.deep.equal([1, '', sentence]);
    });
  }

  it('forgives blanks around the number', async () => {
    expect((await lookUp(shared, `  ${NOBODY} \r\n`)).code).to.equal(0);
  });

  it('refuses a client that there is none of', async () => {
    const { code, out, err } = await lookUp(shared, ORDINARY, ['--client', 'epj-other']);
    expect([code, out, err]).to.deep.equal([1, '', 'There is no client epj-other in clients[].\n']);
  });

  it('shows what the client may see, by its access', async () => {
    const status = async (access: string): Promise<readonly string[]> => {
      const environment = { PREG_ADAPTER__CLIENTS__0__ACCESS: access };
      const args = ['--client', 'epj-sandbox'];
      return lineOf('regStatus', await lookUp(shared, REGISTERED_AT_BIRTH, args, environment));
    };
    expect((await status('full'))[0]).to.equal('7');
    // Restricted access is told no more than "active" (Safety S7).
    expect((await status('restricted'))[0]).to.equal('–');
  });

  it('leaves an audit entry as the command line, whether somebody was found or not', async () => {
    const data = newFolder();
    await lookUp(data, ORDINARY);
    await lookUp(data, NOBODY);
    const entries = audited(data);
    expect(
      entries.map(({ clientId, protocol, operation, outcome }) => [clientId, protocol, operation, outcome]),
    ).to.deep.equal([
      ['command-line', 'command-line', 'lookup', 'found'],
      ['command-line', 'command-line', 'lookup', 'not-found'],
    ]);
    expect(entries[0]?.pseudonym).to.equal(pseudonymOf(data, ORDINARY));
    expect(entries[0]?.pseudonym).to.match(/^\S{20,}$/);
    expect(entries[1]?.pseudonym).to.equal(pseudonymOf(data, NOBODY));
  });

  it('says in a sentence that HelseID cannot be reached, and audits that too', async () => {
    const folder = newFolder();
    const data = join(folder, 'data');
    const file = write(folder, 'c.yaml', await withoutSandbox(data));
    const { code, out, err, log } = await runCommand(['lookup', '--config', file], { input: ORDINARY });
    expect([code, out]).to.deep.equal([1, '']);
    expect(err)
      .to.match(/^[^\n]+\.\n$/)
      .and.not.to.match(/Unforeseen|\bat .*:\d+/);
    expect(err + log).not.to.contain(ORDINARY);
    expect(audited(data).map(({ outcome }) => outcome)).to.deep.equal(['token-unavailable']);
  });
});

/** A configuration whose HelseID and Persontjenesten are at a port that nobody listens on. */
async function withoutSandbox(data: string): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'k1', alg: 'ES256' });
  const keys = loadOrCreateKeys(data, systemRandom);
  const [sealing] = keys.sealingKeys;
  const base64 = (key: Uint8Array | undefined): string => Buffer.from(key ?? []).toString('base64');
  return `
data: { directory: ${data} }
listeners: { legacy: { plaintext: true } }
clients:
  - id: epj
    username: epj
    passwordHash: ${someHash}
    protocols: [hl7v3]
    organisation: { parent: 999999999 }
persontjenesten: { baseUrl: 'https://127.0.0.1:1' }
helseid: { issuer: 'https://127.0.0.1:1', clientId: some-client, privateKey: '${jwk}' }
store:
  sealingKeys: [{ id: '${sealing?.id ?? ''}', key: '${base64(sealing?.key)}' }]
  pseudonymKey: '${base64(keys.pseudonymKey)}'
`;
}
