import { expect } from 'chai';
import { AuditUnavailable } from '../../src/errors/errors.js';
import { watchAudit } from '../../src/operations/audit-check.js';

const error = new AuditUnavailable('the disk is full');

describe('the health check of the audit trail', () => {
  it('is well while entries are written and the trail ends as it was left', () => {
    expect(watchAudit({ endTrouble: () => undefined }).check()).to.deep.equal({ status: 'ok' });
  });

  it('warns while entries could not be written, and says what becomes of answers', () => {
    const { listener, check } = watchAudit({ endTrouble: () => undefined });
    listener('auditUnwritable', { error, withheld: true });
    expect(check()).to.include({ status: 'warning' });
    expect(check().reason).to.contain('answers are withheld');
    listener('auditUnwritable', { error, withheld: false });
    expect(check().reason).to.contain('answers leave without them');
    listener('auditWritable', { late: 1, lost: 0 });
    expect(check()).to.deep.equal({ status: 'ok' });
  });

  it('warns of an end that is not as it was left, or cannot be read', () => {
    const changed = watchAudit({ endTrouble: () => 'the last entry of the audit trail was changed' });
    expect(changed.check()).to.deep.equal({
      status: 'warning',
      reason: 'the last entry of the audit trail was changed',
      causes: ['end'],
    });
    changed.listener('auditUnwritable', { error, withheld: true });
    expect(changed.check().reason).to.match(/^audit entries could not be written.*; the last entry/);
    expect(changed.check().causes).to.deep.equal(['unwritable', 'end']);
    const unreadable = watchAudit({
      endTrouble: () => {
        throw new Error('closed');
      },
    });
    expect(unreadable.check(), 'nothing is said of the causes').to.deep.equal({
      status: 'warning',
      reason: 'the end of the audit trail cannot be read',
    });
  });
});
