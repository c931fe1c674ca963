import { expect } from 'chai';
import { isUlid, madeAt, newUlid } from '../../../../src/legacy/filematch/jobs/ulid.js';
import { ManualClock } from '../../../support/manual-clock.js';

const random = (octet: number) => ({
  uuid: () => '',
  bytes: (length: number) => new Uint8Array(length).fill(octet),
});

describe('the id of a Filematch job', () => {
  it('is a ULID of its time and of chance', () => {
    // The example of the specification: 01ARYZ6S41 is 1469918176385.
    const clock = new ManualClock('2016-07-30T22:36:16.385Z');
    expect(newUlid(clock, random(0))).to.equal('01ARYZ6S410000000000000000');
    expect(newUlid(clock, random(255))).to.equal('01ARYZ6S41ZZZZZZZZZZZZZZZZ');
  });

  it('sorts by time', () => {
    const clock = new ManualClock();
    const ids = Array.from({ length: 50 }, () => {
      clock.advance(977);
      return newUlid(clock, random(clock.now().getTime() % 256));
    });
    expect([...ids].sort()).to.deep.equal(ids);
    expect(ids.every(isUlid)).to.equal(true);
  });

  it('tells when it was made', () => {
    const clock = new ManualClock('2026-03-01T12:34:56.789Z');
    expect(madeAt(newUlid(clock, random(7)))).to.deep.equal(clock.now());
  });

  it('is told from what is none', () => {
    for (const text of [
      '',
      '01ARYZ6S41TSV4RRFFQ69G5FA',
      '01ARYZ6S41TSV4RRFFQ69G5FAVV',
      '81ARYZ6S41TSV4RRFFQ69G5FAV',
      '01ARYZ6S41TSV4RRFFQ69G5FAU',
      '01aryz6s41tsv4rrffq69g5fav',
      '../../../../../etc/passwd0',
    ]) {
      expect(isUlid(text), text).to.equal(false);
    }
  });
});
