import { expect } from 'chai';
import type { LiveSettings } from '../../src/cli/live-settings.js';
import type { ClientSettings } from '../../src/config/schema.js';
import {
  GET_DEMOGRAPHICS,
  getDemographicsBody,
  getDemographicsRequest,
  HL7V3_PATH,
} from '../support/get-demographics-request.js';
import { get, post, type Destination } from '../support/https-post.js';
import { withStore } from '../support/opened-store.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from '../support/person-service-request.js';
import { RawConnection } from '../support/raw-connection.js';
import { sandboxConfiguration } from '../support/sandbox-configuration.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { userToken } from '../support/session-bench.js';
import { issueMessage, sessionFrom, sessionMessage, type ClientSession } from '../support/session-client.js';

const settings = sandboxConfiguration();
const USER = 'epj-sandbox';
/** Somebody of fixtures/persons. */
const NUMBER = '11868426235';
const Authorization = `Basic ${Buffer.from(`${USER}:${USER}`).toString('base64')}`;

/** A way to ask, and what it is called in the audit trail. */
interface Way {
  readonly name: string;
  readonly operation: string;
  readonly protocol: string;
  readonly ask: () => Promise<string>;
  /** In an answer to whoever may ask. */
  readonly served: RegExp;
  /** In an answer to whoever may not. */
  readonly refused: RegExp;
}

const FAULT = /HTTP 500 [^]*<s:Value[^>]*>s:Sender<[^]*The client may not use this service\./;

