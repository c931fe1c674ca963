import { expect } from 'chai';
import { z } from 'zod';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { callWithNodeSoap, oneOrMore } from './node-soap-client.js';

const FODSELSNUMMER = '2.16.578.1.12.4.1.4.1';

const code = z.looseObject({ attributes: z.looseObject({ code: z.string() }) });
const value = z.looseObject({ attributes: z.looseObject({ value: z.string() }) });
const identifier = z.looseObject({ attributes: z.looseObject({ root: z.string(), extension: z.string() }) });

const replySchema = z.looseObject({
  GetDemographicsResult: z.looseObject({
    acknowledgement: oneOrMore(z.looseObject({ attributes: z.looseObject({ typeCode: z.string() }) })),
    controlActProcess: z.looseObject({
      subject: oneOrMore(
        z.looseObject({
          registrationEvent: z.looseObject({
            subject1: z.looseObject({
              identifiedPerson: z.looseObject({
                id: oneOrMore(identifier),
                identifiedPerson: z.looseObject({
                  name: oneOrMore(z.looseObject({ given: z.unknown(), family: z.unknown() })),
                  administrativeGenderCode: code,
                  birthTime: value,
                  maritalStatusCode: code,
                  addr: oneOrMore(z.looseObject({ streetAddressLine: z.unknown(), city: z.unknown() })),
                }),
              }),
            }),
          }),
        }),
      ).optional(),
      queryAck: z.looseObject({ queryResponseCode: code, resultTotalQuantity: value }),
    }),
  }),
});

function query(number: string): object {
  return {
    query: {
      id: { attributes: { root: '1.2.3.4', extension: 'node-soap' } },
      versionCode: { attributes: { code: 'NE2010NO' } },
      interactionId: {
        attributes: { root: '2.16.840.1.113883.1.6', extension: 'PRPA_IN101307NO01' },
      },
      processingCode: { attributes: { code: 'T' } },
      processingModeCode: { attributes: { code: 'T' } },
      controlActProcess: {
        attributes: { classCode: 'CACT', moodCode: 'APT' },
        queryByParameter: {
          parameterList: {
            identifiedPersonIdentifier: {
              value: { attributes: { root: FODSELSNUMMER, extension: number } },
            },
          },
        },
      },
    },
  };
}

for (const version of [2, 3]) {
  describe(`node-soap as a client, over version ${version} of Persontjenesten`, function () {
    this.timeout(30_000);
    let adapter: SandboxedAdapter;

    before(async () => {
      adapter = await startSandboxedAdapter({ PREG_ADAPTER__SANDBOX__VERSION: String(version) });
    });

    after(async () => {
      await adapter.stop();
    });

    function lookUp(number: string, password = 'epj-sandbox'): Promise<unknown> {
      return callWithNodeSoap(adapter, { operation: 'GetDemographics', content: query(number), password });
    }

    it('reads a person back field by field through the WSDL that we serve', async () => {
      const { GetDemographicsResult: result } = replySchema.parse(await lookUp('11868426235'));
      expect(result.acknowledgement[0]?.attributes.typeCode).to.equal('AA');
      expect(result.controlActProcess.queryAck.queryResponseCode.attributes.code).to.equal('OK');
      const role = result.controlActProcess.subject?.[0]?.registrationEvent.subject1.identifiedPerson;
      expect(role?.id[0]?.attributes).to.deep.include({ root: FODSELSNUMMER, extension: '11868426235' });
      const person = role?.identifiedPerson;
      expect(person?.birthTime.attributes.value).to.match(/^1984/);
      expect(person?.maritalStatusCode.attributes.code).to.equal('2');
      expect(person?.addr).to.have.length.greaterThan(0);
    });

    it('reads "nobody" as a reply, not as a fault', async () => {
      const { GetDemographicsResult: result } = replySchema.parse(await lookUp('01818049818'));
      expect(result.controlActProcess.queryAck.queryResponseCode.attributes.code).to.equal('NF');
      expect(result.controlActProcess.queryAck.resultTotalQuantity.attributes.value).to.equal('0');
    });

    it('is told of a wrong password by the fault that PREG gave', async () => {
      let message = '';
      try {
        await lookUp('11868426235', 'wrong');
      } catch (error) {
        message = error instanceof Error ? error.message : '';
      }
      expect(message).to.contain('At least one security token in the message could not be validated.');
    });
  });
}
