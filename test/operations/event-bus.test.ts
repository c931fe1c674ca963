import { expect } from 'chai';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from '../support/counted-random.js';
import { createEventBus } from '../../src/operations/event-bus.js';
import { silentLogger, type Logger } from '../../src/operations/logger.js';
import { logFixture } from './log-fixture.js';

const correlationId = newCorrelationId(new CountedRandom());

describe('the event bus', () => {
  it('tells every listener, in the order in which they came', () => {
    const bus = createEventBus(silentLogger);
    const heard: unknown[] = [];
    bus.subscribe((name, event) => heard.push(['first', name, event]));
    bus.subscribe((name, event) => heard.push(['second', name, event]));
    const event = { correlationId, row: 'MaritalStatus', value: 'New' };
    bus.emit('unmappedValue', event);
    expect(heard).to.deep.equal([
      ['first', 'unmappedValue', event],
      ['second', 'unmappedValue', event],
    ]);
  });

  it('tells a listener nothing after it left, and the same listener twice if it came twice', () => {
    const bus = createEventBus(silentLogger);
    let heard = 0;
    const listener = (): void => {
      heard += 1;
    };
    const leave = bus.subscribe(listener);
    bus.subscribe(listener);
    bus.emit('valueCut', { correlationId, row: 'r' });
    leave();
    leave();
    bus.emit('valueCut', { correlationId, row: 'r' });
    expect(heard).to.equal(3);
  });

  it('lets listeners come and go while an event is handed round', () => {
    const bus = createEventBus(silentLogger);
    const heard: string[] = [];
    const leave = bus.subscribe(() => {
      heard.push('a');
      leave();
      bus.subscribe(() => heard.push('late'));
    });
    bus.subscribe(() => heard.push('b'));
    bus.emit('valueCut', { correlationId, row: 'r' });
    expect(heard).to.deep.equal(['a', 'b']);
  });

  it('keeps what a listener throws from the emitter and from the others, and reports it', async () => {
    const log = logFixture();
    const bus = createEventBus(log.logger);
    let heard = 0;
    bus.subscribe(() => {
      throw new TypeError('broken listener');
    });
    bus.subscribe(() => {
      heard += 1;
    });
    bus.emit('valueCut', { correlationId, row: 'r' });
    expect(heard).to.equal(1);
    const [record] = await log.records();
    expect(record).to.include({ level: 'error', message: 'a listener failed', event: 'valueCut' });
    expect(JSON.stringify(record)).to.include('broken listener');
  });

  it('keeps quiet when even the logger throws', () => {
    const broken: Logger = {
      ...silentLogger,
      error: () => {
        throw new Error('no log');
      },
    };
    const bus = createEventBus(broken);
    bus.subscribe(() => {
      throw new Error('no listener');
    });
    expect(() => {
      bus.emit('valueCut', { correlationId, row: 'r' });
    }).not.to.throw();
  });
});
