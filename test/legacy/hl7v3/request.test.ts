import { expect } from 'chai';
import { MalformedRequest } from '../../../src/errors/errors.js';
import {
  at,
  childrenOf,
  identifierIn,
  messageIn,
  readTransmissionWrapper,
} from '../../../src/legacy/hl7v3/request.js';
import { readXml } from '../../../src/xml/reader.js';
import { message, requestBody } from '../../support/hl7v3-message.js';

const query = { namespace: 'http://tempuri.org/', localName: 'query' };

describe('the message in a request', () => {
  it('is what the inner wrapper holds', () => {
    expect(childrenOf(messageIn(requestBody('<id root="1"/>'), query), 'id')).to.have.length(1);
  });

  const malformed: readonly (readonly [what: string, body: string])[] = [
    ['no inner wrapper', '<t:GetDemographics xmlns:t="http://tempuri.org/"/>'],
    ['another one', '<t:GetDemographics xmlns:t="http://tempuri.org/"><t:request/></t:GetDemographics>'],
    [
      'two of them',
      '<t:GetDemographics xmlns:t="http://tempuri.org/"><t:query/><t:query/></t:GetDemographics>',
    ],
    [
      'one in the namespace of HL7',
      '<t:GetDemographics xmlns:t="http://tempuri.org/"><query xmlns="urn:hl7-org:v3"/></t:GetDemographics>',
    ],
  ];
  for (const [what, body] of malformed) {
    it(`is malformed with ${what}`, () => {
      expect(() => messageIn(readXml(body), query)).to.throw(MalformedRequest);
    });
  }

  it('is read by names in the namespace of HL7 alone', () => {
    const root = message('<a><b n="1"/><b n="2"/><c n="3"/></a><x:a xmlns:x="urn:other"><x:c/></x:a>');
    expect(childrenOf(at(root, 'a'), 'b')).to.have.length(2);
    expect(at(root, 'a', 'c')?.attributes.get('n')).to.equal('3');
    expect(() => at(root, 'a', 'b')).to.throw(MalformedRequest);
    expect(at(root, 'b')).to.equal(undefined);
    expect(at(undefined, 'a')).to.equal(undefined);
  });
});

describe('the transmission wrapper of a request', () => {
  it('tells what the known clients send', () => {
    const wrapper = readTransmissionWrapper(
      message(`
        <id root="1.2.3.4" extension="a"/>
        <versionCode code="NE2010NO"/>
        <interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN101307NO01"/>
        <processingCode code="T"/>
        <receiver typeCode="RCV"><device><id root="2.16.578.1.12.4.5.1.1"/></device></receiver>`),
    );
    expect(wrapper).to.deep.equal({
      id: { root: '1.2.3.4', extension: 'a' },
      versionCode: 'NE2010NO',
      interaction: 'PRPA_IN101307NO01',
      processingCode: 'T',
      senderDevice: [],
      requester: undefined,
    });
  });

  const nothing = {
    id: undefined,
    versionCode: undefined,
    interaction: undefined,
    processingCode: undefined,
    senderDevice: [],
    requester: undefined,
  };
  for (const [what, content] of [
    ['left out', ''],
    [
      'nil',
      '<id xsi:nil="true"/><versionCode xsi:nil="true"/><interactionId xsi:nil="true"/><processingCode xsi:nil="true"/><sender xsi:nil="true"/>',
    ],
    [
      'empty',
      '<id root="" extension=""/><versionCode code=""/><interactionId extension=""/><processingCode code=""/><sender><device><id root=""/></device></sender>',
    ],
    [
      'blank',
      '<id root=" " extension="&#9;"/><versionCode code="  "/><interactionId extension=" "/><processingCode code="&#10;"/><sender><device><id extension=" "/></device></sender>',
    ],
  ] as const) {
    it(`tells nothing of what is ${what}`, () => {
      expect(readTransmissionWrapper(message(content))).to.deep.equal(nothing);
    });
  }

  it('keeps the sender’s device with all of its ids, and leaves out an unknown one', () => {
    const { senderDevice } = readTransmissionWrapper(
      message(
        `<sender><device><id root="1" extension="x"/><id nullFlavor="UNK"/><id root="2"/></device></sender>`,
      ),
    );
    expect(senderDevice).to.deep.equal([
      { root: '1', extension: 'x' },
      { root: '2', extension: undefined },
    ]);
  });

  for (const performer of ['assignedPerson', 'assignedDevice']) {
    it(`names the ${performer} who asks`, () => {
      const author = `<authorOrPerformer><${performer}><id root="9" extension="me"/></${performer}></authorOrPerformer>`;
      const { requester } = readTransmissionWrapper(
        message(`<controlActProcess>${author}</controlActProcess>`),
      );
      expect(requester).to.deep.equal({ root: '9', extension: 'me' });
    });
  }

  for (const twice of [
    '<id root="1"/>',
    '<processingCode code="P"/>',
    '<sender><device><id root="1"/></device></sender>',
    '<controlActProcess/>',
  ]) {
    it(`refuses two where one may stand: ${twice}`, () => {
      expect(() => readTransmissionWrapper(message(twice + twice))).to.throw(MalformedRequest);
    });
  }

  it('takes codes without the spaces around them, and ids with theirs', () => {
    const wrapper = readTransmissionWrapper(message('<id root=" 1 "/><processingCode code=" P "/>'));
    expect([wrapper.processingCode, wrapper.id?.root]).to.deep.equal(['P', ' 1 ']);
  });
});

describe('an identifier', () => {
  it('may have a root or an extension alone', () => {
    expect(identifierIn(readXml('<id root="1"/>'))).to.deep.equal({ root: '1', extension: undefined });
    expect(identifierIn(readXml('<id extension="x"/>'))).to.deep.equal({ root: undefined, extension: 'x' });
    expect(identifierIn(readXml('<id/>'))).to.equal(undefined);
    expect(identifierIn(undefined)).to.equal(undefined);
  });
});
