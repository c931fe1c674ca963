import { randomUUID } from 'node:crypto';
import { Agent } from 'node:https';
import { expect } from 'chai';
import { createClientAsync, WSSecurity, type Client } from 'soap';
import { z } from 'zod';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';

const SERVICE = '/Personregister.HL7/PersonRegistry.svc';
const ADDRESSING = 'http://www.w3.org/2005/08/addressing';
const FODSELSNUMMER = '2.16.578.1.12.4.1.4.1';

const code = z.looseObject({ attributes: z.looseObject({ code: z.string() }) });
const value = z.looseObject({ attributes: z.looseObject({ value: z.string() }) });
const identifier = z.looseObject({ attributes: z.looseObject({ root: z.string(), extension: z.string() }) });

/** node-soap gives a lone element as itself and several as a list. */
function oneOrMore<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>[]> {
  return z.union([z.array(schema), schema.transform((one) => [one])]);
}

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

function addressed(client: Client, url: string): void {
  const headers = [
    ['Action', 'http://tempuri.org/IPersonRegistry/GetDemographics'],
    ['MessageID', `urn:uuid:${randomUUID()}`],
    ['To', url],
  ];
  for (const [name, text] of headers) {
    client.addSoapHeader(`<a:${name ?? ''} xmlns:a="${ADDRESSING}">${text ?? ''}</a:${name ?? ''}>`);
  }
}

describe('node-soap as a client', () => {
  let adapter: SandboxedAdapter;

  before(async () => {
    adapter = await startSandboxedAdapter();
  });

  after(async () => {
    await adapter.stop();
  });

  function connection(): { httpsAgent: Agent; proxy: false } {
    return { httpsAgent: new Agent({ ca: adapter.certificatePem }), proxy: false };
  }

  async function connect(password = 'epj-sandbox'): Promise<Client> {
    const url = adapter.legacyUrl + SERVICE;
    const client = await createClientAsync(`${url}?wsdl`, {
      endpoint: url,
      forceSoap12Headers: true,
      wsdl_options: connection(),
    });
    client.setSecurity(
      new WSSecurity('epj-sandbox', password, {
        passwordType: 'PasswordText',
        hasTimeStamp: true,
        mustUnderstand: true,
      }),
    );
    addressed(client, url);
    return client;
  }

  async function call(client: Client, number: string): Promise<unknown> {
    const method: unknown = client['GetDemographicsAsync'];
    if (typeof method !== 'function') throw new Error('the WSDL offers no GetDemographics');
    const reply: unknown = await method.call(client, query(number), connection());
    return z.array(z.unknown()).parse(reply)[0];
  }

  it('reads a person back field by field through the WSDL that we serve', async () => {
    const { GetDemographicsResult: result } = replySchema.parse(await call(await connect(), '11868426235'));
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
    const { GetDemographicsResult: result } = replySchema.parse(await call(await connect(), '01818049818'));
    expect(result.controlActProcess.queryAck.queryResponseCode.attributes.code).to.equal('NF');
    expect(result.controlActProcess.queryAck.resultTotalQuantity.attributes.value).to.equal('0');
  });

  it('is told of a wrong password by the fault that PREG gave', async () => {
    const client = await connect('wrong');
    let message = '';
    try {
      await call(client, '11868426235');
    } catch (error) {
      message = error instanceof Error ? error.message : '';
    }
    expect(message).to.contain('At least one security token in the message could not be validated.');
  });
});
