import { expect } from 'chai';
import { UpstreamUnavailable } from '../../../src/errors/errors.js';
import type { AdapterEvents } from '../../../src/operations/events.js';
import { traceText, writtenTrace } from '../../../src/operations/traces/trace-text.js';
import { Traces } from '../../../src/operations/traces/traces.js';
import { newCorrelationId, type CorrelationId } from '../../../src/runtime/correlation.js';
import { CountedRandom } from '../../support/counted-random.js';
import { ManualClock } from '../../support/manual-clock.js';
import { everyEvent } from '../metrics/every-event.js';

describe('traces', () => {
  let clock: ManualClock;
  let traces: Traces;
  let random: CountedRandom;

  beforeEach(() => {
    clock = new ManualClock('2026-03-01T12:00:00Z');
    traces = new Traces(3, clock);
    random = new CountedRandom();
  });

  const id = (): CorrelationId => newCorrelationId(random);

  function called(correlationId: CorrelationId, change: Partial<AdapterEvents['upstreamCalled']> = {}): void {
    traces.listener('upstreamCalled', {
      correlationId,
      operation: 'get-by-nin',
      httpStatus: 200,
      milliseconds: 35,
      reusedConnection: true,
      ...change,
    });
  }

  function answered(
    correlationId: CorrelationId,
    change: Partial<AdapterEvents['requestAnswered']> = {},
  ): void {
    traces.listener('requestAnswered', {
      correlationId,
      clientId: 'epj',
      protocol: 'hl7v3',
      operation: 'GetDemographics',
      outcome: 'found',
      httpStatus: 200,
      milliseconds: 41,
      ...change,
    });
  }

  function text(correlationId: CorrelationId): string {
    const trace = traces.of(correlationId);
    return trace === undefined ? 'nothing' : traceText(writtenTrace(trace));
  }

  it('tell the steps of a request in their order, with the time since it came', () => {
    const one = id();
    clock.advance(38);
    called(one);
    traces.listener('registersAsked', {
      correlationId: one,
      clientId: 'epj',
      question: 'lookup',
      outcome: 'found',
      people: 1,
      answeredBy: { route: 'shadow-preg', source: 'persontjenesten' },
      kept: null,
      milliseconds: 37,
      blanks: [{ field: 'middleName', reason: 'nothing in the document' }],
    });
    clock.advance(3);
    answered(one);
    expect(text(one).split('\n')).to.deep.equal([
      `Request ${one}`,
      'epj asked GetDemographics by hl7v3 and was answered: found, after 41 ms, at 2026-03-01T12:00:00.041Z.',
      '',
      '     38 ms  Persontjenesten was called (get-by-nin): HTTP 200 in 35 ms, over a kept connection',
      '     38 ms  the registers were asked (lookup): 1 person in 37 ms; answered by persontjenesten on the route shadow-preg; 1 field blank',
      '              middleName: nothing in the document',
      '     41 ms  answered: found, HTTP 200, after 41 ms',
      '',
    ]);
  });

  it('tell what went wrong, with the hint of the error catalogue', () => {
    const one = id();
    const error = new UpstreamUnavailable('down');
    called(one, { httpStatus: null });
    answered(one, { outcome: error.code, httpStatus: 500, error });
    expect(text(one)).to.contain('no answer in 35 ms').and.to.contain('upstream-unavailable: down');
    expect(text(one)).to.contain(error.description.hint);
  });

  it('tell of a call that was made for several with each of them', () => {
    const [call, one, other] = [id(), id(), id()];
    for (const asker of [one, other]) {
      traces.listener('lookupShared', { correlationId: asker, callCorrelationId: call, people: 2 });
    }
    called(call, { operation: 'bulk-by-nin' });
    answered(one);
    answered(other);
    for (const asker of [one, other]) {
      expect(text(asker)).to.contain('the answer came of a call that was made for 2 people');
      expect(text(asker))
        .to.contain(`The call ${call}, which was made for several:`)
        .and.to.contain('bulk-by-nin');
    }
    expect(text(call)).to.contain('which is not answered, or was made for several');
  });

  it('go on with what comes after the answer, such as a comparison', () => {
    const one = id();
    answered(one);
    traces.listener('comparisonFailed', { correlationId: one, error: new UpstreamUnavailable('odd') });
    expect(traces.of(one)?.steps).to.have.length(2);
    expect(traces.latest(10)).to.have.length(1);
  });

  it('remember the last requests and forget older ones', () => {
    const all = [id(), id(), id(), id()];
    for (const one of all) answered(one);
    const [first, ...others] = all;
    expect(first && traces.of(first)).to.equal(undefined);
    expect(traces.latest(10).map(({ correlationId }) => correlationId)).to.deep.equal([...others].reverse());
    expect(traces.latest(1)).to.have.length(1);
  });

  it('do not grow with requests that are never answered, nor with a request of many steps', () => {
    for (let count = 0; count < 5_000; count += 1) called(id());
    const one = id();
    for (let count = 0; count < 1_000; count += 1) called(one);
    answered(one);
    expect(traces.of(one)?.steps).to.have.length(100);
    expect(traces.of(one)?.leftOut).to.equal(901);
    expect(text(one)).to.contain('and 901 more steps, which were not kept');
    expect(traces.latest(10)).to.have.length(1);
  });

  it('pass over what the adapter does of its own accord', () => {
    const one = id();
    traces.listener('eventsRead', { correlationId: one, events: 1, unknownTypes: 0 });
    traces.listener('registerProbed', {
      correlationId: one,
      scope: 's',
      organisation: { parent: '1' },
      milliseconds: 1,
    });
    traces.listener('breakerChanged', { state: 'open', retryInSeconds: 3 });
    expect(traces.of(one)).to.equal(undefined);
  });

  it('hold no number and no token, whatever an event is given', () => {
    const number = '15908832970';
    const events = everyEvent(number);
    for (const name of Object.keys(events))
      if (isEventName(events, name)) traces.listener(name, events[name]);
    const told = JSON.stringify(traces.of(events.requestAnswered.correlationId)?.steps);
    expect(told).to.contain('[number]').and.to.not.contain(number);
    expect(told).to.contain('answered: store-failed');
  });
});

function isEventName(events: AdapterEvents, name: string): name is keyof AdapterEvents {
  return Object.hasOwn(events, name);
}
