import { expect } from 'chai';
import { faultOf, soapBench, textOf } from '../../support/soap-bench.js';
import {
  ECHO_ACTION,
  MESSAGE_ID,
  namespaces,
  soapMessage,
  type MessageParts,
} from '../../support/soap-request.js';

const anonymous = `${namespaces.addressing}/anonymous`;
const reference = (name: string, address: string): string =>
  `<a:${name}><a:Address>${address}</a:Address></a:${name}>`;

async function codeFor(parts: MessageParts): Promise<string> {
  return faultOf(await soapBench().post(soapMessage(parts))).code;
}

describe('WS-Addressing in requests', () => {
  for (const [what, parts] of [
    ['no ReplyTo', { replyTo: '' }],
    [
      'a ReplyTo with reference parameters',
      { replyTo: `<a:ReplyTo><a:Address> ${anonymous}\n</a:Address><a:ReferenceParameters/></a:ReplyTo>` },
    ],
    ['an anonymous FaultTo', { moreHeaders: reference('FaultTo', anonymous) }],
    ['any To', { to: '<a:To>urn:somewhere:else</a:To>' }],
    ['no To', { to: '' }],
    ['any From', { moreHeaders: reference('From', 'urn:me') }],
    ['a RelatesTo', { moreHeaders: '<a:RelatesTo>urn:x</a:RelatesTo>' }],
    ['an Action with white space around', { action: `<a:Action>\n ${ECHO_ACTION} </a:Action>` }],
    [
      'an ActivityId, as .NET traces',
      {
        moreHeaders:
          '<ActivityId xmlns="http://schemas.microsoft.com/2004/09/ServiceModel/Diagnostics">x</ActivityId>',
      },
    ],
    ['a second Action for another role', { moreHeaders: '<a:Action s:role="urn:other">x</a:Action>' }],
  ] as const) {
    it(`may have ${what}`, async () => {
      expect((await soapBench().post(soapMessage(parts))).status).to.equal(200);
    });
  }

  for (const [what, parts, code] of [
    ['no Action', { action: '' }, 'a:MessageAddressingHeaderRequired'],
    ['an empty Action', { action: '<a:Action> </a:Action>' }, 'a:MessageAddressingHeaderRequired'],
    [
      'an Action for another role',
      { action: `<a:Action s:role="urn:other">${ECHO_ACTION}</a:Action>` },
      'a:MessageAddressingHeaderRequired',
    ],
    ['no MessageID', { messageId: '' }, 'a:MessageAddressingHeaderRequired'],
    ['an empty MessageID', { messageId: '<a:MessageID/>' }, 'a:MessageAddressingHeaderRequired'],
    [
      'a MessageID too long to say back',
      { messageId: `<a:MessageID>${'x'.repeat(1_025)}</a:MessageID>` },
      'a:MessageAddressingHeaderRequired',
    ],
    ['two Actions', { moreHeaders: `<a:Action>${ECHO_ACTION}</a:Action>` }, 'a:InvalidCardinality'],
    ['two MessageIDs', { moreHeaders: '<a:MessageID>urn:2</a:MessageID>' }, 'a:InvalidCardinality'],
    ['two Tos', { moreHeaders: '<a:To>urn:2</a:To>' }, 'a:InvalidCardinality'],
    ['two ReplyTos', { moreHeaders: reference('ReplyTo', anonymous) }, 'a:InvalidCardinality'],
    ['two FaultTos', { moreHeaders: reference('FaultTo', anonymous).repeat(2) }, 'a:InvalidCardinality'],
    ['two Froms', { moreHeaders: reference('From', 'urn:me').repeat(2) }, 'a:InvalidCardinality'],
    [
      'a ReplyTo elsewhere',
      { replyTo: reference('ReplyTo', 'http://127.0.0.1/') },
      'a:OnlyAnonymousAddressSupported',
    ],
    [
      'a ReplyTo to nobody',
      { replyTo: reference('ReplyTo', `${namespaces.addressing}/none`) },
      'a:OnlyAnonymousAddressSupported',
    ],
    ['a ReplyTo without address', { replyTo: '<a:ReplyTo/>' }, 'a:OnlyAnonymousAddressSupported'],
    [
      'a ReplyTo with two addresses',
      { replyTo: `<a:ReplyTo>${`<a:Address>${anonymous}</a:Address>`.repeat(2)}</a:ReplyTo>` },
      'a:OnlyAnonymousAddressSupported',
    ],
    [
      'a FaultTo elsewhere',
      { moreHeaders: reference('FaultTo', 'http://127.0.0.1/') },
      'a:OnlyAnonymousAddressSupported',
    ],
    ['an unknown Action', { action: '<a:Action>urn:other</a:Action>' }, 'a:ActionNotSupported'],
    [
      'an Action in another letter case',
      { action: `<a:Action>${ECHO_ACTION.toLowerCase()}</a:Action>` },
      'a:ActionNotSupported',
    ],
  ] as const) {
    it(`may not have ${what}`, async () => {
      expect(await codeFor(parts)).to.equal(code);
    });
  }

  it('gives every answer its relation, faults of any kind included', async () => {
    for (const parts of [{}, { security: '' }, { action: '' }, { body: '<x/>' }, { moreHeaders: 'text' }]) {
      const answer = await soapBench().post(soapMessage(parts));
      expect(textOf(answer)).to.contain(`<a:RelatesTo>${MESSAGE_ID}</a:RelatesTo>`);
    }
    const two = await soapBench().post(soapMessage({ moreHeaders: '<a:MessageID>urn:2</a:MessageID>' }));
    expect(textOf(two)).to.not.contain('RelatesTo');
  });

  it('escapes the message id that it relates to', async () => {
    const answer = await soapBench().post(
      soapMessage({ messageId: '<a:MessageID>&lt;x>&amp;</a:MessageID>' }),
    );
    expect(textOf(answer)).to.contain('<a:RelatesTo>&lt;x&gt;&amp;</a:RelatesTo>');
  });
});
