import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { admissionLines } from '../../src/operations/admission-lines.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from '../support/counted-random.js';

const documented = readFileSync(path.resolve(import.meta.dirname, '../../../docs/log.md'), 'utf8').split(
  '\n',
);
const correlationId = newCorrelationId(new CountedRandom());

describe('lines of who is let in', () => {
  const lines = [
    admissionLines.requestsRefused({
      correlationId,
      count: 7,
      milliseconds: 10_049,
      protocols: [
        { protocol: 'hl7v3', refused: 6 },
        { protocol: null, refused: 1 },
      ],
      noPlace: 3,
      longWait: 4,
      callers: 2,
      busiest: '192.0.2.1',
    }),
    admissionLines.requestsCameLate({ count: 5 }),
    admissionLines.refusalsRepeated({
      correlationId,
      clientId: 'epj',
      protocol: 'hl7v3',
      operation: 'GetDemographics',
      outcome: 'rate-limited',
      remoteAddress: '192.0.2.1',
      count: 41,
      milliseconds: 59_940,
    }),
  ];

  it('are documented, each with its level', () => {
    for (const { message, level } of lines) {
      const row = documented.find((one) => one.startsWith(`| ${message} | admission |`)) ?? '';
      expect(row, message).to.match(new RegExp(`\\| admission \\| [^|]*\`${level}\``));
    }
    expect(lines).to.have.length(Object.keys(admissionLines).length);
  });

  it('tell of refusals by protocol, in seconds', () => {
    expect(lines[0]?.fields).to.include({ correlationId, count: 7, seconds: 10, busiest: '192.0.2.1' });
    expect(lines[0]?.fields['protocols']).to.deep.equal(['hl7v3 6', 'none 1']);
  });

  it('tell of repeated refusals who was refused, how often, and within which time', () => {
    expect(lines[2]?.fields).to.include({
      clientId: 'epj',
      outcome: 'rate-limited',
      count: 41,
      seconds: 59.9,
    });
  });
});
