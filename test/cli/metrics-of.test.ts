import { Agent } from 'node:https';
import { expect } from 'chai';
import { sharesOf } from '../../src/cli/metrics-of.js';
import { version } from '../../src/cli/version.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import { readPage, valueOf } from '../operations/metrics/text-format.js';
import { postSoap } from '../support/get-demographics.js';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { fixture } from '../support/person-documents.js';
import { startSandboxedAdapter } from '../support/sandboxed-adapter.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const [NUMBER = ''] = numbersIn(fixture('01')).map(({ nin }) => nin);

describe('the metrics of a running adapter', function () {
  this.timeout(30_000);

  it('tell of a lookup, a stranger and how things stand, and of nobody who was asked for', async () => {
    const adapter = await startSandboxedAdapter({ PREG_ADAPTER__SANDBOX__PREG__PORT: '0' });
    const agent = new Agent({ ca: adapter.certificatePem });
    try {
      const ask = (number: string, username: string) =>
        postSoap(
          adapter.legacyUrl + HL7V3_PATH,
          getDemographicsRequest({ numbers: [number], username, now: new Date() }),
          agent,
        );
      const nobody = syntheticNumber(3);
      const found = await ask(NUMBER, 'epj-sandbox');
      await ask(nobody, 'epj-sandbox');
      await ask(NUMBER, nobody);
      const page = await fetch(`${adapter.operationsUrl}/metrics`);
      const body = await page.text();
      const metrics = readPage(body);
      const labels = { client: 'epj-sandbox', protocol: 'hl7v3', operation: 'GetDemographics' };
      const value = (name: string, of: Record<string, string> = {}): number | undefined =>
        valueOf(metrics, name, of);
      expect(value('preg_adapter_requests_total', { ...labels, outcome: 'found' })).to.equal(1);
      expect(value('preg_adapter_requests_total', { ...labels, outcome: 'not-found' })).to.equal(1);
      expect(value('preg_adapter_request_seconds_count', labels)).to.equal(2);
      expect(value('preg_adapter_authentication_failures_total')).to.equal(1);
      expect(value('preg_adapter_tokens_total', { outcome: 'fetched' })).to.be.greaterThan(0);
      expect(value('preg_adapter_ready')).to.equal(1);
      expect(value('preg_adapter_health', { check: 'store', status: 'ok' })).to.equal(1);
      expect(value('preg_adapter_build_info', { version: version(), node: process.version })).to.equal(1);
      expect(
        value('preg_adapter_certificate_expiry_timestamp_seconds', { certificate: 'listeners.legacy' }),
      ).to.be.greaterThan(Date.now() / 1_000);
      const routes = metrics.samples.filter(
        ({ name, labels: of }) =>
          name === 'preg_adapter_cutover_route_percent' &&
          of['client'] === 'epj-sandbox' &&
          of['protocol'] === 'hl7v3',
      );
      expect(routes.reduce((sum, share) => sum + share.value, 0)).to.equal(100);
      const told = [...found.body.matchAll(/<(?:\w+:)?(?:family|given|streetName)[^>]*>([^<]+)</g)];
      expect(told.length).to.be.greaterThan(1);
      for (const text of [NUMBER, nobody, ...told.map(([, name = '']) => name)]) {
        expect(body).not.to.include(text);
      }
    } finally {
      agent.destroy();
      await adapter.stop();
    }
  });

  it('share a hundred people out among routes as the cutover does', () => {
    const by = { setBy: 'rule' } as const;
    expect(
      sharesOf([
        { ...by, route: 'persontjenesten', percent: 10 },
        { ...by, route: 'shadow-preg', percent: 30 },
        { ...by, route: 'persontjenesten', percent: 25 },
        { ...by, route: 'preg' },
      ]),
    ).to.deep.equal([
      { route: 'persontjenesten', percent: 10 },
      { route: 'shadow-preg', percent: 20 },
      { route: 'preg', percent: 70 },
    ]);
  });
});
