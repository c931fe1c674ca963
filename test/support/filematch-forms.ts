import type { FileForms } from '../../src/legacy/filematch/jobs/file-forms.js';
import type { Matcher, RowOutcome } from '../../src/legacy/filematch/matching/matcher.js';
import { FileRejected, type InputRow } from '../../src/legacy/filematch/record.js';
import type { Caller } from '../../src/registry/person-registry.js';
import { syntheticNumber } from './synthetic-number.js';

/**
 * The plainest form that a file can have: a first line `TEST`, then a line `reference;kind` for each row. What becomes of a row is
 * what its kind says: `found`, `none`, `bad`, or anything that a test has a mind to.
 */
export const plainForms: FileForms = {
  survey: async (source, sender) => {
    const [first, ...rows] = await linesOf(source);
    if (first !== 'TEST') throw new FileRejected('E011', 'Hodet mangler.');
    return {
      layout: 'plain',
      charset: 'UTF-8',
      header: {
        orgNumber: sender.orgNumber,
        customerRef: sender.customerRef,
        createdAt: '',
        mode: sender.mode,
      },
      rows: rows.length,
    };
  },
  rows: async function* (source) {
    const [, ...rows] = await linesOf(source);
    for (const [index, line] of rows.entries()) yield rowOf(line, index + 1);
  },
  result: (_survey, { jobId, header }) => ({
    opening: () => Buffer.from(`${jobId} ${header.mode}\n`),
    row: ({ ownRef = '', matchStatus = '' }) => ({
      octets: Buffer.from(`${ownRef} ${matchStatus}\n`),
      cut: ownRef.includes('long'),
      replaced: ownRef.includes('odd'),
    }),
    closing: (totals) => Buffer.from(`${JSON.stringify(totals)}\n`),
  }),
  rejects: () => ({
    opening: () => Buffer.from('lineNumber;ownRef;errorCode\n'),
    row: ({ line, ownRef, errorCode }) => Buffer.from(`${line};${ownRef};${errorCode}\n`),
  }),
  describe: () => ({ format: 'csv', formatVersion: '0001', extension: 'csv' }),
};

async function linesOf(source: AsyncIterable<Uint8Array>): Promise<string[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  return text === '' ? [] : text.trimEnd().split('\n');
}

function rowOf(line: string, number: number): InputRow {
  const [ownRef = '', nin = ''] = line.split(';');
  return {
    number,
    line: number + 1,
    ownRef,
    nin,
    dateOfBirth: null,
    surname: '',
    givenName: '',
    middleName: '',
    street: '',
    postalCode: '',
    municipality: '',
    sex: '',
    problem: null,
  };
}

/** A matcher that goes by the kinds of rows, and does what a test says before it answers. */
export class PlainMatcher implements Matcher {
  /** The references that were asked for, call by call. */
  readonly calls: (readonly string[])[] = [];
  readonly callers: Caller[] = [];
  underWay = 0;
  mostUnderWay = 0;
  /** May take its time, or throw. */
  before: (rows: readonly InputRow[], caller: Caller) => Promise<void> | void = () => undefined;

  judge(row: InputRow, isFirst: boolean): RowOutcome | undefined {
    if (!isFirst) return outcome(row, { status: '52', errorCode: 'E009', auditOutcome: 'refused' });
    if (row.nin === 'bad') return outcome(row, { status: '50', errorCode: 'E001', auditOutcome: 'refused' });
    return undefined;
  }

  async match(rows: readonly InputRow[], caller: Caller): Promise<readonly RowOutcome[]> {
    this.calls.push(rows.map(({ ownRef }) => ownRef));
    this.callers.push(caller);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      await this.before(rows, caller);
      return rows.map((row) =>
        outcome(row, row.nin === 'none' ? { status: '40', auditOutcome: 'not-found' } : {}),
      );
    } finally {
      this.underWay -= 1;
    }
  }

  givenUp(
    row: InputRow,
    code: 'E900' | 'E901' | 'E902',
    auditOutcome: RowOutcome['auditOutcome'],
  ): RowOutcome {
    return outcome(row, { status: '90', errorCode: code, auditOutcome });
  }
}

function outcome(row: InputRow, different: Partial<RowOutcome>): RowOutcome {
  const { status = '11' } = different;
  return {
    status,
    changeMask: status === '11' ? '010000000000' : '000000000000',
    errorCode: null,
    told: { ownRef: row.ownRef, matchStatus: status },
    // Different for each row, so that the audit trail tells them apart.
    subject: syntheticNumber(row.number),
    auditOutcome: 'found',
    ...different,
  };
}
