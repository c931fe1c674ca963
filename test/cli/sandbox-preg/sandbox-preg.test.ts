import { expect } from 'chai';
import { startSandboxPreg, type SandboxPreg } from '../../../src/cli/sandbox-preg/sandbox-preg.js';
import { sandboxConfiguration } from '../../support/sandbox-configuration.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { getDemographicsRequest } from '../../support/get-demographics-request.js';
import { post, type HttpAnswer } from '../../support/https-post.js';
import { personServiceRequest } from '../../support/person-service-request.js';
import { serverCertificate } from '../../support/server-certificate.js';

/** Person 01 of the fixtures. */
const ORDINARY = '11868426235';

describe('the sandbox’s PREG', function () {
  this.timeout(30_000);
  let preg: SandboxPreg;
  let ca: string;
  const troubles: unknown[] = [];

  before(async () => {
    const certificate = await serverCertificate();
    ca = certificate.certificatePem;
    const configuration = sandboxConfiguration();
    if (configuration.sandbox === undefined) throw new Error('config/sandbox.yaml has no sandbox');
    preg = await startSandboxPreg({
      settings: { ...configuration.sandbox, population: 0, preg: { port: 0, differingPercent: 0 } },
      configuration,
      host: '127.0.0.1',
      certificate,
      clock: systemClock,
      random: systemRandom,
      onTrouble: (error) => troubles.push(error),
    });
  });

  after(() => preg.stop());

  afterEach(() => {
    preg.faults.clear();
    preg.differences.forget();
    preg.requests.clear();
    expect(troubles).to.deep.equal([]);
  });

  const account = (): { readonly username: string; readonly password: string } => {
    const [first] = preg.accounts;
    if (first === undefined) throw new Error('no account');
    return { username: first.username, password: first.password };
  };

  const demographics = (login = account()): Promise<HttpAnswer> =>
    post(
      { url: preg.hl7v3Url, ca },
      getDemographicsRequest({ numbers: [ORDINARY], now: new Date(), to: preg.hl7v3Url, ...login }),
    );

  const personService = (operation: string, content: string): Promise<HttpAnswer> =>
    post(
      { url: preg.pregXmlUrl, ca },
      personServiceRequest({ operation, content, now: new Date(), ...account() }),
      { 'Content-Type': `application/soap+xml; charset=utf-8` },
    );

  const getPerson = (): Promise<HttpAnswer> =>
    personService(
      'GetPerson',
      `<parameters><NIN xmlns="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data">${ORDINARY}</NIN></parameters>`,
    );

  it('has an account for each client, which opens both services', async () => {
    expect(preg.accounts.map(({ client }) => client)).to.deep.equal(['epj-sandbox']);
    expect((await demographics()).text).to.contain('<queryResponseCode code="OK"/>');
    const answer = await getPerson();
    expect(answer.status).to.equal(200);
    expect(answer.text).to.contain(ORDINARY);
  });

  it('lets nobody in who does not know the password', async () => {
    const answer = await demographics({ ...account(), password: 'guessed' });
    expect(answer.status).to.equal(500);
    expect(answer.text).to.match(/FailedAuthentication|InvalidSecurity/);
  });

  it('differs where it was told to', async () => {
    preg.differences.choose(ORDINARY, 'missing');
    expect((await demographics()).text).to.contain('<queryResponseCode code="NF"/>');
    preg.differences.choose(ORDINARY, 'former-name');
    expect((await getPerson()).text).to.match(/<(?:\w+:)?Sn>GAMMEL/);
  });

  it('says of the time since its start that nothing changed', async () => {
    const now = Date.now();
    const interval = (from: number): string =>
      `<from>${new Date(from).toISOString()}</from><to>${new Date(now).toISOString()}</to>`;
    const answer = await personService('GetChanges', interval(now));
    expect(answer.status, answer.text).to.equal(200);
    expect((await personService('GetChanges', interval(now - 86_400_000))).status).to.equal(500);
  });

  it('can be slow, dead or beside itself', async () => {
    preg.faults.next('preg', { kind: 'html-page' });
    expect((await getPerson()).headers['content-type']).to.contain('text/html');
    preg.faults.next('preg', { kind: 'latency', milliseconds: 30 });
    const began = performance.now();
    expect((await getPerson()).status).to.equal(200);
    expect(performance.now() - began).to.be.at.least(29);
    preg.faults.always('preg', { kind: 'cut-connection', when: 'before-headers' });
    const failure = await getPerson().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.be.an.instanceOf(Error);
    expect(preg.requests.all().map(({ status, fault }) => [status, fault])).to.deep.equal([
      [200, 'html-page'],
      [200, 'latency'],
      [undefined, 'cut-connection'],
    ]);
  });
});
