import { expect } from 'chai';
import { AuditUnavailable } from '../../src/errors/errors.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import { putOnRecord, type RequestRecord } from '../../src/operations/on-record.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from '../support/counted-random.js';
import { auditInto } from '../support/recorded-audit.js';
import { rejectionOf } from '../support/rejection.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const request: RequestRecord = {
  at: new Date('2025-03-01T12:00:00Z'),
  correlationId: newCorrelationId(new CountedRandom()),
  clientId: 'epj',
  protocol: 'hl7v2',
  operation: 'QBP^Q22',
  outcome: 'found',
  keptSource: null,
  detail: { remoteAddress: '192.0.2.7' },
};

describe('putting a request on record', () => {
  it('leaves an entry for each number, and one where there is none', async () => {
    const entries: AuditEntry[] = [];
    const audit = auditInto(entries);
    const subjects = [syntheticNumber(0), syntheticNumber(1)];
    await putOnRecord(audit, { ...request, subjects });
    await putOnRecord(audit, { ...request, subjects: [] });
    await putOnRecord(audit, request);
    expect(entries).to.deep.equal([...subjects, null, null].map((subject) => ({ ...request, subject })));
  });

  it('fails for want of an audit trail, whatever goes wrong with it', async () => {
    const known = new AuditUnavailable('the disk is full');
    const foreign = new TypeError('a fault');
    const failing = (error: Error): Promise<unknown> =>
      rejectionOf(putOnRecord({ record: () => Promise.reject(error) }, request));
    expect(await failing(known)).to.equal(known);
    expect(await failing(foreign))
      .to.be.instanceOf(AuditUnavailable)
      .with.property('cause', foreign);
  });
});
