import { expect } from 'chai';
import type { Hl7v2Endpoint, Hl7v2Reply, MessageOrigin } from '../../../../src/legacy/hl7v2/endpoint.js';
import { guarded } from '../../../../src/legacy/hl7v2/mllp/guarded-endpoint.js';
import { silentDoorkeeper } from '../../../support/silent-doorkeeper.js';

const origin: MessageOrigin = {
  remoteAddress: '192.0.2.1',
  signal: new AbortController().signal,
  identify: () => {
    throw new Error('nobody is told apart');
  },
};

function replyOf(text: string): Hl7v2Reply {
  return { octets: Buffer.from(text), charsetLabel: 'utf-8' };
}

describe('a guarded endpoint of HL7 v2', () => {
  it('refuses messages at once while as many are under way as may be, and answers again afterwards', async () => {
    const answers: ((reply: Hl7v2Reply) => void)[] = [];
    const endpoint: Hl7v2Endpoint = {
      answer: () => new Promise((resolve) => answers.push(resolve)),
      refuseTooLarge: () => Promise.resolve(replyOf('too large')),
      refuseBusy: (octets) => replyOf(`busy, ${Buffer.from(octets).toString()}`),
    };
    const door = guarded(endpoint, silentDoorkeeper(1));
    const textOf = ({ octets }: Hl7v2Reply): string => Buffer.from(octets).toString();
    const first = door.answer(Buffer.from('first'), origin);
    expect(textOf(await door.answer(Buffer.from('second'), origin))).to.equal('busy, second');
    expect(textOf(await door.refuseTooLarge(Buffer.from('x'), origin))).to.equal('too large');
    answers[0]?.(replyOf('answer'));
    expect(textOf(await first)).to.equal('answer');
    const third = door.answer(Buffer.from('third'), origin);
    await new Promise(setImmediate);
    answers[1]?.(replyOf('another answer'));
    expect(textOf(await third)).to.equal('another answer');
  });

  it('gives the place back when the endpoint fails', async () => {
    const endpoint: Hl7v2Endpoint = {
      answer: () => Promise.reject(new Error('failed')),
      refuseTooLarge: () => Promise.resolve(replyOf('too large')),
      refuseBusy: () => replyOf('busy'),
    };
    const door = guarded(endpoint, silentDoorkeeper(1));
    for (let count = 0; count < 3; count += 1) {
      const error: unknown = await door.answer(Buffer.from('x'), origin).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(Error).with.property('message', 'failed');
    }
  });
});
