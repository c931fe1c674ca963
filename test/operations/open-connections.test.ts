import { Socket } from 'node:net';
import { expect } from 'chai';
import {
  OpenConnections,
  type ConnectionLimits,
  type Origin,
} from '../../src/operations/open-connections.js';
import { ManualClock } from '../support/manual-clock.js';
import { RecordedEvents } from '../support/recorded-events.js';

describe('the connections of a listener', () => {
  let events: RecordedEvents;
  let clock: ManualClock;
  let connections: OpenConnections;
  let sockets: Map<string, Socket>;

  function limited(limits: ConnectionLimits): void {
    connections = new OpenConnections({ listener: 'legacy', ...limits, events, clock });
  }

  beforeEach(() => {
    events = new RecordedEvents();
    clock = new ManualClock();
    sockets = new Map();
    limited({ maxConnections: 4 });
  });

  /** Opens connections, whose names begin with where they come from. */
  function open(names: string, origin: Partial<Origin> = {}): void {
    for (const name of names.split(' ')) {
      const [network = ''] = name;
      const socket = new Socket();
      sockets.set(name, socket);
      connections.take(name, socket, {
        remoteAddress: network,
        network,
        isExpected: true,
        isProxy: false,
        ...origin,
      });
    }
  }

  const closed = (): string =>
    [...sockets]
      .filter(([, { destroyed }]) => destroyed)
      .map(([name]) => name)
      .join(' ');

  /** Until sockets have told that they are closed. */
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  const reasons = (): readonly string[] => events.of.connectionsTurnedAway.map(({ reason }) => reason);

  it('are taken up to the limit, and again once one is over', async () => {
    open('a1 b1 c1 d1 e1');
    expect(closed()).to.equal('e1');
    expect(reasons()).to.deep.equal(['too-many']);
    sockets.get('a1')?.destroy();
    await turn();
    open('e2');
    expect(closed()).to.equal('a1 e1');
  });

  it('of whoever has most give way to who has fewer, the longest idle one first', () => {
    open('a1 a2 a3 b1 c1');
    expect(closed()).to.equal('a1');
    expect(reasons()).to.deep.equal(['gave-way']);
  });

  it('never give way while something is under way on them', () => {
    open('a1 a2 a3 a4');
    connections.begin('a1');
    connections.begin('a2');
    connections.begin('a2');
    connections.end('a2');
    open('b1');
    expect(closed()).to.equal('a3');
    connections.begin('a4');
    open('c1');
    expect(closed()).to.equal('a3 c1');
  });

  it('count as idle from their last answer on', () => {
    open('a1 a2 a3 a4');
    connections.begin('a1');
    connections.end('a1');
    open('b1');
    expect(closed()).to.equal('a2');
  });

  it('do not go to and fro between two who have as many', () => {
    open('a1 a2 b1 b2');
    open('a3');
    expect(closed()).to.equal('a3');
    open('c1');
    expect(closed()).to.equal('a1 a3');
    open('b3');
    expect(closed()).to.equal('a1 a3 b3');
  });

  it('of a proxy, which brings those of many, neither give way nor have a limit of their own', () => {
    limited({ maxConnections: 4, maxConnectionsPerAddress: 2 });
    open('p1 p2 p3', { isProxy: true });
    open('a1 a2');
    expect(closed()).to.equal('a2');
  });

  it('from one address have a limit of their own, where there is one', () => {
    limited({ maxConnections: 4, maxConnectionsPerAddress: 2 });
    open('a1 a2 a3 b1');
    expect(closed()).to.equal('a3');
    expect(reasons()).to.deep.equal(['too-many-of-address']);
  });

  it('from where nobody is expected are closed at once', () => {
    open('a1', { isExpected: false });
    expect(closed()).to.equal('a1');
    expect(reasons()).to.deep.equal(['unknown-address']);
  });

  it('are told of once in a minute for each reason', () => {
    open('a1 b1 c1 d1 e1 f1 g1');
    expect(events.of.connectionsTurnedAway.map(({ count }) => count)).to.deep.equal([1]);
    clock.advance(60_001);
    open('h1');
    expect(events.of.connectionsTurnedAway.at(-1)).to.deep.equal({
      listener: 'legacy',
      remoteAddress: 'h',
      reason: 'too-many',
      count: 3,
    });
  });
});
