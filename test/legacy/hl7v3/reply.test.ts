import { expect } from 'chai';
import {
  hl7Time,
  identifierValue,
  queryControlAct,
  registrationControlAct,
  replyMessage,
  type QueryOutcome,
  type ReplyParts,
} from '../../../src/legacy/hl7v3/reply.js';
import type { TransmissionWrapper } from '../../../src/legacy/hl7v3/request.js';
import type { XmlElement } from '../../../src/xml/element.js';
import { CountedRandom } from '../../support/counted-random.js';
import { all, attributesOf, childNames, reread, the, writer } from '../../support/hl7v3-message.js';

const request: TransmissionWrapper = {
  id: { root: '1.2.3.4', extension: 'a' },
  versionCode: 'NE2010NO',
  interaction: 'PRPA_IN101307NO01',
  processingCode: 'T',
  senderDevice: [],
  requester: undefined,
};

function reply(
  changes: Partial<TransmissionWrapper> = {},
  query: Partial<QueryOutcome> = {},
  acknowledgement: ReplyParts['acknowledgement'] = { typeCode: 'AA', details: [] },
): XmlElement {
  const structure = replyMessage({
    replyType: 'PRPA_IN101308NO01',
    request: { ...request, ...changes },
    acknowledgement,
    controlAct: queryControlAct({ queryResponse: 'NF', queryId: undefined, subjects: [], ...query }),
    sentAt: new Date('2025-01-15T10:30:00Z'),
    random: new CountedRandom(),
  });
  return reread(writer.write('reply', 'PRPA_IN101308NO01', structure));
}

describe('a point in time', () => {
  for (const [instant, text] of [
    ['2025-01-15T10:30:00.999Z', '20250115113000'],
    ['2025-07-01T22:30:00Z', '20250702003000'],
    ['2024-02-29T23:00:00Z', '20240301000000'],
    ['2024-12-31T22:59:59Z', '20241231235959'],
  ] as const) {
    it(`is Norwegian time: ${instant} is ${text}`, () => {
      expect(hl7Time(new Date(instant))).to.equal(text);
    });
  }
});

describe('an identifier on the wire', () => {
  it('has what was given, and is none without anything', () => {
    expect(identifierValue(undefined)).to.equal(undefined);
    expect(identifierValue({ root: '1', extension: undefined })).to.deep.equal({
      '@root': '1',
      '@extension': undefined,
    });
  });
});

describe('a reply to a query', () => {
  it('gives the request’s wrapper back, with the reply’s own id, time and type', () => {
    const root = reply();
    expect(root.attributes.get('ITSVersion')).to.equal('XML_1.0');
    expect(childNames(root)).to.deep.equal([
      ...['id', 'creationTime', 'versionCode', 'interactionId', 'processingCode', 'processingModeCode'],
      ...['acceptAckCode', 'receiver', 'sender', 'acknowledgement', 'controlActProcess'],
    ]);
    expect(root.children.slice(0, 7).map(attributesOf)).to.deep.equal([
      { root: '00000000-0000-4000-8000-000000000001' },
      { value: '20250115113000' },
      { code: 'NE2010NO' },
      { root: '2.16.840.1.113883.1.6', extension: 'PRPA_IN101308NO01' },
      { code: 'T' },
      { code: 'T' },
      { code: 'NE' },
    ]);
  });

  it('is of the newest version, and for no mode, when the request does not say', () => {
    const root = reply({ versionCode: undefined, processingCode: undefined });
    expect(the(root, 'versionCode').attributes.get('code')).to.equal('NE2010NO');
    expect(childNames(root)).to.not.include('processingCode');
  });

  it('comes from PREG and goes to every id of the sender’s device', () => {
    const root = reply({
      senderDevice: [
        { root: '1', extension: 'x' },
        { root: undefined, extension: 'y' },
      ],
    });
    expect(all(the(root, 'receiver'), 'id').map(attributesOf)).to.deep.equal([
      { root: '1', extension: 'x' },
      { extension: 'y' },
    ]);
    expect(all(the(root, 'sender'), 'id').map(attributesOf)).to.deep.equal([
      { root: '2.16.578.1.12.4.5.1.1' },
    ]);
  });

  it('goes to an unknown device when there is no sender', () => {
    expect(all(the(reply(), 'receiver'), 'id').map(attributesOf)).to.deep.equal([{ nullFlavor: 'UNK' }]);
  });

  it('acknowledges the request by its id, or a message that is nil', () => {
    expect(attributesOf(the(the(reply(), 'targetMessage'), 'id'))).to.deep.equal({
      root: '1.2.3.4',
      extension: 'a',
    });
    const target = the(reply({ id: undefined }), 'targetMessage');
    expect(attributesOf(target)).to.deep.equal({ '{http://www.w3.org/2001/XMLSchema-instance}nil': 'true' });
    expect(target.children).to.deep.equal([]);
  });

  it('tells how the query ended', () => {
    const root = reply(
      {},
      { queryResponse: 'QE' },
      {
        typeCode: 'AE',
        details: [
          { code: 'SYN102', text: 'One.' },
          { code: 'SYN105', text: 'Two.' },
        ],
      },
    );
    expect(the(root, 'acknowledgement').attributes.get('typeCode')).to.equal('AE');
    expect(the(root, 'queryResponseCode').attributes.get('code')).to.equal('QE');
    expect(
      all(root, 'acknowledgementDetail').map((detail) => [
        detail.attributes.get('typeCode'),
        the(detail, 'code').attributes.get('code'),
        the(detail, 'code').attributes.get('codeSystem'),
        the(detail, 'text').text,
      ]),
    ).to.deep.equal([
      ['E', 'SYN102', '2.16.840.1.113883.5.1100', 'One.'],
      ['E', 'SYN105', '2.16.840.1.113883.5.1100', 'Two.'],
    ]);
  });

  for (const count of [0, 1, 2]) {
    it(`counts ${count} subjects, none of them remaining`, () => {
      const root = reply({}, { subjects: Array.from({ length: count }, () => subject) });
      const quantities = childNames(the(root, 'queryAck')).slice(2);
      expect(quantities).to.deep.equal([
        ...['resultTotalQuantity', 'resultCurrentQuantity', 'resultRemainingQuantity'],
      ]);
      expect(quantities.map((name) => the(root, name).attributes.get('value'))).to.deep.equal(
        [count, count, 0].map(String),
      );
      expect(all(root, 'subject')).to.have.length(count);
    });
  }

  it('tells how many people remain when not all were sent', () => {
    const root = reply({}, { subjects: [subject], total: 140 });
    const valueOf = (name: string): string | undefined => the(root, name).attributes.get('value');
    expect(
      ['resultTotalQuantity', 'resultCurrentQuantity', 'resultRemainingQuantity'].map(valueOf),
    ).to.deep.equal(['140', '1', '139']);
  });

  it('gives the query’s id back', () => {
    const root = reply({}, { queryId: { root: '1', extension: 'q' } });
    expect(attributesOf(the(root, 'queryId'))).to.deep.equal({ root: '1', extension: 'q' });
    expect(all(reply(), 'queryId')).to.deep.equal([]);
  });
});

