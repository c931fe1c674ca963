import { expect } from 'chai';
import { hashPassword } from '../../src/access/password-hash.js';
import type { LiveSettings } from '../../src/cli/live-settings.js';
import type { ClientSettings } from '../../src/config/schema.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { get, post } from '../support/https-post.js';
import { withStore } from '../support/opened-store.js';
import { RawConnection } from '../support/raw-connection.js';
import { sandboxConfiguration } from '../support/sandbox-configuration.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { userToken } from '../support/session-bench.js';
import { issueMessage, sessionFrom, sessionMessage, type ClientSession } from '../support/session-client.js';

const settings = sandboxConfiguration();
/** Somebody of fixtures/persons. */
const NUMBER = '11868426235';

describe('clients that change while the adapter runs', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter;

  before(async () => {
    adapter = await startSandboxedAdapter();
  });

  after(async () => {
    await adapter.stop();
  });

  afterEach(() => {
    adapter.running.reconfigure(settings);
  });

  function change(clients: readonly ClientSettings[], more: Partial<LiveSettings> = {}): void {
    adapter.running.reconfigure({ ...settings, clients: [...clients], ...more });
  }

  const soap = (message: string): Promise<string> =>
    post({ url: adapter.legacyUrl + HL7V3_PATH, ca: adapter.certificatePem }, message).then(
      ({ text: body }) => body,
    );

  const lookup = (username = 'epj-sandbox', password = 'epj-sandbox'): Promise<string> =>
    soap(getDemographicsRequest({ numbers: [NUMBER], now: new Date(), username, password }));

  const open = async (password = 'epj-sandbox'): Promise<ClientSession> =>
    sessionFrom(await soap(issueMessage({ now: new Date(), user: userToken('epj-sandbox', password) })));

  /** What comes of a call of something that nobody serves: whoever gets that far is known. */
  const faultIn = async (session: ClientSession): Promise<string | undefined> =>
    subcodeOf(await soap(sessionMessage(session, { now: new Date() })));

  it('(QUALITY 28) come in by the old and the new password, and by the old one no more once it is taken out', async () => {
    const epj = sandboxClient();
    const passwordHash = await hashPassword('new', systemRandom);
    const opened = await open();
    change([{ ...epj, passwordHash, previousPasswordHash: epj.passwordHash }]);
    expect(await lookup('epj-sandbox', 'epj-sandbox')).to.contain('code="OK"');
    expect(await lookup('epj-sandbox', 'new')).to.contain('code="OK"');
    const [byOld, byNew] = [await open('epj-sandbox'), await open('new')];
    const sessions = [opened, byOld, byNew];
    for (const session of sessions) expect(await faultIn(session)).to.equal('a:ActionNotSupported');
    change([{ ...epj, passwordHash }]);
    expect(subcodeOf(await lookup('epj-sandbox', 'epj-sandbox'))).to.equal('w:FailedAuthentication');
    expect(await lookup('epj-sandbox', 'new')).to.contain('code="OK"');
    expect(await Promise.all(sessions.map(faultIn))).to.deep.equal([
      'c:BadContextToken',
      'c:BadContextToken',
      'a:ActionNotSupported',
    ]);
  });

  it('may ask as often as a reload says from then on, by all protocols together', async () => {
    const epj = sandboxClient();
    await lookup();
    change([{ ...epj, requestsPerSecond: 1, requestBurst: 1 }]);
    const files = get(
      { url: `${adapter.legacyUrl}/filematch/jobs`, ca: adapter.certificatePem },
      { Authorization: `Basic ${Buffer.from('epj-sandbox:epj-sandbox').toString('base64')}` },
    );
    const answers = await Promise.all(Array.from({ length: 6 }, () => lookup()));
    const refused = answers.filter((answer) => answer.includes('more often than it may')).length;
    expect(refused + ((await files).status === 429 ? 1 : 0)).to.be.within(1, 6);
    change([epj]);
    for (const answer of await Promise.all(Array.from({ length: 6 }, () => lookup()))) {
      expect(answer).to.contain('code="OK"');
    }
  });

  it('are refused at their next call once they are switched off or gone, sessions included', async () => {
    const epj = sandboxClient();
    const session = await open();
    expect(await lookup()).to.contain('code="OK"');
    for (const clients of [[{ ...epj, enabled: false }], [{ ...epj, id: 'other', username: 'other' }]]) {
      change(clients);
      expect(subcodeOf(await lookup())).to.equal('w:FailedAuthentication');
      expect(await faultIn(session)).to.equal('c:BadContextToken');
    }
    adapter.running.reconfigure(settings);
    expect(await faultIn(session)).to.equal('a:ActionNotSupported');
  });

  it('see what their profile grants from then on, whatever their session began with', async () => {
    const epj = sandboxClient();
    expect(await lookup()).to.match(/<given[ >]/);
    change([{ ...epj, profile: 'numbers' }], {
      profiles: { ...settings.profiles, numbers: { groups: ['identity'] } },
    });
    const told = await lookup();
    expect(told).to.contain('code="OK"').and.contain(NUMBER);
    expect(told).to.not.match(/<given[ >]/);
  });

  it('ask for what the configuration says by then, in each entry of the audit trail', async () => {
    const purposeOfLast = async (): Promise<string | null | undefined> => {
      await lookup();
      return withStore(adapter.dataDirectory, ({ audit }) => [...audit.entries()].at(-1)?.purpose);
    };
    change([sandboxClient()], { audit: { purpose: 'Helsehjelp' } });
    expect(await purposeOfLast()).to.equal('Helsehjelp');
    change([{ ...sandboxClient(), purpose: 'Utprøving' }], { audit: { purpose: 'Helsehjelp' } });
    expect(await purposeOfLast()).to.equal('Utprøving');
  });

  it('log as much as the configuration says by then', async () => {
    change([sandboxClient()], { logging: { level: 'info', levels: { request: 'error' } } });
    const before = adapter.log().length;
    await lookup();
    change([sandboxClient()]);
    await lookup();
    await adapter.says(/"message":"request answered"/);
    expect(
      adapter
        .log()
        .slice(before)
        .match(/"message":"request answered"/g),
    ).to.have.length(1);
  });

  it('are served and counted by name when they are new', async () => {
    const epj = sandboxClient();
    change([...settings.clients, { ...epj, id: 'ward', username: 'ward', hl7v2: { peers: [] } }]);
    expect(await lookup('ward')).to.contain('code="OK"');
    await adapter.says(/"message":"request answered"[^\n]*"clientId":"ward"/);
    const page = await (await fetch(`${adapter.operationsUrl}/metrics`)).text();
    expect(page).to.match(/^preg_adapter_requests_total\{client="ward",/m);
  });

  it('are no peers over MLLP any more once they are not, on connections of before too', async () => {
    const connection = await RawConnection.open(adapter.running.mllp?.port ?? 0);
    const ask = (id: string): Promise<string> => {
      connection.send(`\x0b${queryOf(id)}\x1c\r`);
      return connection.receives(new RegExp(`MSA\\|A[AER]\\|${id}\\|`));
    };
    expect(await ask('M1')).to.not.contain('The sender is not let in');
    change([{ ...sandboxClient(), hl7v2: { peers: [] } }]);
    expect(await ask('M2')).to.match(/MSA\|AR\|M2\|The sender is not let in/);
    connection.close();
  });

  it('bring files once they may, to an address that was not there before', async () => {
    const epj = sandboxClient();
    const withoutFiles = epj.protocols.filter((protocol) => protocol !== 'filematch');
    const place = { url: `${adapter.legacyUrl}/filematch/jobs`, ca: adapter.certificatePem };
    const Authorization = `Basic ${Buffer.from('epj-sandbox:epj-sandbox').toString('base64')}`;
    const ask = async (): Promise<number> => (await get(place, { Authorization })).status;
    change([{ ...epj, protocols: withoutFiles }]);
    expect(await ask()).to.equal(404);
    change([epj]);
    expect(await ask()).to.equal(200);
  });

  it('stay as they are where one of them cannot be made use of', async () => {
    const broken = { ...sandboxClient(), passwordHash: undefined, sealedPassword: 'c2VhbGVk' };
    expect(() => {
      change([broken]);
    }).to.throw('the sealedPassword of client epj-sandbox cannot be used');
    const unknown = { ...sandboxClient(), filematch: { ...sandboxClient().filematch, layouts: ['other'] } };
    expect(() => {
      change([unknown]);
    }).to.throw('"other", which no layout file has');
    expect(await lookup()).to.contain('code="OK"');
  });
});

/** The first of the sandbox's clients. */
function sandboxClient(): ClientSettings {
  const [client] = settings.clients;
  if (client === undefined) throw new Error('the sandbox has no client');
  return client;
}

/** A message of something that nobody serves: whoever gets that far is known. */
function queryOf(id: string): string {
  return `MSH|^~\\&|EPJ|WARD|||20260301120000||ZZZ^Z99|${id}|P|2.5\r`;
}

function subcodeOf(fault: string): string | undefined {
  return /<s:Subcode><s:Value[^>]*>([^<]*)</.exec(fault)?.[1];
}
