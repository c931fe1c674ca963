import { expect } from 'chai';
import fc from 'fast-check';
import { FairQueue, type Place } from '../../../src/registry/persontjenesten/calls/fair-queue.js';
import { runs } from '../../support/long-runs.js';

describe('a fair queue', () => {
  it('serves clients in turns, and each in its own order', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) queue.push(item.charAt(0), item);
    const order = Array.from({ length: 6 }, () => queue.shift());
    expect(order).to.deep.equal(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    expect(queue.shift()).to.equal(undefined);
  });

  it('gives who comes back the last place, not a second turn', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a1', 'b1', 'b2']) queue.push(item.charAt(0), item);
    expect(queue.shift()).to.equal('a1');
    queue.push('a', 'a2');
    expect([queue.shift(), queue.shift(), queue.shift()]).to.deep.equal(['b1', 'a2', 'b2']);
  });

  it('knows of whom most wait, and who came last', () => {
    const queue = new FairQueue<string>();
    expect(queue.longest).to.equal(undefined);
    for (const item of ['a1', 'b1', 'b2', 'c1']) queue.push(item.charAt(0), item);
    expect(queue.longest).to.deep.equal({ clientId: 'b', length: 2 });
    expect(queue.newestOf('b')?.item).to.equal('b2');
    expect(queue.newestOf('z')).to.equal(undefined);
    expect([queue.lengthOf('b'), queue.lengthOf('z')]).to.deep.equal([2, 0]);
  });

  it('takes a place out once', () => {
    const queue = new FairQueue<string>();
    const place = queue.push('a', 'a1');
    expect(queue.remove(place)).to.equal(true);
    expect(queue.remove(place)).to.equal(false);
    queue.push('a', 'a2');
    expect(queue.remove(place), 'with others of the client in the queue').to.equal(false);
    expect(queue.size).to.equal(1);
  });

  type Step =
    | { readonly do: 'push'; readonly client: string }
    | { readonly do: 'shift' }
    | { readonly do: 'remove'; readonly which: number };
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('push' as const), client: fc.constantFrom('a', 'b', 'c') }),
    },
    { weight: 2, arbitrary: fc.constant({ do: 'shift' as const }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), which: fc.nat(20) }) },
  );

  it('agrees with lists, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new FairQueue<number>();
        const ring: { readonly client: string; readonly items: number[] }[] = [];
        const places: Place<number>[] = [];
        for (const [index, one] of steps.entries()) {
          if (one.do === 'push') {
            places.push(queue.push(one.client, index));
            const known = ring.find(({ client }) => client === one.client);
            if (known === undefined) ring.push({ client: one.client, items: [index] });
            else known.items.push(index);
          } else if (one.do === 'shift') {
            const next = ring.shift();
            expect(queue.shift()).to.equal(next?.items.shift());
            if (next !== undefined && next.items.length > 0) ring.push(next);
          } else {
            const place = places[one.which];
            if (place === undefined) continue;
            const owner = ring.find(({ items }) => items.includes(place.item));
            expect(queue.remove(place)).to.equal(owner !== undefined);
            owner?.items.splice(owner.items.indexOf(place.item), 1);
            if (owner?.items.length === 0) ring.splice(ring.indexOf(owner), 1);
          }
          expect(queue.size).to.equal(ring.flatMap(({ items }) => items).length);
          expect(queue.places.map(({ item }) => item)).to.deep.equal(ring.flatMap(({ items }) => items));
          expect(queue.longest?.length ?? 0).to.equal(Math.max(0, ...ring.map(({ items }) => items.length)));
          for (const { client, items } of ring) expect(queue.newestOf(client)?.item).to.equal(items.at(-1));
        }
      }),
      { numRuns: runs(300) },
    );
  });
});
