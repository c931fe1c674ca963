import { expect } from 'chai';
import type { PregSettings } from '../../../../src/registry/preg/soap/preg-service-parts.js';
import { PregRejected } from '../../../../src/errors/errors.js';
import { readXml } from '../../../../src/xml/reader.js';
import { PASSWORD, startLegacyPreg, valueIn } from '../../../support/legacy-preg.js';
import { loopbackServers } from '../../../support/loopback-server.js';
import { rejectionOf } from '../../../support/rejection.js';

const securities: readonly PregSettings['security'][] = ['username-token', 'secure-conversation'];

describe('questions to PREG', () => {
  const start = loopbackServers();

  for (const security of securities) {
    describe(`by ${security}`, () => {
      it('are answered, by both services', async () => {
        const bench = await startLegacyPreg(start, { settings: { security } });
        for (const service of ['hl7v3', 'preg-xml'] as const) {
          const reply = await bench.ask('Åse & <Øyvind>', { service });
          expect(valueIn(reply)).to.equal('Åse & <Øyvind>');
          const alone = readXml(reply.text);
          expect(alone.localName).to.equal(
            service === 'hl7v3' ? 'GetDemographicsResponse' : 'GetPersonResponse',
          );
          expect(alone.namespace).to.equal(reply.body.namespace);
          expect(alone.children[0]?.text).to.equal('Åse & <Øyvind>');
        }
      });

      it('are SOAP 1.2 with WS-Addressing as .NET sends it', async () => {
        const bench = await startLegacyPreg(start, { settings: { security } });
        await bench.ask();
        const { text, contentType, path } = bench.received.at(-1) ?? { text: '', contentType: '', path: '' };
        expect(contentType).to.equal('application/soap+xml; charset=utf-8');
        expect(bench.settings.hl7v3Url?.endsWith(path)).to.equal(true);
        const [header] = readXml(text).children;
        expect(header?.children.map(({ localName }) => localName)).to.deep.equal([
          'Action',
          'MessageID',
          'ReplyTo',
          'To',
          'Security',
        ]);
        const told = Object.fromEntries(
          (header?.children ?? []).map((block) => [block.localName, block.text]),
        );
        expect(told['Action']).to.equal('http://tempuri.org/IPersonRegistry/GetDemographics');
        expect(told['To']).to.equal(bench.settings.hl7v3Url);
        expect(told['MessageID']).to.match(/^urn:uuid:[0-9a-f-]{36}$/);
        const parts = header?.children.at(-1)?.children.map(({ localName }) => localName);
        expect(parts).to.deep.equal(
          security === 'username-token'
            ? ['Timestamp', 'UsernameToken']
            : ['Timestamp', 'SecurityContextToken', 'Signature'],
        );
      });

      it('go out as they were given', async () => {
        const bench = await startLegacyPreg(start, { settings: { security } });
        const body =
          '<GetDemographics xmlns="http://tempuri.org/"><!-- <x> --><value a="1 &gt; 0"\n><![CDATA[a&b]]></value ></GetDemographics>';
        expect(valueIn(await bench.ask('', { body }))).to.equal('a&b');
        expect(bench.received.at(-1)?.text).to.include(`<s:Body>${body}</s:Body>`);
      });

      it('are asked by many at a time and each gets its own answer, no more than allowed under way', async () => {
        const bench = await startLegacyPreg(start, { settings: { security, maxConcurrentCalls: 5 } });
        let underWay = 0;
        let most = 0;
        bench.working = async () => {
          underWay += 1;
          most = Math.max(most, underWay);
          await new Promise((resolve) => setImmediate(resolve));
          underWay -= 1;
        };
        const values = Array.from({ length: 40 }, (_, index) => `person ${index}`);
        const replies = await Promise.all(
          values.map((value, index) => bench.ask(value, { service: index % 2 === 0 ? 'hl7v3' : 'preg-xml' })),
        );
        expect(replies.map(valueIn)).to.deep.equal(values);
        expect(most).to.be.within(2, 5);
        const ids = bench.received.map(({ text }) => /<a:MessageID[^>]*>([^<]*)/.exec(text)?.[1]);
        expect(new Set(ids).size).to.equal(ids.length);
        const sessions = bench.actions().filter((action) => action === 'SCT');
        expect(sessions).to.have.length(security === 'username-token' ? 0 : 2);
      });

      it('are told of, without password, number or name', async () => {
        const bench = await startLegacyPreg(start, { settings: { security } });
        await bench.ask('Kari');
        const calls = bench.events.of.pregCalled;
        expect(calls.at(-1)).to.deep.include({
          clientId: 'epj-1',
          service: 'hl7v3',
          operation: 'GetDemographics',
          outcome: 'answered',
          httpStatus: 200,
        });
        expect(calls.map(({ operation }) => operation)).to.deep.equal(
          security === 'username-token' ? ['GetDemographics'] : ['IssueSecurityContext', 'GetDemographics'],
        );
        expect(JSON.stringify(bench.events.of)).to.not.match(/hemmelig|Kari/);
      });

      it('with a password that PREG does not know are refused, and not asked again at once', async () => {
        const bench = await startLegacyPreg(start, { settings: { security }, password: 'another' });
        const refused = async (): Promise<void> => {
          const error = await rejectionOf(bench.ask());
          expect(error).to.be.instanceOf(PregRejected);
          expect(error.message).to.match(/^not-let-in: /);
          expect(error.message).to.not.include(PASSWORD);
        };
        await refused();
        expect(bench.received).to.have.length(1);
        await refused();
        expect(bench.received).to.have.length(1);
        await bench.clock.advance(30_000);
        await refused();
        expect(bench.received).to.have.length(2);
      });
    });
  }

  it('are asked by the account of the client', async () => {
    const bench = await startLegacyPreg(start, {
      settings: {
        accounts: [
          { client: 'lab', username: 'nobody', password: 'x' },
          { client: 'epj-1', username: 'epj', password: PASSWORD },
        ],
      },
    });
    expect(valueIn(await bench.ask('a'))).to.equal('a');
    const other = await rejectionOf(bench.ask('a', { caller: { clientId: 'lab' } }));
    expect(other.message).to.match(/^not-let-in: /);
    expect(valueIn(await bench.ask('b'))).to.equal('b');
    expect(bench.received.map(({ text }) => /<o:Username>([^<]*)/.exec(text)?.[1])).to.deep.equal([
      'epj',
      'nobody',
      'epj',
    ]);
  });

  it('of a client without an account are refused before anything is sent', async () => {
    const bench = await startLegacyPreg(start);
    const error = await rejectionOf(bench.ask('a', { caller: { clientId: 'lab' } }));
    expect(error).to.be.instanceOf(PregRejected).and.to.have.property('problem', 'no-account');
    expect(bench.received).to.have.length(0);
  });

  it('to a service without an address are refused', async () => {
    const bench = await startLegacyPreg(start, { settings: { pregXmlUrl: undefined } });
    const error = await rejectionOf(bench.ask('a', { service: 'preg-xml' }));
    expect(error).to.be.instanceOf(PregRejected).and.to.have.property('problem', 'no-address');
    expect(valueIn(await bench.ask('a'))).to.equal('a');
  });

  it('for an operation that the service does not have are a mistake of ours', async () => {
    const bench = await startLegacyPreg(start);
    expect(await rejectionOf(bench.ask('a', { operation: 'GetPerson' }))).to.have.property(
      'code',
      'internal',
    );
    expect(bench.received).to.have.length(0);
  });
});
