import { expect } from 'chai';
import { NotAuthorised, PregUnavailable, StoreFailed } from '../../../src/errors/errors.js';
import { hl7v3ForwardedOperations } from '../../../src/legacy/hl7v3/forwarded-operations.js';
import { pregXmlForwardedOperations } from '../../../src/legacy/preg-xml/forwarded-operations.js';
import {
  withPassThrough,
  type ForwardedOperations,
  type OwnRegister,
} from '../../../src/legacy/soap/pass-through.js';
import type { SoapAnswer, SoapCall, SoapService } from '../../../src/legacy/soap/soap-service.js';
import { fieldGroups, type FieldGroup } from '../../../src/person/field-groups.js';
import type { ForwardedRequest } from '../../../src/registry/body-forwarder.js';
import type { ForwardedMessages } from '../../../src/registry/forwarded-messages.js';
import type { Access, AnsweredBy } from '../../../src/registry/person-registry.js';
import { PregForwarder } from '../../../src/registry/preg/preg-forwarder.js';
import { readXml } from '../../../src/xml/reader.js';
import { WrittenXml } from '../../../src/xml/written-xml.js';
import { callerBy, FakePreg } from '../../support/fake-preg.js';
import { noQuirks } from '../../support/quirks.js';
import { rejectionOf } from '../../support/rejection.js';
import { soapBench, textOf } from '../../support/soap-bench.js';
import { namespaces, soapMessage } from '../../support/soap-request.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { written } from '../../support/written.js';

const OWN = '<Own/>';
const fromPreg: AnsweredBy = { route: 'shadow-preg', source: 'preg' };
const fromNew: AnsweredBy = { route: 'shadow-persontjenesten', source: 'persontjenesten' };
const [first, second, third] = [0, 1, 2].map(syntheticNumber);

/** A service whose every operation answers itself. */
function service(protocol: SoapService['protocol'], ...names: readonly string[]): SoapService {
  return {
    protocol,
    paths: [],
    greeting: '',
    operations: names.map((name) => ({
      name,
      action: name,
      replyAction: name,
      bodyNamespace: '',
      bodyLocalName: name,
      handle: () => Promise.resolve({ body: { name: 'Own' }, outcome: 'found' }),
    })),
    metadata: () => ({ wsdl: '', singleWsdl: '', schemas: new Map() }),
  };
}

interface Setting {
  readonly protocol?: 'hl7v3' | 'preg-xml';
  readonly operation: string;
  readonly body: string;
  readonly reply?: string;
  readonly visible?: readonly FieldGroup[];
  readonly answeredBy?: AnsweredBy;
  readonly preg?: FakePreg;
  readonly isPregGone?: boolean;
  readonly access?: Access;
  readonly messages?: ForwardedMessages;
  readonly own?: Partial<OwnRegister>;
}

/** What was let through, for as long as a test runs. */
function noMessages(): ForwardedMessages {
  const known = new Set<string>();
  return {
    isKnown: (message) => known.has(JSON.stringify(message)),
    remember: (message) => known.add(JSON.stringify(message)),
  };
}

interface Passed {
  readonly text: string;
  readonly outcome: SoapAnswer['outcome'];
  readonly requests: readonly ForwardedRequest[];
  readonly described: readonly Parameters<SoapCall['describe']>[];
  readonly told: readonly AnsweredBy[];
  readonly used: readonly (string | undefined)[];
}

