import { expect } from 'chai';
import { Throughput } from '../../../src/cli/filematch/throughput.js';

describe('throughput of a job', () => {
  it('is not known before two counts', () => {
    const throughput = new Throughput();
    expect(throughput.at(0)).to.equal(undefined);
    throughput.note(0, 500);
    expect(throughput.at(1_000)).to.equal(undefined);
  });

  it('counts from the first count, so that rows of an earlier process do not count', () => {
    const throughput = new Throughput();
    throughput.note(0, 500_000);
    throughput.note(2_000, 500_200);
    expect(throughput.at(2_000)).to.equal(100);
  });

  it('falls while nothing is done', () => {
    const throughput = new Throughput();
    throughput.note(0, 0);
    throughput.note(1_000, 100);
    throughput.note(4_000, 100);
    expect(throughput.at(4_000)).to.equal(25);
  });

  it('forgets what was more than half a minute ago', () => {
    const throughput = new Throughput();
    throughput.note(0, 0);
    throughput.note(1_000, 10_000);
    for (let second = 2; second <= 60; second += 1) throughput.note(second * 1_000, 10_000 + second * 10);
    expect(throughput.at(60_000)).to.be.closeTo(10, 0.5);
  });

  it('begins anew when it is told to, and when rows are done again', () => {
    const throughput = new Throughput();
    throughput.note(0, 0);
    throughput.note(1_000, 100);
    throughput.forget();
    expect(throughput.at(1_000)).to.equal(undefined);
    throughput.note(2_000, 100);
    throughput.note(3_000, 50);
    expect(throughput.at(3_000)).to.equal(undefined);
  });
});
