import { expect } from 'chai';
import fc from 'fast-check';
import {
  isBlank,
  LineSplitter,
  longestLine,
  type Line,
} from '../../../../src/legacy/filematch/reading/lines.js';
import { latin1 } from '../../../support/filematch-files.js';
import { runs } from '../../../support/long-runs.js';
import { memoryInUse } from '../../../support/memory-in-use.js';

function split(...pieces: readonly Uint8Array[]): readonly Line[] {
  const splitter = new LineSplitter();
  return [...pieces.flatMap((piece) => [...splitter.push(piece)]), ...splitter.end()];
}

const texts = (found: readonly Line[]): readonly string[] =>
  found.map(({ octets }) => octets.toString('latin1'));

describe('lines', () => {
  it('end with LF, with CRLF, or with the file', () => {
    const found = split(latin1('a\r\nb\nc'));
    expect(texts(found)).to.deep.equal(['a', 'b', 'c']);
    expect(found.map(({ ending }) => ending)).to.deep.equal(['\r\n', '\n', '']);
    expect(found.map(({ number }) => number)).to.deep.equal([1, 2, 3]);
  });

  it('do not end with CR alone', () => {
    expect(texts(split(latin1('a\rb\n')))).to.deep.equal(['a\rb']);
  });

  it('lose a CR that the end of the file left without its LF', () => {
    expect(texts(split(latin1('a\r\nb\r')))).to.deep.equal(['a', 'b']);
  });

  it('begin after a byte order mark, which is told of', () => {
    const splitter = new LineSplitter();
    const found = [...splitter.push(Buffer.from('\uFEFFa\n\uFEFFb\n', 'utf8'))];
    expect(found.map(({ octets }) => octets.toString('utf8'))).to.deep.equal(['a', '\uFEFFb']);
    expect(splitter.hasMark).to.equal(true);
  });

  it('are kept whole up to the longest that is read', () => {
    const [line, next] = split(latin1(`${'x'.repeat(longestLine)}\r\ny\n`));
    expect(line).to.include({ tooLong: false, ending: '\r\n' });
    expect(line?.octets).to.have.length(longestLine);
    expect(next?.octets.toString()).to.equal('y');
  });

  it('are kept whole also when they come in pieces, after a byte order mark', () => {
    const text = `\uFEFF${'x'.repeat(longestLine)}`;
    for (const ending of ['', '\r', '\r\n']) {
      const octets = Buffer.from(text + ending, 'utf8');
      const [line] = split(octets.subarray(0, 10), octets.subarray(10, 70_000), octets.subarray(70_000));
      expect(line?.octets, JSON.stringify(ending)).to.have.length(longestLine);
      expect(line?.tooLong).to.equal(false);
    }
    const [longer] = split(Buffer.from(`${text}x\r\n`, 'utf8'));
    expect(longer?.tooLong).to.equal(true);
  });

  it('are cut and marked beyond that, and the next one is read as ever', () => {
    const [line, next] = split(latin1(`${'x'.repeat(longestLine + 1)}\ny\n`));
    expect(line?.tooLong).to.equal(true);
    expect(line?.octets).to.have.length(longestLine);
    expect(next).to.include({ tooLong: false, number: 2 });
  });

  it('hold no more than a bound of a line that never ends', () => {
    const splitter = new LineSplitter();
    const piece = Buffer.alloc(longestLine, 'x');
    const before = memoryInUse();
    for (let time = 0; time < 500; time += 1)
      expect([...splitter.push(Buffer.from(piece))]).to.deep.equal([]);
    expect(memoryInUse() - before).to.be.below(50 * longestLine);
    const [line] = splitter.end();
    expect(line?.tooLong).to.equal(true);
  });

  it('are the same wherever the pieces begin and end', () => {
    const octet = fc.constantFrom(0x0a, 0x0d, 0x20, 0x41, 0xef, 0xbb, 0xbf, 0xff);
    fc.assert(
      fc.property(fc.array(fc.array(octet, { maxLength: 12 }), { maxLength: 8 }), (pieces) => {
        const whole = split(Buffer.from(pieces.flat()));
        expect(split(...pieces.map((piece) => Buffer.from(piece)))).to.deep.equal(whole);
      }),
      { numRuns: runs(300) },
    );
  });

  it('give the file again when they are put together', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\r', '\n', ' ') }), (text) => {
        const found = split(latin1(text));
        const again = found.map(({ octets, ending }) => octets.toString('latin1') + ending).join('');
        expect(again).to.equal(text.endsWith('\r') ? text.slice(0, -1) : text);
      }),
      { numRuns: runs(300) },
    );
  });

  it('are blank when they hold blanks or the end-of-file sign of old systems', () => {
    expect(split(latin1('\n  \n \x1a\nx\n\t\n')).map(isBlank)).to.deep.equal([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
