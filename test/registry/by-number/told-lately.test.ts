import { expect } from 'chai';
import { namesOf } from '../../../src/registry/persontjenesten/by-number/kept-documents.js';
import { ToldLately } from '../../../src/registry/persontjenesten/by-number/told-lately.js';

const WHILE = 60_000;
const HOUR = 3_600_000;

describe('whom events told of lately', () => {
  const names = namesOf({ personId: 'p1', nin: null });
  const others = namesOf({ personId: 'p2', nin: null });
  const p1 = { personId: 'p1', nin: null };

  it('is remembered for a while, and nobody else', () => {
    const lately = new ToldLately(WHILE);
    lately.add([p1], 0);
    expect(lately.mayBeOld(names, WHILE - 1, WHILE - 1)).to.equal(true);
    expect(lately.mayBeOld(names, WHILE, WHILE)).to.equal(false);
    expect(lately.mayBeOld(others, 1, 1)).to.equal(false);
  });

  it('counts from the last time', () => {
    const lately = new ToldLately(WHILE);
    lately.add([p1], 0);
    lately.add([p1], WHILE);
    expect(lately.mayBeOld(names, WHILE, WHILE + 1)).to.equal(true);
  });

  it('is everybody where it is not known who, and where there are too many to remember', () => {
    const anybody = new ToldLately(WHILE);
    anybody.addEverybody(0);
    expect(anybody.mayBeOld(others, 1, 1)).to.equal(true);
    expect(anybody.mayBeOld(others, WHILE, WHILE)).to.equal(false);
    const many = new ToldLately(WHILE);
    many.add(
      Array.from({ length: 20_001 }, (_, index) => ({ personId: `q${index}`, nin: null })),
      0,
    );
    expect(many.mayBeOld(others, 1, 1)).to.equal(true);
  });

  it('cannot be told of what took longer, or was asked for ahead of now', () => {
    const lately = new ToldLately(WHILE);
    expect(lately.mayBeOld(names, 0, WHILE)).to.equal(true);
    expect(lately.mayBeOld(names, 2, 1)).to.equal(true);
  });

  it('is everybody for a little while from when the clock was set back, and no longer', () => {
    const lately = new ToldLately(WHILE);
    lately.addEverybody(HOUR);
    expect(lately.mayBeOld(others, 1, 1)).to.equal(true);
    expect(lately.mayBeOld(others, WHILE, WHILE)).to.equal(true);
    expect(lately.mayBeOld(others, WHILE + 1, WHILE + 1)).to.equal(false);
  });
});
