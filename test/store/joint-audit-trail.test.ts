import { expect } from 'chai';
import { AuditUnavailable } from '../../src/errors/errors.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import { JointAuditTrail } from '../../src/store/joint-audit-trail.js';
import { rejectionOf } from '../support/rejection.js';
import { auditEntry } from './store-fixture.js';

/** Remembers what was written in one go, and refuses entries of clients by the name of `unwritable`. */
class Writer {
  readonly written: (readonly AuditEntry[])[] = [];

  record(entries: readonly AuditEntry[]): void {
    if (entries.some(({ clientId }) => clientId === 'unwritable')) throw new AuditUnavailable('not written');
    this.written.push(entries);
  }
}

describe('audit entries of several requests', () => {
  const one = auditEntry();
  const two = [auditEntry(), auditEntry()] as const;

  it('are written in one go when they come in one turn of the event loop, in order', async () => {
    const writer = new Writer();
    const trail = new JointAuditTrail(writer);
    await Promise.all([trail.record([one]), Promise.resolve().then(() => trail.record(two))]);
    expect(writer.written).to.deep.equal([[one, ...two]]);
  });

  it('are written when nobody else comes, and again later', async () => {
    const writer = new Writer();
    const trail = new JointAuditTrail(writer);
    await trail.record([one]);
    expect(writer.written).to.deep.equal([[one]]);
    await trail.record(two);
    expect(writer.written).to.deep.equal([[one], two]);
  });

  it('are there before anybody is told so', async () => {
    const writer = new Writer();
    const trail = new JointAuditTrail(writer);
    const told: number[] = [];
    const tell = (): void => void told.push(writer.written.length);
    const waiting = [trail.record([one]).then(tell), trail.record(two).then(tell)];
    await Promise.resolve();
    expect(told).to.deep.equal([]);
    await Promise.all(waiting);
    expect(told).to.deep.equal([1, 1]);
  });

  it('are refused with the reason, the others being written', async () => {
    const writer = new Writer();
    const trail = new JointAuditTrail(writer);
    const [before, refused, after] = await Promise.all([
      trail.record([one]).then(() => 'written'),
      rejectionOf(trail.record([auditEntry(), auditEntry({ clientId: 'unwritable' })])),
      trail.record(two).then(() => 'written'),
    ]);
    expect([before, after]).to.deep.equal(['written', 'written']);
    expect(refused).to.be.instanceOf(AuditUnavailable);
    expect(writer.written).to.deep.equal([[one], two]);
    expect(await rejectionOf(trail.record([auditEntry({ clientId: 'unwritable' })]))).to.be.instanceOf(
      AuditUnavailable,
    );
  });
});
