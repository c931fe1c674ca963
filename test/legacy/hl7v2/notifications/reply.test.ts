import { expect } from 'chai';
import fc from 'fast-check';
import { Problem } from '../../../../src/legacy/hl7v2/notifications/queue.js';
import { problemIn } from '../../../../src/legacy/hl7v2/notifications/reply.js';
import { runs } from '../../../support/long-runs.js';

describe('what a receiver answers', () => {
  const header = 'MSH|^~\\&|PAS||PREGADAPTER||20260301||ACK|1|P|2.5';

  function problem(...lines: readonly string[]): Problem | undefined {
    return problemIn(Buffer.from(lines.join('\r'), 'latin1'), 'ID1');
  }

  it('is well when it took the message', () => {
    expect(problem(header, 'MSA|AA|ID1', '')).to.equal(undefined);
    expect(problem(header, 'MSA|CA|ID1')).to.equal(undefined);
    expect(problem(`${header}\n`, 'MSA|aa| ID1 |fine\n')).to.equal(undefined);
  });

  it('tells what may pass from what will not', () => {
    expect(problem(header, 'MSA|AE|ID1')).to.equal(Problem.ReceiverError);
    expect(problem(header, 'MSA|CE|ID1')).to.equal(Problem.ReceiverError);
    expect(problem(header, 'MSA|AR|ID1')).to.equal(Problem.Refused);
    expect(problem(header, 'MSA|CR|ID1')).to.equal(Problem.Refused);
  });

  it('is wrong for another message, without an acknowledgement, and with a code that nobody knows', () => {
    for (const line of ['MSA|AA|ID2', 'MSA|AA', 'MSA||ID1', 'MSA|OK|ID1', 'ZZZ|AA|ID1']) {
      expect(problem(header, line), line).to.equal(Problem.WrongAnswer);
    }
    expect(problem('')).to.equal(Problem.WrongAnswer);
  });

  describe('beside what it says of the message', () => {
    for (const charset of ['ISO-8859-1', '8859/15', 'ISO IR100', 'UNICODE UTF-8', 'X']) {
      it(`may be text that does not fit its charset (${charset})`, () => {
        const named = `${header}||||||${charset}`;
        expect(problem(named, 'MSA|AA|ID1|mottatt p\u00e5')).to.equal(undefined);
        expect(problem(named, 'MSA|AE|ID1|mottatt p\u00e5')).to.equal(Problem.ReceiverError);
      });
    }

    it('may be a mark of UTF-8, lines of blanks, and lines that are no segments', () => {
      expect(problem(`\u00ef\u00bb\u00bf${header}`, 'MSA|AA|ID1')).to.equal(undefined);
      expect(problem('', ' ', header, 'note', 'MSA|AA|ID1', 'a note')).to.equal(undefined);
    });

    it('may be delimiters of its own', () => {
      expect(problem('MSH#$~\\&#PAS##PREGADAPTER##20260301##ACK#1#P#2.5', 'MSA#AA#ID1$x#fine')).to.equal(
        undefined,
      );
      expect(problem('MSH#$~\\&#PAS', 'MSA|AA|ID1')).to.equal(Problem.WrongAnswer);
    });
  });

  it('is never taken for well, and never a crash, whatever the octets are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (octets) => {
        expect(problemIn(octets, 'ID1')).to.equal(Problem.WrongAnswer);
      }),
      { numRuns: runs(200) },
    );
  });
});
