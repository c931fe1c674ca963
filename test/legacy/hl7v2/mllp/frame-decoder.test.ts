import { expect } from 'chai';
import * as fc from 'fast-check';
import { framed } from '../../../../src/legacy/hl7v2/mllp/frame.js';
import {
  FrameDecoder,
  type Received,
  type Skipped,
} from '../../../../src/legacy/hl7v2/mllp/frame-decoder.js';
import { runs } from '../../../support/long-runs.js';

const START = 0x0b;
const END = 0x1c;
const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');

interface Decoded {
  readonly messages: readonly string[];
  readonly skipped: Skipped;
  readonly beginnings: readonly string[];
}

/** Everything that a decoder makes of octets which come in these pieces. */
function decode(pieces: readonly Uint8Array[], maxMessageBytes = 1_000_000): Decoded {
  const decoder = new FrameDecoder(maxMessageBytes);
  const received: Received[] = [];
  for (const piece of pieces) {
    decoder.push(piece);
    for (let next = decoder.next(); next !== undefined; next = decoder.next()) received.push(next);
  }
  decoder.end();
  const textsOf = (kind: Received['kind']): string[] =>
    received.flatMap((one) =>
      one.kind === kind
        ? [Buffer.from(one.kind === 'message' ? one.octets : one.beginning).toString('latin1')]
        : [],
    );
  return { messages: textsOf('message'), skipped: decoder.skipped, beginnings: textsOf('too-large') };
}

function cutAt(octets: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const edges = [0, ...[...positions].sort((a, b) => a - b), octets.length];
  return edges.slice(1).map((edge, index) => octets.subarray(edges[index], edge));
}

/** Octets that a message may have. */
const message = fc
  .uint8Array({ maxLength: 60 })
  .map((octets) => octets.filter((octet) => octet !== START && octet !== END));

