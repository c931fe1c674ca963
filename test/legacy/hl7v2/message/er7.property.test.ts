import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { loadTransliteration, type Transliteration } from '../../../../src/charset/transliteration.js';
import { packageRoot } from '../../../../src/config/package-root.js';
import { RefusedMessage } from '../../../../src/legacy/hl7v2/refused-message.js';
import { charsetNamed, charsetNames } from '../../../../src/legacy/hl7v2/message/charsets.js';
import { encodeMessage } from '../../../../src/legacy/hl7v2/message/encode.js';
import { takeIn } from '../../../../src/legacy/hl7v2/message/intake.js';
import type { Hl7Field, Hl7Message, Hl7Segment } from '../../../../src/legacy/hl7v2/message/message.js';
import { withoutEmptyEnd } from '../../../../src/legacy/hl7v2/message/segment.js';
import { long, runs } from '../../../support/long-runs.js';

const letters: Readonly<Record<(typeof charsetNames)[number], string>> = {
  ASCII: ' !"#$%&()*+,-./0129:;<=>?@AZ[\\]^_`az{|}~\r\n',
  '8859/1': ' a9|^~\\&#"\r\næøåÆØÅéß\u00a0ÿ',
  'UNICODE UTF-8': ' a9|^~\\&#"\r\næøåčđŋšŧžŊЖ€\u2028\u0301😀',
};

/** Any message whose parts are as full as they look. */
function messageIn(charset: (typeof charsetNames)[number]): fc.Arbitrary<Hl7Message> {
  const text = fc
    .array(fc.constantFrom(...Array.from(letters[charset])), { maxLength: 8 })
    .map((parts) => parts.join(''));
  const component = fc.array(text, { maxLength: 3 }).map(withoutEmptyEnd);
  const repetition = fc.array(component, { maxLength: 4 }).map(withoutEmptyEnd);
  const field = fc.array(repetition, { maxLength: 3 }).map(withoutEmptyEnd);
  const fields = fc.array(field, { maxLength: 6 }).map(withoutEmptyEnd);
  const name = fc.constantFrom('PID', 'NK1', 'QPD', 'ZAB', 'PV1');
  const segments = fc.array(fc.record({ name, fields }), { maxLength: 6 });
  return fc.tuple(fields, segments).map(([more, rest]) => {
    const start: Hl7Field[] = [[[['|']]], [[['^~\\&']]], ...more];
    while (start.length < 17) start.push([]);
    const header: Hl7Segment = { name: 'MSH', fields: [...start, [[[charset]]]] };
    return { segments: [header, ...rest] };
  });
}

describe('any message of HL7 v2', function () {
  // Much to do on a busy machine; nothing here is about speed.
  this.timeout(long ? 600_000 : 20_000);

  let transliteration: Transliteration;
  before(async () => {
    transliteration = await loadTransliteration(join(packageRoot(), 'mappings'));
  });

  for (const charset of charsetNames) {
    it(`in ${charset} is read as it was written`, () => {
      fc.assert(
        fc.property(messageIn(charset), (message) => {
          const { octets, replaced } = encodeMessage(
            message,
            charsetNamed(charset) ?? { written: 'US-ASCII' },
            transliteration,
          );
          expect(takeIn(octets, '8859/1').read()).to.deep.equal(message);
          expect(replaced).to.equal(0);
        }),
        { numRuns: runs(300) },
      );
    });
  }

  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          'MSH|^~\\&|',
          'MSH#*+!%#',
          'PID|',
          'QPD',
          '\r',
          '\n',
          '|',
          '^',
          '~',
          '&',
          '\\',
          '\\F',
          'X41\\',
          '""',
          'ø',
          '\u2028',
          'FHS|',
          'BHS|',
          '__proto__',
          '8859/1',
        ),
        { maxLength: 40 },
      )
      .map((parts) => Buffer.from(parts.join(''), 'utf8')),
  );
  const starts = fc.constantFrom(
    '',
    'MSH|^~\\&|',
    'MSH|^~\\&||||||||||||||||UNICODE UTF-8\r',
    '\ufeff',
    '\r\nMSH|',
  );

  it('or any octets in its place are read, or refused in HL7’s terms, and what is read can be written', () => {
    let taken = 0;
    fc.assert(
      fc.property(starts, fc.array(pieces, { maxLength: 4 }), (start, rest) => {
        const intake = takeIn(Buffer.concat([Buffer.from(start), ...rest]), '8859/1');
        let message: Hl7Message;
        try {
          message = intake.read();
        } catch (error) {
          expect(error).to.be.instanceOf(RefusedMessage).with.property('acknowledgement', 'AR');
          return;
        }
        taken += 1;
        const { octets } = encodeMessage(message, { written: 'UTF-8' }, transliteration);
        expect(octets.length).to.be.greaterThan(0);
      }),
      { numRuns: runs(2_000) },
    );
    expect(taken).to.be.greaterThan(50);
  });
});
