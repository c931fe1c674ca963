import { expect } from 'chai';
import type { FaultRow } from '../../src/legacy/soap/fault-table.js';
import type { AskedBy, Seen } from './fault-bench.js';

/** The fault of the table, secured, with the correlation id that the audit trail has, and nothing that looks like an answer. */
export function expectFault({ status, body, correlationId }: Seen, row: FaultRow): void {
  expect(status, body).to.equal(500);
  expect(body).to.include(row.text);
  expect(body).to.include(`Correlation id: ${correlationId}.`);
  expect(body).to.match(/<[a-z]+:Fault>/);
  expect(body, 'secured').to.match(/<[a-z]+:Security [^>]*mustUnderstand/);
  for (const sign of ['acknowledgement', 'queryAck', 'GetPersonResult', 'identifiedPerson']) {
    expect(body).to.not.include(sign);
  }
}

/** Whether the answer is about the person with that number. */
export function personTold(protocol: AskedBy, body: string, number: string): boolean {
  const told =
    protocol === 'hl7v3'
      ? /<identifiedPerson classCode="IDENT"><id root="[0-9.]+" extension="([0-9]+)"/.exec(body)?.[1]
      : /<(?:[a-z]+:)?NIN>([0-9]+)</.exec(body)?.[1];
  return told === number;
}