describe('taking messages out of MLLP', () => {
  const two = '\x0bMSH|first\rPID|\xe6\r\x1c\r\x0bMSH|second\r\x1c\r';
  const expected = ['MSH|first\rPID|\xe6\r', 'MSH|second\r'];

  it('finds merged messages, one at a time', () => {
    const decoder = new FrameDecoder(100);
    decoder.push(latin(two));
    const first = decoder.next();
    expect(first?.kind === 'message' && Buffer.from(first.octets).toString('latin1')).to.equal(expected[0]);
    expect(decoder.isWithinMessage).to.equal(false);
    expect(() => {
      decoder.push(latin('x'));
    }).to.throw(RangeError);
    expect(decoder.next()?.kind).to.equal('message');
    expect(decoder.next()).to.equal(undefined);
  });

  it('finds the same wherever they are split', () => {
    const octets = latin(two);
    for (let position = 0; position <= octets.length; position += 1) {
      const { messages, skipped } = decode(cutAt(octets, [position]));
      expect(messages, `split at ${position}`).to.deep.equal(expected);
      expect(skipped).to.deep.equal({ octets: 0, brokenFrames: 0 });
    }
    expect(decode([...octets].map((octet) => Uint8Array.of(octet))).messages).to.deep.equal(expected);
  });

  it('finds what was sent, whatever it is and however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 6 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        (messages, positions) => {
          const sent = Buffer.concat(messages.map((one) => framed(one)));
          const { messages: found, skipped } = decode(
            cutAt(
              sent,
              positions.map((position) => Math.min(position, sent.length)),
            ),
          );
          expect(found).to.deep.equal(messages.map((one) => Buffer.from(one).toString('latin1')));
          expect(skipped).to.deep.equal({ octets: 0, brokenFrames: 0 });
        },
      ),
      { numRuns: runs(300) },
    );
  });

  it('finds the same in any octets, however they are cut', () => {
    const noise = fc.array(fc.constantFrom(START, END, 0x0d, 0x0a, 0x20, 0x41, 0xff), { maxLength: 60 });
    fc.assert(
      fc.property(
        noise,
        fc.array(fc.nat(60), { maxLength: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (all, at, max) => {
          const octets = Uint8Array.from(all);
          const positions = at.map((position) => Math.min(position, octets.length));
          expect(decode(cutAt(octets, positions), max)).to.deep.equal(decode([octets], max));
        },
      ),
      { numRuns: runs(500) },
    );
  });

  for (const [name, between] of [
    ['nothing', ''],
    ['a carriage return', '\r'],
    ['a line feed', '\n'],
    ['line ends and blanks', '\r\n \t\r\n'],
  ] as const) {
    it(`takes ${name} after 0x1C for the end of a line`, () => {
      const { messages, skipped } = decode([latin(`\x0bone\x1c${between}\x0btwo\x1c${between}`)]);
      expect(messages).to.deep.equal(['one', 'two']);
      expect(skipped).to.deep.equal({ octets: 0, brokenFrames: 0 });
    });
  }

  it('does not wait for the carriage return after 0x1C', () => {
    const decoder = new FrameDecoder(100);
    decoder.push(latin('\x0bone\x1c'));
    expect(decoder.next()?.kind).to.equal('message');
  });

  it('passes over what is in no frame, and counts it', () => {
    const { messages, skipped } = decode([latin('GET / HTTP\r\n\x0bone\x1c\r\x00\x1c\x0btwo\x1c\r!')]);
    expect(messages).to.deep.equal(['one', 'two']);
    expect(skipped).to.deep.equal({ octets: 8 + 2 + 1, brokenFrames: 0 });
  });

  it('begins anew with a frame that begins within another one, and counts what broke off', () => {
    const { messages, skipped } = decode([latin('\x0bbroken\x0bwhole\x1c\r\x0bcut off')]);
    expect(messages).to.deep.equal(['whole']);
    expect(skipped).to.deep.equal({ octets: 0, brokenFrames: 2 });
  });

  it('counts a beginning without anything behind it as one octet', () => {
    const { messages, skipped } = decode([latin('\x0b\x0b\x0bwhole\x1c\r')]);
    expect(messages).to.deep.equal(['whole']);
    expect(skipped).to.deep.equal({ octets: 2, brokenFrames: 0 });
  });

  it('tells what was skipped once', () => {
    const decoder = new FrameDecoder(100);
    decoder.push(latin('ab\x0bc\x0bd\x1c'));
    decoder.next();
    expect(decoder.takeSkipped()).to.deep.equal({ octets: 2, brokenFrames: 1 });
    expect(decoder.takeSkipped()).to.deep.equal({ octets: 0, brokenFrames: 0 });
  });

  it('takes an empty frame for an empty message, which is answered, too', () => {
    expect(decode([latin('\x0b\x1c\r\x0bone\x1c\r')]).messages).to.deep.equal(['', 'one']);
  });

  it('takes a message of the largest size, and of a larger one its beginning and nothing else', () => {
    expect(decode([latin(`\x0b${'a'.repeat(10)}\x1c\r`)], 10)).to.deep.include({
      messages: ['a'.repeat(10)],
      beginnings: [],
    });
    for (const cut of [[], [5], [11], [12], [13]]) {
      const sent = latin(`\x0b${'a'.repeat(10)}b${'c'.repeat(30)}\x1c\r\x0bnext\x1c\r`);
      const { messages, beginnings } = decode(cutAt(sent, cut), 10);
      expect(messages).to.deep.equal([]);
      expect(beginnings).to.deep.equal(['a'.repeat(10)]);
    }
  });

  it('makes room for no more than the largest message', () => {
    const decoder = new FrameDecoder(10_000);
    for (const part of ['\x0b', 'a'.repeat(4_000), 'b'.repeat(4_000), 'c'.repeat(2_000), '\x1c']) {
      expect(decoder.next()).to.equal(undefined);
      decoder.push(latin(part));
    }
    const received = decoder.next();
    expect(received?.kind).to.equal('message');
    expect(received?.kind === 'message' && received.octets.length).to.equal(10_000);
    expect(received?.kind === 'message' && received.octets.buffer.byteLength).to.equal(10_000);
  });

  it('keeps no more of a message that is too large than its header needs', () => {
    const decoder = new FrameDecoder(100_000);
    decoder.push(latin(`\x0b${'a'.repeat(200_000)}`));
    const received = decoder.next();
    expect(received?.kind === 'too-large' && received.beginning.length).to.equal(4096);
    expect(decoder.next()).to.equal(undefined);
    decoder.push(latin('\x1c\r\x0bnext\x1c'));
    expect(decoder.next()).to.equal(undefined);
  });
});
