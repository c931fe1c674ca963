import { expect } from 'chai';
import { framed, unframed } from '../../../../src/legacy/hl7v2/mllp/frame.js';

const text = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');
const octets = (value: string): Uint8Array => Buffer.from(value, 'latin1');

describe('the frame of MLLP', () => {
  it('is 0x0B before a message and 0x1C 0x0D after it', () => {
    expect(text(framed(octets('MSH|\xe6\r')))).to.equal('\x0bMSH|\xe6\r\x1c\r');
    expect(text(framed(new Uint8Array()))).to.equal('\x0b\x1c\r');
  });

  for (const [name, sent] of [
    ['whole', '\x0bMSH|a\r\x1c\r'],
    ['without its carriage return', '\x0bMSH|a\r\x1c'],
    ['without its beginning', 'MSH|a\r\x1c\r'],
    ['without its end', '\x0bMSH|a\r'],
    ['missing', 'MSH|a\r'],
  ] as const) {
    it(`is taken away where it is ${name}`, () => {
      expect(text(unframed(octets(sent)))).to.equal('MSH|a\r');
    });
  }

  it('is all there is of nothing', () => {
    for (const sent of ['', '\x0b', '\x1c', '\x1c\r', '\x0b\x1c\r']) {
      expect(text(unframed(octets(sent))), JSON.stringify(sent)).to.equal('');
    }
  });
});