describe('what clients may do, and where they may ask from', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter;
  let session: ClientSession;
  /** What a proxy says of where requests come from. */
  let from: string;
  /** Each test asks from elsewhere: those who are refused again and again at one place are told of together. */
  let place = 10;

  before(async () => {
    // Every request of the test comes through a proxy on this machine, which says who has sent it.
    adapter = await startSandboxedAdapter({ PREG_ADAPTER__LISTENERS__LEGACY__TRUSTED_PROXIES: '127.0.0.1' });
    from = '10.30.4.1';
    session = sessionFrom(await open());
  });

  beforeEach(() => {
    place += 1;
    from = `10.30.4.${place}`;
    change({});
  });

  after(async () => {
    await adapter.stop();
  });

  function change(limits: Partial<ClientSettings>): void {
    const [client] = settings.clients;
    if (client === undefined) throw new Error('the sandbox has no client');
    const next: LiveSettings = { ...settings, clients: [{ ...client, ...limits }] };
    adapter.running.reconfigure(next);
  }

  const at = (path: string): Destination => ({
    url: adapter.legacyUrl + path,
    ca: adapter.certificatePem,
  });

  async function told(path: string, message: string, headers: Record<string, string> = {}): Promise<string> {
    const { status, text } = await post(at(path), message, { 'X-Forwarded-For': from, ...headers });
    return `HTTP ${status} ${text}`;
  }

  const open = (): Promise<string> =>
    told(HL7V3_PATH, issueMessage({ now: new Date(), user: userToken(USER, USER) }));

  const query =
    'MSH|^~\\&|EPJ|SANDBOX|PREG|NHN|20260101120000||QBP^Q22^QBP_Q21|M1|P|2.5|||||NOR|8859/1\r' +
    `QPD|IHE PDQ Query|Q1|@PID.3.1^${NUMBER}\rRCP|I\r`;

  const ways: readonly Way[] = [
    {
      name: 'HL7 v3 with a password',
      protocol: 'hl7v3',
      operation: 'GetDemographics',
      ask: () => told(HL7V3_PATH, getDemographicsRequest({ numbers: [NUMBER], now: new Date() })),
      served: /queryResponseCode code="OK"/,
      refused: FAULT,
    },
    {
      name: 'HL7 v3 in a session',
      protocol: 'hl7v3',
      operation: 'GetDemographics',
      ask: () =>
        told(
          HL7V3_PATH,
          sessionMessage(session, {
            now: new Date(),
            action: `<a:Action s:mustUnderstand="1">${GET_DEMOGRAPHICS}</a:Action>`,
            body: getDemographicsBody({ numbers: [NUMBER] }),
          }),
        ),
      served: /queryResponseCode code="OK"/,
      refused: FAULT,
    },
    {
      name: 'Personregister-XML',
      protocol: 'preg-xml',
      operation: 'GetPerson',
      ask: () =>
        told(
          PERSON_SERVICE_PATH,
          personServiceRequest({
            operation: 'GetPerson',
            content: `<parameters><cd:NIN xmlns:cd="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data">${NUMBER}</cd:NIN></parameters>`,
            now: new Date(),
            username: USER,
            password: USER,
          }),
        ),
      served: /HTTP 200 [^]*GetPersonResult/,
      refused: FAULT,
    },
    {
      name: 'HL7 v2 over HTTP',
      protocol: 'hl7v2',
      operation: 'QBP^Q22',
      ask: () => told('/hl7v2', query, { 'Content-Type': 'application/hl7-v2', Authorization }),
      served: /MSA\|AA\|M1/,
      refused: /HTTP (403 |200 [^]*MSA\|AR\|M1\|The sender is not let in\.)/,
    },
    {
      name: 'Filematch',
      protocol: 'filematch',
      operation: 'list',
      ask: async () => {
        const headers = { Authorization, 'X-Forwarded-For': from };
        const { status, text } = await get(at('/filematch/jobs'), headers);
        return `HTTP ${status} ${text}`;
      },
      served: /HTTP 200 /,
      refused: /HTTP 403 [^]*"code":"not-authorised"/,
    },
  ];

  /** The last entries of the audit trail. */
  const audited = (count: number): unknown[] =>
    withStore(adapter.dataDirectory, ({ audit }) =>
      [...audit.entries()].slice(-count).map(({ clientId, protocol, operation, outcome, pseudonym }) => ({
        clientId,
        protocol,
        operation,
        outcome,
        isAboutSomebody: pseudonym !== null,
      })),
    );

  for (const { name, operation, protocol, ask, served, refused } of ways) {
    const others: Readonly<Record<string, string>> = {
      hl7v3: 'FindCandidates',
      'preg-xml': 'GetChildren',
      hl7v2: 'QRY^A19',
      filematch: 'upload',
    };

    it(`serves what is among the operations by ${name}, and refuses in its own form what is not`, async () => {
      change({ operations: [operation] });
      expect(await ask()).to.match(served);
      change({ operations: [others[protocol] ?? ''] });
      expect(await ask()).to.match(refused);
      const refusal = {
        clientId: USER,
        protocol,
        operation,
        outcome: 'not-authorised',
        isAboutSomebody: false,
      };
      expect(audited(1)).to.deep.equal([refusal]);
    });

    it(`counts by ${name} what it refuses, so that nobody asks without end what they may not`, async () => {
      // One in a hundred seconds, which no test takes.
      change({ operations: [others[protocol] ?? ''], requestsPerSecond: 0.01, requestBurst: 1 });
      expect(await ask()).to.match(refused);
      expect(await ask()).to.not.match(refused);
      expect(audited(1)[0]).to.include({ clientId: USER, protocol, outcome: 'rate-limited' });
    });

    it(`serves whoever asks by ${name} from the client’s addresses, and refuses whoever asks from elsewhere`, async () => {
      change({ addresses: ['10.30.4.0/24', '2001:db8::/32'] });
      expect(await ask()).to.match(served);
      from = '2001:db8::7';
      expect(await ask()).to.match(served);
      for (const elsewhere of [`10.30.5.${place}`, `2001:db9:${place}::7`, `${from}, 10.30.6.${place}`]) {
        from = elsewhere;
        expect(await ask(), elsewhere).to.match(refused);
        const [entry] = audited(1);
        expect(entry).to.include({
          clientId: USER,
          protocol,
          outcome: 'not-authorised',
          isAboutSomebody: false,
        });
      }
    });
  }

  it('opens no session from elsewhere, and any for whoever may ask something', async () => {
    change({ addresses: ['10.30.4.0/24'], operations: ['FindCandidates'] });
    expect(await open()).to.match(/RequestSecurityTokenResponse/);
    from = '10.30.5.17';
    expect(await open()).to.match(FAULT);
  });

  it('answers a wrong password the same from everywhere', async () => {
    change({ addresses: ['10.30.4.0/24'] });
    const wrong = (): string =>
      getDemographicsRequest({ numbers: [NUMBER], now: new Date(), password: 'wrong' });
    const inside = await told(HL7V3_PATH, wrong());
    from = '10.30.5.17';
    const outside = await told(HL7V3_PATH, wrong());
    const withoutIds = (text: string): string =>
      text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
    expect(inside).to.contain('FailedAuthentication');
    expect(withoutIds(outside)).to.equal(withoutIds(inside));
  });

  it('holds for peers over MLLP, whose messages come from the peer itself', async () => {
    const connection = await RawConnection.open(adapter.running.mllp?.port ?? 0);
    const ask = (id: string): Promise<string> => {
      connection.send(`\x0b${query.replace('|M1|', `|${id}|`)}\x1c\r`);
      return connection.receives(new RegExp(`MSA\\|A[AER]\\|${id}[^\r]*\r`));
    };
    expect(await ask('M1')).to.match(/MSA\|AA\|M1/);
    change({ addresses: ['10.30.4.0/24'] });
    expect(await ask('M2')).to.match(/MSA\|AR\|M2\|The sender is not let in\./);
    change({ operations: ['QRY^A19'] });
    expect(await ask('M3')).to.match(/MSA\|AR\|M3\|The sender is not let in\./);
    connection.close();
  });
});
