import { expect } from 'chai';
import fc from 'fast-check';
import { RefusedMessage } from '../../../../src/legacy/hl7v2/refused-message.js';
import { takeIn } from '../../../../src/legacy/hl7v2/message/intake.js';
import type { Hl7Message } from '../../../../src/legacy/hl7v2/message/message.js';
import { askHl7v2, refusalFor, type QueryAnswer } from '../../../support/hl7v2-query.js';
import { runs } from '../../../support/long-runs.js';
import { pregAddress, pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const names = [
  ...['@PID.3', '@PID.3.1', '@PID.3.4.1', '@PID.3.4.2', '@PID.3.4.3', '@PID.3.5', '@PID.5.1', '@PID.5.1.1'],
  ...['@PID.5.2', '@PID.5.3', '@PID.7', '@PID.7.1', '@PID.8', '@PID.11.1', '@PID.11.3', '@PID.11.5'],
  ...['@PID.11.6', '@PID.11.9', '@PID.13', 'PID.5.1', '@', '__proto__', 'constructor'],
];
/** Words that no text of ours has. */
const secret = fc.stringMatching(/^[ØÆÅ]{4,9}$/);
const values = fc.oneof(
  secret,
  fc.constantFrom('NORD*', '*', '"" ', '""', '1990', '199013', '0301', 'F', 'U', 'NO', 'XXX', 'ISO', 'FNR'),
  fc.constantFrom('2.16.578.1.12.4.1.4.1', '1.2.3', syntheticNumber(), syntheticNumber(1), '123'),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const parameter = fc
  .tuple(fc.constantFrom(...names), values, fc.constantFrom('', '^X', '&X', '^', '~'))
  .map(([name, value, rest]) => `${name}^${value}${rest}`);
const parameters = fc.array(parameter, { maxLength: 5 }).map((all) => all.join('~'));
const anyField = fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: values });
const control = fc.tuple(fc.constantFrom('', 'I', 'D'), fc.oneof(fc.constant('10^RD'), values), anyField);
const pointer = fc.oneof(fc.constantFrom('', 'kept1.1', 'kept1.20'), values);

const people = Array.from({ length: 25 }, (_, index) =>
  pregPerson({ nin: syntheticNumber(index), addresses: [pregAddress({ postalType: index % 8 })] }),
);

/** The answer, or how the message is refused. Whatever else is thrown is a fault. */
async function answered(
  type: 'QBP^Q22' | 'QRY^A19' | 'QCN^J01',
  lines: readonly string[],
): Promise<QueryAnswer | string> {
  try {
    return await askHl7v2(type, lines, { people });
  } catch (error) {
    if (error instanceof RefusedMessage) return JSON.stringify(error.error);
    throw error;
  }
}

function expectSense(answer: QueryAnswer | string): void {
  if (typeof answer === 'string') {
    // What was asked may be the name of somebody.
    expect(answer).to.not.match(/[ØÆÅ]/);
    return;
  }
  const [acknowledgement = ''] = answer.lines;
  expect(acknowledgement).to.match(/^QAK\|[^|]*\|(?:OK|NF)\|/);
  const asked = answer.searches.length + answer.lookups.length + answer.manyLookups.length;
  expect(asked, 'nobody is told or missed without a question').to.equal(1);
}

describe('any query of HL7 v2', () => {
  it('is answered or refused: QBP^Q22', async () => {
    await fc.assert(
      fc.asyncProperty(
        parameters,
        control,
        pointer,
        values,
        async (asked, [when, size, how], from, domain) => {
          const lines = [
            `QPD|IHE PDQ Query|T|${asked}|||||${domain === '' ? '' : `^^^${domain}`}`,
            `RCP|${when}|${size}|${how}`,
            `DSC|${from}|I`,
          ];
          for (const line of [lines, [lines[0]?.replace(/\|[^|]*$/, '') ?? '']]) {
            expectSense(await answered('QBP^Q22', line));
          }
        },
      ),
      { numRuns: runs(300) },
    );
  });

  it('is answered or refused: QRY^A19', async () => {
    const subject = fc.array(values, { maxLength: 14 }).map((parts) => parts.join('^'));
    const rest = fc.array(anyField, { maxLength: 6 }).map((fields) => fields.join('|'));
    await fc.assert(
      fc.asyncProperty(subject, rest, parameters, anyField, async (who, what, filter, other) => {
        for (const lines of [
          [`QRD||R|I|T|||10^RD|${who}|DEM`],
          [`QRD||R|I|T|||10^RD|${who}|${what}`, `QRF|X|${other}|||${filter}`],
        ]) {
          expectSense(await answered('QRY^A19', lines));
        }
      }),
      { numRuns: runs(300) },
    );
  });

  it('is done or refused: QCN^J01', async () => {
    await fc.assert(
      fc.asyncProperty(anyField, anyField, async (tag, name) => {
        const answer = await answered('QCN^J01', [`QID|${tag}|${name}`]);
        if (typeof answer !== 'string') expect([answer.outcome, answer.lines]).to.deep.equal(['done', []]);
      }),
      { numRuns: runs(100) },
    );
  });

  it('can be refused in its own terms, whatever it holds or lacks', () => {
    const part = fc.constantFrom(
      '',
      'T',
      '""',
      '|',
      '^',
      '~',
      '&',
      '\\',
      '\\F\\',
      '\\X0D\\',
      'ø',
      '__proto__',
    );
    const line = fc
      .tuple(
        fc.constantFrom('QPD', 'QRD', 'QRF', 'QID', 'RCP', 'DSC', 'ZAB'),
        fc.array(part, { maxLength: 20 }),
      )
      .map(([name, parts]) => [name, ...parts].join('|'));
    let taken = 0;
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 5 }),
        fc.constantFrom('QBP^Q22', 'QRY^A19', 'QCN^J01'),
        fc.constantFrom('AE', 'AR'),
        (lines, type, acknowledgement) => {
          const message = readOrRefused(['MSH|^~\\&|', ...lines].join('\r'));
          if (message === undefined) return;
          taken += 1;
          const [first] = refusalFor(type, message, acknowledgement);
          if (type === 'QCN^J01') expect(first).to.equal(undefined);
          else expect([first?.name, first?.fields[1]]).to.deep.equal(['QAK', [[[acknowledgement]]]]);
        },
      ),
      { numRuns: runs(500) },
    );
    expect(taken).to.be.greaterThan(50);
  });
});

function readOrRefused(text: string): Hl7Message | undefined {
  try {
    return takeIn(Buffer.from(text, 'latin1'), '8859/1').read();
  } catch (error) {
    if (error instanceof RefusedMessage) return undefined;
    throw error;
  }
}