const subject: QueryOutcome['subjects'][number] = {
  '@typeCode': 'SUBJ',
  registrationEvent: {
    '@classCode': 'REG',
    '@moodCode': 'EVN',
    subject1: { '@typeCode': 'SBJ', identifiedPerson: { '@classCode': 'IDENT', identifiedPerson: {} } },
    custodian: {
      '@typeCode': 'CST',
      assignedEntity: { '@classCode': 'ASSIGNED', id: { '@root': '1' } },
    },
  },
};

describe('a reply to a change', () => {
  function changed(outcome: Parameters<typeof registrationControlAct>[0], details = noDetails): XmlElement {
    const structure = replyMessage({
      replyType: 'PRPA_IN101319NO01',
      request,
      acknowledgement: { typeCode: 'AA', details },
      controlAct: registrationControlAct(outcome),
      sentAt: new Date('2025-01-15T10:30:00Z'),
      random: new CountedRandom(),
    });
    return reread(writer.write('reply', 'PRPA_IN101319NO01', structure));
  }
  const noDetails: ReplyParts['acknowledgement']['details'] = [];

  it('may have an empty control act', () => {
    const act = the(changed({}), 'controlActProcess');
    expect([childNames(act), attributesOf(act)]).to.deep.equal([[], { classCode: 'CACT', moodCode: 'EVN' }]);
  });

  it('tells of detected issues as reasons', () => {
    const issue = { '@classCode': 'ALRT', '@moodCode': 'EVN', code: { '@code': 'BUS' } };
    const act = the(changed({ subjects: [], issues: [issue] }), 'controlActProcess');
    expect(childNames(act)).to.deep.equal(['reasonOf']);
    expect(attributesOf(the(act, 'reasonOf'))).to.deep.equal({ typeCode: 'RSON' });
    expect(attributesOf(the(act, 'detectedIssueEvent'))).to.deep.equal({
      classCode: 'ALRT',
      moodCode: 'EVN',
    });
  });

  it('tells errors from warnings, which may have codes of another list', () => {
    const details = all(
      changed({}, [
        { code: 'SYN102', text: 'An error.' },
        { type: 'W', code: 'BUS', codeSystem: '2.16.840.1.113883.5.4', text: 'A warning.' },
      ]),
      'acknowledgementDetail',
    );
    expect(
      details.map((detail) => [detail.attributes.get('typeCode'), the(detail, 'text').text]),
    ).to.deep.equal([
      ['E', 'An error.'],
      ['W', 'A warning.'],
    ]);
    expect(details.map((detail) => attributesOf(the(detail, 'code')))).to.deep.equal([
      { code: 'SYN102', codeSystem: '2.16.840.1.113883.5.1100' },
      { code: 'BUS', codeSystem: '2.16.840.1.113883.5.4' },
    ]);
  });
});