async function pass(setting: Setting): Promise<Passed> {
  const { protocol = 'preg-xml', operation, body, reply = '<R/>', answeredBy = fromPreg } = setting;
  const preg = setting.preg ?? new FakePreg(() => reply);
  const forwarded: ForwardedOperations =
    protocol === 'hl7v3' ? hl7v3ForwardedOperations : pregXmlForwardedOperations;
  const used: (string | undefined)[] = [];
  const decorated = withPassThrough(
    service(protocol, operation),
    {
      old: {
        forwarder: setting.isPregGone === true ? undefined : new PregForwarder(preg, () => answeredBy),
        noteUse: (by) => used.push(by.operation),
        messages: setting.messages ?? noMessages(),
      },
      own: { hasServed: () => false, isAllotted: () => false, ...setting.own },
    },
    forwarded,
  );
  const described: Parameters<SoapCall['describe']>[] = [];
  const told: AnsweredBy[] = [];
  const visible = new Set(setting.visible ?? fieldGroups);
  const caller = { ...callerBy(protocol, operation), visible, onAnswered: (by: AnsweredBy) => told.push(by) };
  const [only] = decorated.operations;
  if (only === undefined) throw new Error('no operation');
  const answer = await only.handle(readXml(body), {
    client: {
      id: 'epj',
      protocols: new Set([protocol]),
      organisation: caller.organisation,
      access: setting.access ?? 'full',
      visible,
      quirks: noQuirks,
    },
    caller,
    receivedAt: new Date('2022-06-15T10:00:00Z'),
    describe: (...all) => described.push(all),
    bodyText: () => body,
    replyLength: () => 0,
  });
  return {
    text: written(answer.body),
    outcome: answer.outcome,
    requests: preg.requests,
    described,
    told,
    used,
  };
}

const changes = `<GetChanges xmlns="http://register.nhn.no/PR"><from>2022-01-01T00:00:00</from><!-- as it was --></GetChanges>`;
const changed =
  `<p:GetChangesResponse xmlns:p="http://register.nhn.no/PR"><p:GetChangesResult><p:Person><p:MothersNIN>${third ?? ''}</p:MothersNIN>` +
  `<p:NIN>${first ?? ''}</p:NIN><p:OldNIN>${second ?? ''}</p:OldNIN></p:Person></p:GetChangesResult></p:GetChangesResponse>`;

describe('what an operation of SOAP hands on', () => {
  it('is the body as it stood in the envelope, with the prefixes declared that it takes from there', async () => {
    let sent = '';
    const bench = soapBench({
      handle: (_body, call) => {
        sent = call.bodyText();
        return Promise.resolve({
          body: new WrittenXml('<r:Reply xmlns:r="urn:r"><!-- kept --></r:Reply>'),
          outcome: 'done',
        });
      },
    });
    const response = await bench.post(
      soapMessage({ body: '<Echo xmlns="urn:example:echo"  a:b="1" ><![CDATA[<]]></Echo>' }),
    );
    expect(sent).to.equal(
      `<Echo xmlns:a="${namespaces.addressing}" xmlns="urn:example:echo"  a:b="1" ><![CDATA[<]]></Echo>`,
    );
    expect(textOf(response)).to.contain('<s:Body><r:Reply xmlns:r="urn:r"><!-- kept --></r:Reply></s:Body>');
  });
});

