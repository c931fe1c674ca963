import { expect } from 'chai';
import { createHl7v3Service } from '../../../src/legacy/hl7v3/service.js';
import type { SoapOperation, SoapService } from '../../../src/legacy/soap/soap-service.js';
import { newCorrelationId } from '../../../src/runtime/correlation.js';
import { CountedRandom } from '../../support/counted-random.js';
import {
  codeTables,
  controlActFor,
  countries,
  requestBody,
  reread,
  the,
  types,
} from '../../support/hl7v3-message.js';
import { ManualClock } from '../../support/manual-clock.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { noQuirks } from '../../support/quirks.js';
import { registerStub, registrationMessage } from '../../support/registration-message.js';
import { registryStub } from '../../support/registry-stub.js';

const refused = (): Promise<{ outcome: 'refused'; rule: 'no-series' }> =>
  Promise.resolve({ outcome: 'refused', rule: 'no-series' });

function service(): SoapService {
  return createHl7v3Service({
    types,
    codes: codeTables,
    countries,
    registry: registryStub({
      lookup: () => Promise.resolve({ outcome: 'not-found' }),
      search: () => Promise.resolve({ hits: [], total: 0 }),
    }),
    helpNumbers: registerStub({ add: refused, revise: refused, link: refused, unlink: refused }),
    processingMode: 'any',
    clock: new ManualClock(),
    random: new CountedRandom(),
  });
}

type Call = Parameters<SoapOperation['handle']>[1];

function call(): Call {
  const client: Call['client'] = {
    id: 'epj',
    protocols: new Set(['hl7v3'] as const),
    organisation: { parent: '999999999' },
    access: 'full',
    visible: new Set([]),
    quirks: noQuirks,
  };
  const caller: Call['caller'] = {
    clientId: client.id,
    organisation: client.organisation,
    access: client.access,
    visible: client.visible,
    correlationId: newCorrelationId(new CountedRandom()),
    signal: new AbortController().signal,
  };
  return {
    client,
    caller,
    receivedAt: new Date(0),
    describe: () => undefined,
    bodyText: () => '',
    replyLength: () => 0,
  };
}

function operation(name: string): SoapOperation {
  const found = service().operations.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return found;
}

describe('the HL7 v3 service', () => {
  it('stands at both addresses that clients know', () => {
    expect(service().paths).to.deep.equal([
      '/Personregister.HL7/PersonRegistry.svc',
      '/Personregister.HL7/HL7/PersonRegistry.svc',
    ]);
  });

  for (const name of [
    ...['FindCandidates', 'GetDemographics', 'AddPerson'],
    ...['RevisePersonRecord', 'LinkPersonRecords', 'UnlinkPersonRecords'],
  ]) {
    it(`has ${name} by its actions and its body element`, () => {
      const { action, replyAction, bodyNamespace, bodyLocalName } = operation(name);
      expect({ action, replyAction, bodyNamespace, bodyLocalName }).to.deep.equal({
        action: `http://tempuri.org/IPersonRegistry/${name}`,
        replyAction: `http://tempuri.org/IPersonRegistry/${name}Response`,
        bodyNamespace: 'http://tempuri.org/',
        bodyLocalName: name,
      });
    });
  }

  it('answers GetDemographics from the registry', async () => {
    const { body, outcome } = await operation('GetDemographics').handle(
      requestBody(controlActFor(syntheticNumber())),
      call(),
    );
    expect(outcome).to.equal('not-found');
    expect(the(reread(body), 'queryResponseCode').attributes.get('code')).to.equal('NF');
  });

  const number = syntheticNumber();
  const linked = `<id extension="${number}"/><identifiedBy><otherIdentifiedPerson><id extension="${number}"/></otherIdentifiedPerson></identifiedBy>`;
  for (const [name, role] of [
    ['AddPerson', ''],
    [
      'RevisePersonRecord',
      `<id extension="${number}"/><identifiedPerson><birthTime value="1990"/></identifiedPerson>`,
    ],
    ['LinkPersonRecords', linked],
    ['UnlinkPersonRecords', linked],
  ] as const) {
    it(`answers ${name} from the register of help numbers`, async () => {
      const body = requestBody(registrationMessage(role), name, 'request');
      const answer = await operation(name).handle(body, call());
      expect(answer.outcome).to.equal('refused');
      expect(the(the(reread(answer.body), 'acknowledgementDetail'), 'code').attributes.get('code')).to.equal(
        'NS200',
      );
    });
  }

  it('answers FindCandidates from the registry', async () => {
    const name = '<personName><value>Ola</value></personName>';
    const list = `<controlActProcess><queryByParameter><parameterList>${name}</parameterList></queryByParameter></controlActProcess>`;
    const { outcome } = await operation('FindCandidates').handle(requestBody(list, 'FindCandidates'), call());
    expect(outcome).to.equal('not-found');
  });

  it('describes itself', () => {
    const { wsdl, schemas } = service().metadata('https://preg.example.invalid/P.svc');
    expect(wsdl).to.contain('IPersonRegistry');
    expect([...schemas.keys()]).to.include.members(['xsd0', 'xsd1']);
  });
});
