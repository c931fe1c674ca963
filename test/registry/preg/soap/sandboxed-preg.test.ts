import { expect } from 'chai';
import { PregUnavailable } from '../../../../src/errors/errors.js';
import { createPregService } from '../../../../src/registry/preg/soap/create-preg-service.js';
import type {
  OpenedPregService,
  PregServiceParts,
  PregSettings,
} from '../../../../src/registry/preg/soap/preg-service-parts.js';
import { systemClock } from '../../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../../src/runtime/system-random.js';
import { readXml } from '../../../../src/xml/reader.js';
import { connectProxies } from '../../../support/connect-proxy.js';
import { HL7V3_PATH, getDemographicsBody } from '../../../support/get-demographics-request.js';
import { callerOf } from '../../../support/legacy-preg.js';
import { PERSON_SERVICE_PATH } from '../../../support/person-service-request.js';
import { contracts } from '../../../support/preg-xml.js';
import { RecordedEvents } from '../../../support/recorded-events.js';
import { rejectionOf } from '../../../support/rejection.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../../../support/sandboxed-adapter.js';

/** A resident of the sandbox. */
const RESIDENT = '11868426235';
const CD = 'http://schemas.datacontract.org/2004/07/NHN.Contracts.Data';

describe('PREG as the whole adapter plays it, over TLS', function () {
  this.timeout(60_000);
  let adapter: SandboxedAdapter;
  const startProxy = connectProxies();
  let events: RecordedEvents;
  const opened: OpenedPregService[] = [];

  before(async () => {
    adapter = await startSandboxedAdapter();
  });

  beforeEach(() => {
    events = new RecordedEvents();
  });

  afterEach(async () => {
    for (const preg of opened.splice(0)) await preg.close();
  });

  after(async () => {
    await adapter.stop();
  });

  async function open(
    settings: Partial<PregSettings>,
    parts: Partial<Pick<PregServiceParts, 'certificateAuthority' | 'proxy'>> = {},
  ): Promise<OpenedPregService> {
    const preg = await createPregService({
      settings: {
        hl7v3Url: adapter.legacyUrl + HL7V3_PATH,
        pregXmlUrl: adapter.legacyUrl + PERSON_SERVICE_PATH,
        security: 'username-token',
        callTimeoutSeconds: 30,
        maxConcurrentCalls: 8,
        accounts: [{ client: 'epj-1', username: 'epj-sandbox', password: 'epj-sandbox' }],
        ...settings,
      },
      contract: contracts['2018'],
      certificateAuthority: adapter.certificatePem,
      ...parts,
      events,
      clock: systemClock,
      random: systemRandom,
    });
    opened.push(preg);
    return preg;
  }

  const getPerson = {
    service: 'preg-xml',
    operation: 'GetPerson',
    body: `<GetPerson xmlns="http://register.nhn.no/PR"><parameters xmlns:b="${CD}"><b:NIN>${RESIDENT}</b:NIN></parameters></GetPerson>`,
  } as const;

  for (const security of ['username-token', 'secure-conversation'] as const) {
    it(`tells by ${security} who a person is, in both of its languages`, async () => {
      const preg = await open({ security });
      const hl7v3 = await preg.call(
        {
          service: 'hl7v3',
          operation: 'GetDemographics',
          body: getDemographicsBody({ numbers: [RESIDENT] }),
        },
        callerOf(),
      );
      expect(hl7v3.body.localName).to.equal('GetDemographicsResponse');
      expect(hl7v3.text).to.include(`extension="${RESIDENT}"`);
      const xml = await preg.call(getPerson, callerOf());
      expect(xml.text).to.match(new RegExp(`<(?:\\w+:)?NIN>${RESIDENT}<`));
      expect(readXml(xml.text).children[0]?.localName).to.equal('GetPersonResult');
    });
  }

  it('takes a session back, and knows it no more', async () => {
    const preg = await open({ security: 'secure-conversation' });
    await preg.call(getPerson, callerOf());
    await preg.close();
    expect(events.of.pregCalled.map(({ operation, outcome }) => `${operation} ${outcome}`)).to.deep.equal([
      'IssueSecurityContext answered',
      'GetPerson answered',
      'CancelSecurityContext answered',
    ]);
  });

  it('answers many at a time, over few connections', async () => {
    const preg = await open({ security: 'secure-conversation', maxConcurrentCalls: 4 });
    const replies = await Promise.all(Array.from({ length: 24 }, () => preg.call(getPerson, callerOf())));
    expect(new Set(replies.map(({ text }) => text)).size).to.equal(1);
    const fresh = events.of.pregCalled.filter(({ reusedConnection }) => !reusedConnection);
    expect(fresh.length).to.be.at.most(4);
  });

  it('is reached through the proxy where there is one', async () => {
    const proxy = await startProxy();
    const preg = await open({}, { proxy: { address: `http://127.0.0.1:${proxy.port}` } });
    expect((await preg.call(getPerson, callerOf())).text).to.include(RESIDENT);
    expect(proxy.asked.map(({ target }) => target)).to.deep.equal([new URL(adapter.legacyUrl).host]);
  });

  it('is told from a proxy that does not let us out', async () => {
    const proxy = await startProxy();
    proxy.behave = { status: 407 };
    const preg = await open({}, { proxy: { address: `http://127.0.0.1:${proxy.port}` } });
    const error = await rejectionOf(preg.call(getPerson, callerOf()));
    expect(error).to.be.instanceOf(PregUnavailable);
    expect(error.message).to.equal('the call failed: PROXY_407');
  });

  it('is not asked where nobody vouches for its certificate', async () => {
    const preg = await open({}, { certificateAuthority: undefined });
    const error = await rejectionOf(preg.call(getPerson, callerOf()));
    expect(error).to.be.instanceOf(PregUnavailable);
    expect(error.message).to.match(/SELF_SIGNED|UNABLE_TO_VERIFY/);
  });
});
