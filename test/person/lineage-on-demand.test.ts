import { expect } from 'chai';
import type { Lineage } from '../../src/person/lineage.js';
import { blanksIn, LineageOnDemand } from '../../src/person/lineage-on-demand.js';

const told: Lineage = new Map([
  ['sn', { row: 'sn', sources: ['name[0].familyName'] }],
  ['givenName', { row: 'givenName', sources: [], blank: 'not delivered' }],
]);

describe('a lineage on demand', () => {
  it('is put together once, and not before somebody looks into it', () => {
    let times = 0;
    const lineage = new LineageOnDemand(() => {
      times += 1;
      return told;
    });
    expect(times).to.equal(0);
    expect(lineage.size).to.equal(2);
    expect(lineage.get('sn')).to.deep.equal({ row: 'sn', sources: ['name[0].familyName'] });
    expect(times).to.equal(1);
  });

  it('is read like any other map', () => {
    const lineage = new LineageOnDemand(() => told);
    expect([...lineage]).to.deep.equal([...told]);
    expect([...lineage.entries()]).to.deep.equal([...told]);
    expect([...lineage.keys()]).to.deep.equal(['sn', 'givenName']);
    expect([...lineage.values()]).to.deep.equal([...told.values()]);
    expect([lineage.has('sn'), lineage.has('st'), lineage.get('st')]).to.deep.equal([true, false, undefined]);
    const visited: unknown[] = [];
    lineage.forEach((origin, place) => visited.push([place, origin]));
    expect(visited).to.deep.equal([...told]);
  });

  it('tells the blank fields without the rest where it can, and the same as any lineage', () => {
    const blanks = [{ field: 'givenName', reason: 'not delivered' }];
    const unread = (): never => {
      throw new Error('put together');
    };
    expect(blanksIn(new LineageOnDemand(unread, () => blanks))).to.equal(blanks);
    expect(blanksIn(new LineageOnDemand(() => told))).to.deep.equal(blanks);
    expect(blanksIn(told)).to.deep.equal(blanks);
  });

  it('equals a map that tells the same and no other', () => {
    const lineage = new LineageOnDemand(() => told);
    expect(lineage).to.deep.equal(told);
    expect(lineage).to.deep.equal(new LineageOnDemand(() => new Map(told)));
    expect(lineage).to.not.deep.equal(new LineageOnDemand(() => new Map()));
    expect(lineage).to.not.deep.equal(new Map([...told].slice(1)));
  });
});
