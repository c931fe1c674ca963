import { expect } from 'chai';
import { diskCheck } from '../../src/operations/disk-check.js';

const MEBIBYTE = 1024 * 1024;

describe('the health check of the disk', () => {
  for (const [mebibytes, status] of [
    [0, 'failed'],
    [63, 'failed'],
    [64, 'warning'],
    [1_023, 'warning'],
    [1_024, 'ok'],
    [Number.POSITIVE_INFINITY, 'ok'],
  ] as const) {
    it(`(QUALITY 61) is ${status} with ${mebibytes} MiB left`, () => {
      const { status: found, reason } = diskCheck(() => mebibytes * MEBIBYTE)();
      expect(found).to.equal(status);
      if (found !== 'ok') expect(reason).to.equal(`${mebibytes} MiB left on the disk of data.directory`);
    });
  }

  it('has failed when the disk does not tell', () => {
    const check = diskCheck(() => {
      throw new Error('EIO');
    });
    expect(check()).to.include({ status: 'failed' });
  });
});
