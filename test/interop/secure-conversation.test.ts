import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { canRun } from '../legacy/hl7v3/schema/places.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';

/** Debian's own, which has python3-lxml. */
const PYTHON = '/usr/bin/python3';
const CLIENT = join(packageRoot(), 'test', 'interop', 'secure_conversation_client.py');

const SECEXT = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const INVALID_SECURITY = {
  status: 500,
  fault: `{${SECEXT}}InvalidSecurity`,
  reason: 'An error occurred when verifying security for the message.',
  secured: false,
};
const BAD_CONTEXT_TOKEN = {
  status: 500,
  fault: '{http://schemas.xmlsoap.org/ws/2005/02/sc}BadContextToken',
  reason: 'The security context token is expired or is not valid. The message was not processed.',
  secured: false,
};
const FAILED_AUTHENTICATION = {
  status: 500,
  fault: `{${SECEXT}}FailedAuthentication`,
  reason: 'At least one security token in the message could not be validated.',
  secured: false,
};
const INVALID_REQUEST = {
  status: 500,
  fault: '{http://schemas.xmlsoap.org/ws/2005/02/trust}InvalidRequest',
  secured: true,
};
const UNREADABLE = {
  status: 500,
  fault:
    '{http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher}DeserializationFailed',
  secured: true,
};
const ANSWERED = { status: 200 };

/** What the client meets, step by step. It judges the rest itself: see wcf/replies.py and wcf/sessions.py. */
const STEPS: readonly (readonly [string, object])[] = [
  ['issue', ANSWERED],
  ['100 calls', { calls: 100 }],
  ['signed by xmlsec1', ANSWERED],
  ['other prefixes', ANSWERED],
  ['trace header', ANSWERED],
  ['clock 9 minutes behind', ANSWERED],
  ['clock 4 minutes ahead', ANSWERED],
  ['renew', ANSWERED],
  ['new key', ANSWERED],
  ['old key', ANSWERED],
  ['old token with new key', INVALID_SECURITY],
  ['wrong key', INVALID_SECURITY],
  ['changed Timestamp', INVALID_SECURITY],
  ['wrapped Timestamp', INVALID_SECURITY],
  ['stale call', INVALID_SECURITY],
  ['unknown token', BAD_CONTEXT_TOKEN],
  ['truncated token', BAD_CONTEXT_TOKEN],
  ['wrong password', FAILED_AUTHENTICATION],
  ['stale issue', INVALID_SECURITY],
  ['early issue', INVALID_SECURITY],
  ['issue without Timestamp', INVALID_SECURITY],
  ['short entropy', INVALID_REQUEST],
  ['unreadable body', UNREADABLE],
  ['cancel', ANSWERED],
  ['cancelled token', BAD_CONTEXT_TOKEN],
  ['cancelled old token', BAD_CONTEXT_TOKEN],
  ['another session', ANSWERED],
];

const SELF_CHECKS: readonly (readonly [string, object])[] = [
  ['derives the known key', {}],
  ['signs the known Timestamp with lxml', {}],
  ['signs the known Timestamp with xmlsec1', {}],
  ['has xmlsec1 refuse another key', {}],
  ['keeps the token as it came', {}],
  ['refuses spoilt issue replies', { refused: 27 }],
  ['judges renewals', { refused: 4 }],
  ['judges faults', { refused: 7 }],
  ['writes key requests as WCF does', {}],
];

/** One parsed line per step. The client runs without writing byte code beside itself. */
async function run(...options: readonly string[]): Promise<unknown[]> {
  const { stdout } = await promisify(execFile)(PYTHON, ['-B', CLIENT, ...options]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

function succeeded(steps: readonly (readonly [string, object])[]): object[] {
  return steps.map(([step, found]) => ({ step, ok: true, ...found }));
}

describe('A WCF client of 2011 in secure conversation', function () {
  this.timeout(60_000);

  before(function () {
    if (!canRun(PYTHON, '-c', 'import lxml') || !canRun('xmlsec1', '--version')) this.skip();
  });

  describe('by itself', () => {
    it('knows the key, digest and signature, and refuses what WCF refuses', async () => {
      expect(await run('--self-check')).to.deep.equal(succeeded(SELF_CHECKS));
    });
  });

  for (const operation of ['GetDemographics', 'GetPerson']) {
    describe(`calling ${operation}`, () => {
      let adapter: SandboxedAdapter | undefined;
      let met: readonly unknown[] = [];

      before(async () => {
        adapter = await startSandboxedAdapter();
        met = await run(
          adapter.legacyUrl,
          adapter.certificateFile,
          'epj-sandbox',
          'epj-sandbox',
          '11868426235',
          `--operation=${operation}`,
        );
      });

      after(async () => {
        await adapter?.stop();
      });

      for (const [index, expected] of succeeded(STEPS).entries()) {
        it(`meets what it must: ${STEPS[index]?.[0] ?? ''}`, () => {
          expect(met[index]).to.deep.equal(expected);
        });
      }

      it('takes no other step', () => {
        expect(met).to.have.lengthOf(STEPS.length);
      });
    });
  }
});
