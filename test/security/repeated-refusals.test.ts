import { expect } from 'chai';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { get, post, type Destination } from '../support/https-post.js';
import { withStore } from '../support/opened-store.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from '../support/person-service-request.js';
import { RawConnection } from '../support/raw-connection.js';
import { sandboxConfiguration } from '../support/sandbox-configuration.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { userToken } from '../support/session-bench.js';
import { issueMessage } from '../support/session-client.js';

const settings = sandboxConfiguration();
const USER = 'epj-sandbox';
/** Somebody of fixtures/persons. */
const NUMBER = '11868426235';
const Authorization = `Basic ${Buffer.from(`${USER}:${USER}`).toString('base64')}`;

const query =
  'MSH|^~\\&|EPJ|SANDBOX|PREG|NHN|20260101120000||QBP^Q22^QBP_Q21|M1|P|2.5|||||NOR|8859/1\r' +
  `QPD|IHE PDQ Query|Q1|@PID.3.1^${NUMBER}\rRCP|I\r`;

describe('(SECURITY) who is refused and tries again', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter;

  beforeEach(async () => {
    adapter = await startSandboxedAdapter();
    const [client] = settings.clients;
    if (client === undefined) throw new Error('the sandbox has no client');
    // One in a hundred seconds, which no test takes.
    const clients = [{ ...client, requestsPerSecond: 0.01, requestBurst: 1 }];
    adapter.running.reconfigure({ ...settings, clients });
  });

  afterEach(async () => {
    await adapter.stop();
  });

  const at = (path: string): Destination => ({ url: adapter.legacyUrl + path, ca: adapter.certificatePem });

  const soap = (path: string, message: string): Promise<string> =>
    post(at(path), message).then(({ text }) => text);

  const lookUp = (password = USER): Promise<string> =>
    soap(HL7V3_PATH, getDemographicsRequest({ numbers: [NUMBER], now: new Date(), password }));

  const ways: Readonly<Record<string, () => Promise<string>>> = {
    'HL7 v3': () => lookUp(),
    'Personregister-XML': () =>
      soap(
        PERSON_SERVICE_PATH,
        personServiceRequest({
          operation: 'GetPerson',
          content: `<parameters><cd:NIN xmlns:cd="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data">${NUMBER}</cd:NIN></parameters>`,
          now: new Date(),
          username: USER,
          password: USER,
        }),
      ),
    'HL7 v2 over HTTP': () =>
      post(at('/hl7v2'), query, { 'Content-Type': 'application/hl7-v2', Authorization }).then(
        ({ text }) => text,
      ),
    MLLP: async () => {
      const connection = await RawConnection.open(adapter.running.mllp?.port ?? 0);
      connection.send(`\x0b${query}\x1c\r`);
      const answer = await connection.receives(/MSA\|A[AER]\|M1[^\r]*\r/);
      connection.close();
      return answer;
    },
    Filematch: () => get(at('/filematch/jobs'), { Authorization }).then(({ text }) => text),
  };

  /** What the audit trail has of requests with that outcome: by what, and for how many an entry stands. */
  const audited = (outcome: string): unknown[] =>
    withStore(adapter.dataDirectory, ({ audit }) =>
      [...audit.entries()]
        .filter((entry) => entry.outcome === outcome)
        .map(({ clientId, protocol, operation, detail: { count, remoteAddress } }) => [
          clientId,
          protocol,
          operation,
          count,
          remoteAddress,
        ]),
    );

  const linesWith = (pattern: RegExp): readonly string[] =>
    adapter
      .log()
      .split('\n')
      .filter((line) => pattern.test(line));

  async function metric(pattern: RegExp): Promise<number> {
    const text = await (await fetch(`${adapter.operationsUrl}/metrics`)).text();
    return [...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
  }

  it('leaves by every protocol one entry and one line at once, and one with the number of the others at the end', async () => {
    await lookUp();
    for (const [name, ask] of Object.entries(ways)) {
      for (let times = 0; times < 3; times += 1) {
        expect(await ask(), name).to.match(/\bwait\b|too many|Too many|more often/i);
      }
    }
    const first = [
      [USER, 'hl7v3', 'GetDemographics', undefined, '127.0.0.1'],
      [USER, 'preg-xml', 'GetPerson', undefined, '127.0.0.1'],
      [USER, 'hl7v2', 'QBP^Q22', undefined, '127.0.0.1'],
      [USER, 'filematch', 'list', undefined, '127.0.0.1'],
    ];
    expect(audited('rate-limited')).to.deep.equal(first);
    expect(linesWith(/"message":"request answered".*"outcome":"rate-limited"/)).to.have.length(4);
    expect(await metric(/^preg_adapter_requests_total\{[^}]*outcome="rate-limited"[^}]*\} (\d+)/gm)).to.equal(
      15,
    );
    await adapter.running.stop();
    expect(audited('rate-limited').slice(4)).to.deep.equal([
      [USER, 'hl7v3', 'GetDemographics', 2, '127.0.0.1'],
      [USER, 'preg-xml', 'GetPerson', 2, '127.0.0.1'],
      [USER, 'hl7v2', 'QBP^Q22', 5, '127.0.0.1'],
      [USER, 'filematch', 'list', 2, '127.0.0.1'],
    ]);
    expect(linesWith(/more requests were refused for the same reason/)).to.have.length(4);
  });

  it('is counted where nobody knows them, each with a line', async () => {
    for (let times = 0; times < 3; times += 1) {
      expect(await soap(HL7V3_PATH, 'nonsense')).to.contain('Fault');
    }
    const first = [null, 'hl7v3', null, undefined, '127.0.0.1'];
    expect(audited('malformed-request')).to.deep.equal([first]);
    expect(linesWith(/"level":"warn".*"outcome":"malformed-request"/)).to.have.length(3);
    await adapter.running.stop();
    expect(audited('malformed-request')).to.deep.equal([first, [null, 'hl7v3', null, 2, '127.0.0.1']]);
  });

  it('opens no more sessions than twice as many as it may ask questions', async () => {
    const open = (): Promise<string> =>
      soap(HL7V3_PATH, issueMessage({ now: new Date(), user: userToken(USER, USER) }));
    expect(await open()).to.match(/RequestSecurityTokenResponse/);
    expect(await open()).to.match(/RequestSecurityTokenResponse/);
    expect(await lookUp(), 'questions are counted for themselves').to.contain('code="OK"');
    expect(await open()).to.not.match(/RequestSecurityTokenResponse/);
    expect(audited('rate-limited')).to.have.length(1);
  });
});