describe('a request that is let through to PREG', () => {
  it('goes as it came, and the answer comes back as PREG wrote it', async () => {
    const passed = await pass({ operation: 'GetChanges', body: changes, reply: changed });
    expect(passed.requests).to.deep.equal([{ service: 'preg-xml', operation: 'GetChanges', body: changes }]);
    expect(passed.text).to.equal(changed);
    expect(passed.outcome).to.equal('done');
    expect(passed.told).to.deep.equal([fromPreg]);
  });

  it('tells the audit trail whom the answer is about, relatives left out', async () => {
    const { described } = await pass({ operation: 'GetChanges', body: changes, reply: changed });
    expect(described.map(([subjects]) => subjects)).to.deep.equal([[], [first, second]]);
  });

  it('is served here while the new register answers', async () => {
    const passed = await pass({ operation: 'GetChanges', body: changes, answeredBy: fromNew });
    expect(passed).to.include({ text: OWN, outcome: 'found' });
    expect(passed.requests).to.deep.equal([]);
  });

  it('is served here where there is no PREG any more', async () => {
    const passed = await pass({ operation: 'GetChanges', body: changes, isPregGone: true });
    expect(passed).to.include({ text: OWN, outcome: 'found' });
    expect(passed.told).to.deep.equal([]);
  });

  it('is counted as used, whoever serves it', async () => {
    for (const setting of [{}, { answeredBy: fromNew }, { isPregGone: true }]) {
      const passed = await pass({ operation: 'GetChanges', body: changes, reply: changed, ...setting });
      expect(passed.used).to.deep.equal(['GetChanges']);
    }
  });

  it('fails as PREG fails, and says nothing of who answered', async () => {
    const preg = new FakePreg(() => Promise.reject(new PregUnavailable('down')));
    const failure = await rejectionOf(pass({ operation: 'GetChanges', body: changes, preg }));
    expect(failure).to.be.instanceOf(PregUnavailable);
  });

  for (const operation of ['GetPerson', 'GetPersons', 'GetAddresses', 'GetChildren', 'Search']) {
    it(`is none of ${operation}, which both registers can be asked`, async () => {
      const passed = await pass({ operation, body: `<${operation}/>` });
      expect(passed.text).to.equal(OWN);
      expect(passed.used, 'its answers are counted where they are known').to.deep.equal([]);
    });
  }

  describe('of GetAddressesAdvanced', () => {
    const body = (constraints: string): string =>
      `<GetAddressesAdvanced xmlns="http://register.nhn.no/PR"><parameters><ListOfNIN xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays">` +
      `<a:string>${first ?? ''}</a:string></ListOfNIN>${constraints}</parameters></GetAddressesAdvanced>`;
    const constraint =
      '<SearchConstraints><k:KeyValuePairOfstringstring xmlns:k="urn:k"><k:key>Kind</k:key><k:value>1</k:value></k:KeyValuePairOfstringstring></SearchConstraints>';

    it('goes there with constraints, whose meaning PREG alone knows', async () => {
      const passed = await pass({ operation: 'GetAddressesAdvanced', body: body(constraint) });
      expect(passed.requests).to.have.length(1);
      expect(passed.described.map(([subjects]) => subjects)).to.deep.equal([[first], [first]]);
    });

    for (const nothing of ['', '<SearchConstraints/>']) {
      it(`is served here with constraints "${nothing}"`, async () => {
        const passed = await pass({ operation: 'GetAddressesAdvanced', body: body(nothing) });
        expect(passed.text).to.equal(OWN);
      });
    }
  });

  describe('of HL7 v3', () => {
    const message = (operation: string): string =>
      `<t:${operation} xmlns:t="http://tempuri.org/" xmlns="urn:hl7-org:v3"><t:request><controlActProcess>` +
      `<authorOrPerformer><assignedPerson><id root="1.2.3" extension="dr"/></assignedPerson></authorOrPerformer>` +
      `<subject><registrationRequest><subject1><identifiedPerson><id root="r" extension="${first ?? ''}"/>` +
      `<identifiedPerson><personalRelationship><relationshipHolder><id extension="${third ?? ''}"/></relationshipHolder></personalRelationship></identifiedPerson>` +
      `<identifiedBy><otherIdentifiedPerson><id extension="${second ?? ''}"/></otherIdentifiedPerson></identifiedBy>` +
      `</identifiedPerson></subject1></registrationRequest></subject></controlActProcess></t:request></t:${operation}>`;

    for (const operation of ['AddPerson', 'RevisePersonRecord', 'LinkPersonRecords', 'UnlinkPersonRecords']) {
      it(`goes there as ${operation}, with who asks and about whom in the audit trail`, async () => {
        const passed = await pass({ protocol: 'hl7v3', operation, body: message(operation) });
        expect(passed.requests).to.deep.equal([{ service: 'hl7v3', operation, body: message(operation) }]);
        expect(passed.described[0]).to.deep.equal([[first, second], { requester: '1.2.3^dr' }]);
      });
    }
  });

  describe('that changes the register of help numbers', () => {
    const message = (id: string, person = ''): string =>
      `<t:AddPerson xmlns:t="http://tempuri.org/" xmlns="urn:hl7-org:v3"><t:request>${id}<controlActProcess><subject>` +
      `<registrationRequest><subject1><identifiedPerson>${person}</identifiedPerson></subject1></registrationRequest>` +
      `</subject></controlActProcess></t:request></t:AddPerson>`;
    const body = message('<id root="1.2.3" extension="m1"/>');
    const add = { protocol: 'hl7v3', operation: 'AddPerson', body } as const;

    it('goes to PREG again after the route has moved, and another one does not', async () => {
      const messages = noMessages();
      expect((await pass({ ...add, messages })).requests).to.have.length(1);
      const moved = { ...add, messages, answeredBy: fromNew };
      expect((await pass(moved)).requests).to.have.length(1);
      const other = message('<id root="1.2.3" extension="m2"/>');
      expect((await pass({ ...moved, body: other })).text).to.equal(OWN);
    });

    it('goes to PREG again though PREG never answered it', async () => {
      const messages = noMessages();
      const preg = new FakePreg(() => Promise.reject(new PregUnavailable('down')));
      await rejectionOf(pass({ ...add, messages, preg }));
      expect((await pass({ ...add, messages, answeredBy: fromNew })).requests).to.have.length(1);
    });

    it('is served here for good once it was served here, whatever the route', async () => {
      const asked: unknown[] = [];
      const own: Partial<OwnRegister> = {
        hasServed: (sent) => {
          asked.push(sent);
          return true;
        },
      };
      const passed = await pass({ ...add, own });
      expect(passed).to.include({ text: OWN });
      expect(passed.requests).to.deep.equal([]);
      expect(asked).to.deep.equal([{ clientId: callerBy('hl7v3').clientId, messageId: '1.2.3^m1' }]);
    });

    it('is served here where PREG is gone, though it went there', async () => {
      const messages = noMessages();
      await pass({ ...add, messages });
      expect((await pass({ ...add, messages, isPregGone: true })).text).to.equal(OWN);
    });

    it('follows the route without an id that tells it from others', async () => {
      const messages = noMessages();
      for (const id of ['', '<id root="1.2.3"/>']) {
        expect((await pass({ ...add, body: message(id), messages })).requests).to.have.length(1);
        expect((await pass({ ...add, body: message(id), messages, answeredBy: fromNew })).text).to.equal(OWN);
      }
    });

    it('is served here where it is about a number that was given out here', async () => {
      const about = message('<id root="1.2.3" extension="m1"/>', `<id extension="${first ?? ''}"/>`);
      const own: Partial<OwnRegister> = { isAllotted: (number) => number === first };
      const revise = { protocol: 'hl7v3', operation: 'RevisePersonRecord', body: about } as const;
      expect((await pass({ ...revise, own })).text).to.equal(OWN);
      expect((await pass({ ...revise, own: { isAllotted: () => false } })).requests).to.have.length(1);
    });

    it('does not leave before it is taken note of', async () => {
      const preg = new FakePreg(() => '<R/>');
      const messages: ForwardedMessages = {
        ...noMessages(),
        remember: () => {
          throw new StoreFailed('locked');
        },
      };
      expect(await rejectionOf(pass({ ...add, messages, preg }))).to.be.instanceOf(StoreFailed);
      expect(preg.requests).to.deep.equal([]);
    });
  });

  describe('by a client with the restricted view', () => {
    for (const operation of ['GetChanges', 'GetIdentityChanges']) {
      it(`is refused before PREG is asked as ${operation}, which tells what that view lacks`, async () => {
        const preg = new FakePreg(() => changed);
        const refusal = await rejectionOf(
          pass({ operation, body: `<${operation}/>`, access: 'restricted', preg }),
        );
        expect(refusal).to.be.instanceOf(NotAuthorised);
        expect(preg.requests).to.deep.equal([]);
      });
    }

    it('is served here while the new register answers', async () => {
      const setting = { operation: 'GetChanges', body: changes, access: 'restricted' } as const;
      expect((await pass({ ...setting, answeredBy: fromNew })).text).to.equal(OWN);
    });
  });

  describe('by a client whose profile hides something', () => {
    const visible = fieldGroups.filter((group) => group !== 'permits');

    it('is refused before PREG is asked when its answer tells of people', async () => {
      const preg = new FakePreg(() => changed);
      const refusal = await rejectionOf(pass({ operation: 'GetChanges', body: changes, visible, preg }));
      expect(refusal).to.be.instanceOf(NotAuthorised);
      expect(preg.requests).to.deep.equal([]);
    });

    it('goes there when its answer tells of nobody', async () => {
      const passed = await pass({ protocol: 'hl7v3', operation: 'LinkPersonRecords', body: '<L/>', visible });
      expect(passed.outcome).to.equal('done');
    });

    it('is served here while the new register answers', async () => {
      const passed = await pass({ operation: 'GetChanges', body: changes, visible, answeredBy: fromNew });
      expect(passed.text).to.equal(OWN);
    });
  });
});
