import { Agent } from 'node:https';
import { expect } from 'chai';
import { runCommand } from '../../support/command-line.js';
import { HL7V3_PATH } from '../../support/get-demographics-request.js';
import { getDemographics, postSoap } from '../../support/get-demographics.js';
import { registrationMessage } from '../../support/registration-message.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../../support/sandboxed-adapter.js';

const ENVIRONMENT = { PREG_ADAPTER__SANDBOX__PREG__PORT: '0' };

describe('a help number that the adapter gave out', function () {
  this.timeout(60_000);
  let adapter: SandboxedAdapter;
  let agent: Agent;

  before(async () => {
    adapter = await startSandboxedAdapter(ENVIRONMENT);
    agent = new Agent({ ca: adapter.certificatePem, keepAlive: true });
  });

  after(async () => {
    agent.destroy();
    await adapter.stop();
  });

  const post = async (envelope: string): Promise<string> =>
    (await postSoap(`${adapter.legacyUrl}${HL7V3_PATH}`, envelope, agent)).body;
  const addPerson = (): string => {
    const role =
      '<identifiedPerson><name><given>Ola</given><family>Prøvesen</family></name></identifiedPerson>';
    const wrapper = '<id root="1.2.3.4" extension="m1"/><processingCode code="T"/>';
    const message = registrationMessage(role, wrapper);
    return getDemographics('')
      .replaceAll('GetDemographics', 'AddPerson')
      .replace(/<t:query>.*<\/t:query>/s, `<t:request>${message}</t:request>`)
      .replace('<s:Body>', '<s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">');
  };

  it('is found and given again to a repeated message while PREG answers the client', async () => {
    const added = await post(addPerson());
    const number = /extension="([89][0-9]{10})"/.exec(added)?.[1] ?? '';
    expect(number).to.match(/^[89]/);
    const { err } = await runCommand(
      ['cutover', 'set', '--client', 'epj-sandbox', '--route', 'preg', '--config', 'config/sandbox.yaml'],
      { environment: { ...ENVIRONMENT, PREG_ADAPTER__DATA__DIRECTORY: adapter.dataDirectory } },
    );
    expect(err).to.equal('');
    expect(await post(getDemographics(number)))
      .to.contain('PRØVESEN')
      .and.contain(number);
    expect(await post(addPerson())).to.contain(number);
  });
});
