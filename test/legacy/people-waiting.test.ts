import { expect } from 'chai';
import type { FrontDoor, LegacyHttpRequest, LegacyHttpResponse } from '../../src/legacy/http.js';
import { PeopleWaiting } from '../../src/legacy/people-waiting.js';
import { ManualClock } from '../support/manual-clock.js';
import { rejectionOf } from '../support/rejection.js';

/** How the answer at hand ends. */
interface Settling {
  resolve: (response: LegacyHttpResponse) => void;
  reject: (error: Error) => void;
}

describe('people who wait for answers', () => {
  const request: LegacyHttpRequest = {
    method: 'POST',
    path: '/service',
    query: '',
    headers: {},
    body: new Uint8Array(),
    remoteAddress: '127.0.0.1',
    signal: new AbortController().signal,
  };

  function opened(): {
    readonly clock: ManualClock;
    readonly people: PeopleWaiting;
    readonly door: FrontDoor;
    readonly settle: Settling;
  } {
    const clock = new ManualClock('2026-03-01T12:00:00Z');
    const people = new PeopleWaiting(clock);
    const settle: Settling = { resolve: () => undefined, reject: () => undefined };
    const door = people.at({
      paths: ['/service'],
      answer: () =>
        new Promise((resolve, reject) => {
          settle.resolve = resolve;
          settle.reject = reject;
        }),
    });
    return { clock, people, door, settle };
  }

  it('are there from their request until a second after their answer', async () => {
    const { clock, people, door, settle } = opened();
    expect(people.somebody).to.equal(false);
    const answer = door.answer(request);
    expect(people.somebody).to.equal(true);
    clock.advance(60_000);
    expect(people.somebody).to.equal(true);
    settle.resolve({ status: 200, headers: {}, body: 'answer' });
    expect((await answer).body).to.equal('answer');
    clock.advance(999);
    expect(people.somebody).to.equal(true);
    clock.advance(1);
    expect(people.somebody).to.equal(false);
  });

  it('are gone as well when their answer could not be given', async () => {
    const { clock, people, door, settle } = opened();
    const answer = rejectionOf(door.answer(request));
    settle.reject(new Error('no answer'));
    expect(await answer).to.have.property('message', 'no answer');
    clock.advance(1_000);
    expect(people.somebody).to.equal(false);
  });

  it('are not said to be there for an hour when the clock is set back', async () => {
    const { clock, people, door, settle } = opened();
    const answer = door.answer(request);
    settle.resolve({ status: 200, headers: {}, body: '' });
    await answer;
    clock.advance(-3_600_000);
    expect(people.somebody).to.equal(false);
  });

  it('wait for other answers than those of doors, too', async () => {
    const { clock, people } = opened();
    let answer: (text: string) => void = () => undefined;
    const waiting = people.during(
      () =>
        new Promise<string>((resolve) => {
          answer = resolve;
        }),
    );
    clock.advance(60_000);
    expect(people.somebody).to.equal(true);
    answer('answer');
    expect(await waiting).to.equal('answer');
    expect(people.somebody).to.equal(true);
    clock.advance(1_000);
    expect(people.somebody).to.equal(false);
  });
});
