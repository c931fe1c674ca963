import { expect } from 'chai';
import { RefusedMessage } from '../../../../src/legacy/hl7v2/refused-message.js';
import { latin1 } from '../../../../src/legacy/hl7v2/message/charsets.js';
import { er7Limits, readEr7, writeEr7 } from '../../../../src/legacy/hl7v2/message/er7.js';
import {
  componentOf,
  partOf,
  repetitionsOf,
  segmentNamed,
  type Hl7Message,
} from '../../../../src/legacy/hl7v2/message/message.js';
import { segment, text } from '../../../../src/legacy/hl7v2/message/segment.js';

const header = 'MSH|^~\\&|APP|FAC|||20260301120000||QBP^Q22|1|P|2.5';

function read(message: string): Hl7Message {
  return readEr7(message, (octets) => latin1.decode(octets));
}

/** The fields of a segment PID behind a header. */
function fieldsOf(line: string): unknown {
  return segmentNamed(read(`${header}\r${line}\r`), 'PID')?.fields;
}

function refusal(message: string): RefusedMessage {
  try {
    read(message);
  } catch (error) {
    if (error instanceof RefusedMessage) return error;
    throw error;
  }
  throw new Error('the message was taken');
}

describe('a message of HL7 v2 as text', () => {
  describe('is read into', () => {
    const forms: readonly (readonly [line: string, fields: unknown])[] = [
      ['PID|a', [[[['a']]]]],
      ['PID||a', [[], [[['a']]]]],
      ['PID|a||', [[[['a']]]]],
      ['PID|', []],
      ['PID', []],
      ['PID|a^b', [[[['a'], ['b']]]]],
      ['PID|^b^', [[[[], ['b']]]]],
      ['PID|a~b', [[[['a']], [['b']]]]],
      ['PID|~b~', [[[], [['b']]]]],
      ['PID|a&b', [[[['a', 'b']]]]],
      ['PID|&b&', [[[['', 'b']]]]],
      ['PID|a^b&c^d', [[[['a'], ['b', 'c'], ['d']]]]],
      ['PID|a^b&c~d&e', [[[['a'], ['b', 'c']], [['d', 'e']]]]],
      ['PID|^^~^&', []],
      ['PID|a&b~c', [[[['a', 'b']], [['c']]]]],
    ];
    for (const [line, fields] of forms) {
      it(`its parts: ${line}`, () => {
        expect(fieldsOf(line)).to.deep.equal(fields);
      });
    }

    it('segments in the order of the message, those of one name included', () => {
      const { segments } = read(`${header}\rPID|1\rNK1|1\rPID|2\rZXX|1\rNK1|2\r`);
      expect(
        segments.map(({ name, fields }) => name + (name === 'MSH' ? '' : (fields[0]?.[0]?.[0]?.[0] ?? ''))),
      ).to.deep.equal(['MSH', 'PID1', 'NK11', 'PID2', 'ZXX1', 'NK12']);
    });

    it('a header whose first two fields are the delimiters', () => {
      const msh = segmentNamed(read(`${header}\r`), 'MSH');
      expect([1, 2, 3, 12].map((number) => componentOf(msh, number))).to.deep.equal([
        '|',
        '^~\\&',
        'APP',
        '2.5',
      ]);
    });
  });

  for (const [name, end] of [
    ['CR', '\r'],
    ['LF', '\n'],
    ['CR LF', '\r\n'],
  ] as const) {
    it(`may end its segments with ${name}, the last one or not`, () => {
      const lines = [header, 'PID|1', 'PV1|2'];
      for (const message of [lines.join(end), lines.join(end) + end, end + lines.join(end + end) + end]) {
        expect(read(message).segments.map((one) => one.name)).to.deep.equal(['MSH', 'PID', 'PV1']);
      }
    });
  }

  it('may mix the ends of its segments', () => {
    const { segments } = read(`${header}\nPID|1\r\nPV1|2\rNK1|3\n`);
    expect(segments.map((one) => one.name)).to.deep.equal(['MSH', 'PID', 'PV1', 'NK1']);
  });

  describe('with delimiters of its own', () => {
    it('is read by them', () => {
      const { segments } = read('MSH#*+!%#A%1%X#F\rPID##a*b%c+d#!F!-!S!-!R!-!T!-!E!#!X41!');
      expect(segments[0]?.fields.slice(0, 4)).to.deep.equal([
        [[['|']]],
        [[['^~\\&']]],
        [[['A', '1', 'X']]],
        [[['F']]],
      ]);
      expect(segments[1]?.fields).to.deep.equal([
        [],
        [[['a'], ['b', 'c']], [['d']]],
        [[['#-*-+-%-!']]],
        [[['A']]],
      ]);
    });

    it('keeps the usual ones as text', () => {
      const { segments } = read('MSH#*+!%#A\rPID#a|b^c~d\\e&f\\F\\');
      expect(segments[1]?.fields).to.deep.equal([[[['a|b^c~d\\e&f\\F\\']]]]);
    });

    it('may name one for cut text, which is passed over', () => {
      const { segments } = read('MSH|^~\\&#|A\rPID|a#b');
      expect(segments[1]?.fields).to.deep.equal([[[['a#b']]]]);
      expect(componentOf(segments[0], 3)).to.equal('A');
    });

    it('may leave out that of subcomponents, and that of escapes', () => {
      const { segments } = read('MSH|^~\\|A\rPID|a&b^c\\T\\d~e\\F\\');
      expect(segments[1]?.fields).to.deep.equal([[[['a&b'], ['c&d']], [['e|']]]]);
      const { segments: plain } = read('MSH|^~|A\rPID|a&b^c\\F\\~d');
      expect(plain[1]?.fields).to.deep.equal([[[['a&b'], ['c\\F\\']], [['d']]]]);
      const { segments: own } = read('MSH#*+#A\rPID#a|b*c^d&!\\e');
      expect(own[1]?.fields).to.deep.equal([[[['a|b'], ['c^d&!\\e']]]]);
    });

    for (const start of [
      'MSH',
      'MSH|',
      'MSH|^',
      'MSH|^|',
      'MSH|^^|',
      'MSH|^^\\&|',
      'MSH|^~\\&#$|',
      'MSHx^~\\&x',
      'MSH|^~"&|',
    ]) {
      it(`is refused where they cannot be used: ${start}`, () => {
        expect(refusal(`${start}\rPID|1`)).to.deep.include({ acknowledgement: 'AR' });
        expect(refusal(`${start}\rPID|1`).error).to.deep.include({
          code: '102',
          location: { segment: 'MSH', sequence: 1, field: 2 },
        });
      });
    }
  });

  it('tells null as empty, and keeps it', () => {
    const pid = segmentNamed(read(`${header}\rPID|""|""^b|""~c`), 'PID');
    expect([componentOf(pid, 1), componentOf(pid, 2), componentOf(pid, 2, 2)]).to.deep.equal(['', '', 'b']);
    expect(repetitionsOf(pid, 3).map((repetition) => partOf(repetition, 1))).to.deep.equal(['', 'c']);
    expect(writeEr7({ segments: pid === undefined ? [] : [pid] }, same)).to.equal('PID|""|""^b|""~c\r');
  });

  describe('is refused', () => {
    const many = (count: number, what: string): string => what.repeat(count);
    const refused: readonly (readonly [name: string, message: string])[] = [
      ['that is empty', ''],
      ['of blank lines', '\r\n \r\n'],
      ['without a header', 'PID|1\r'],
      ['with a header that is not the first segment', `PID|1\r${header}\r`],
      ['that is two', `${header}\rPID|1\r${header}\rPID|1\r`],
      ['that is a batch', `FHS|^~\\&|\r${header}\rFTS|1\r`],
      ['with a line that is no segment', `${header}\rsome text\r`],
      ['with a name in small letters', `${header}\rpid|1\r`],
      ['with a name that is too long', `${header}\rPIDX|1\r`],
      ['with a line of three characters that are no name', `${header}\r12 \r`],
      ['with too many segments', `${header}\r${many(er7Limits.segments, 'NTE|1\r')}`],
      ['with too many blank lines', `${header}\r${many(er7Limits.lines, '\r')}`],
      ['with too many fields', `${header}\rPID${many(er7Limits.fields, '|')}\r`],
      ['with too many repetitions', `${header}\rPID|${many(er7Limits.repetitions, '~')}\r`],
      ['with too many components', `${header}\rPID|${many(er7Limits.parts + 1, '^')}\r`],
      ['with too many subcomponents', `${header}\rPID|${many(er7Limits.parts + 1, '&')}\r`],
      [
        'with too many parts in all',
        `${header}\r${many(er7Limits.segments - 1, `PID|${many(er7Limits.parts, '^')}~x\r`)}`,
      ],
    ];
    for (const [name, message] of refused) {
      it(name, () => {
        const { acknowledgement, error } = refusal(message);
        expect([acknowledgement, error.code]).to.deep.equal(['AR', '100']);
      });
    }

    it('and not while it is as large as it may be', () => {
      const { segments } = read(
        [
          header,
          `PID${many(er7Limits.fields - 2, '|')}x`,
          `PID|${many(er7Limits.repetitions - 1, '~')}x`,
          `PID|${many(er7Limits.parts, '^')}x`,
          many(er7Limits.segments - 4, 'NTE|1\r'),
        ].join('\r'),
      );
      expect(segments).to.have.length(er7Limits.segments);
      expect(segments.slice(1, 4).map(({ fields }) => fields.at(-1)?.at(-1)?.at(-1))).to.deep.equal([
        ['x'],
        ['x'],
        ['x'],
      ]);
    });
  });

  describe('is written', () => {
    it('with the usual delimiters, and segments that end with CR', () => {
      const message: Hl7Message = {
        segments: [
          segment('MSH', { 1: text('|'), 2: text('^~\\&'), 3: text('APP'), 10: text('1') }),
          segment('PID', { 1: text('1'), 3: [[['a'], ['b', 'c']], [['d']]], 5: [[], [['e']]] }),
          segment('PV1', {}),
          segment('PID', { 1: text('2'), 2: [[[], ['b', '', 'd']]], 4: text('') }),
        ],
      };
      expect(writeEr7(message, same)).to.equal(
        'MSH|^~\\&|APP|||||||1\rPID|1||a^b&c~d||~e\rPV1|\rPID|2|^b&&d\r',
      );
    });

    it('with escapes for delimiters and line breaks in its texts', () => {
      const pid = segment('PID', { 1: text('|^~\\&'), 2: text('a\r\nb') });
      expect(writeEr7({ segments: [pid] }, same)).to.equal(
        'PID|\\F\\\\S\\\\R\\\\E\\\\T\\|a\\X0D\\\\X0A\\b\r',
      );
    });

    it('with escapes for what stands in for another letter', () => {
      expect(writeEr7({ segments: [segment('PID', { 1: text('x') })] }, () => '^')).to.equal('PID|\\S\\\r');
    });
  });
});

function same(value: string): string {
  return value;
}
