import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import {
  InternalError,
  TokenRefused,
  UpstreamForbidden,
  UpstreamInvalidAnswer,
  UpstreamRejected,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../../../src/errors/errors.js';
import { askAlone, type AloneAnswer } from '../../../../src/legacy/filematch/matching/ask-alone.js';
import { rejectionOf } from '../../../support/rejection.js';

interface Asking {
  readonly asked: number[];
  mostAtOnce: number;
  answers(signal?: AbortSignal): Promise<readonly AloneAnswer<number>[]>;
}

/** Asks for as many; each fails as `failure` says, or is answered with its own number. */
function asking(howMany: number, failure: (question: number) => Error | undefined): Asking {
  let open = 0;
  const asked: number[] = [];
  const one: Asking = {
    asked,
    mostAtOnce: 0,
    answers: (signal = new AbortController().signal) =>
      askAlone(
        Array.from({ length: howMany }, (_, index) => index),
        async (question) => {
          asked.push(question);
          open += 1;
          one.mostAtOnce = Math.max(one.mostAtOnce, open);
          await turn();
          open -= 1;
          const error = failure(question);
          if (error !== undefined) throw error;
          return question;
        },
        signal,
      ),
  };
  return one;
}

const codes = (answers: readonly AloneAnswer<number>[]): readonly (number | string)[] =>
  answers.map((answer) => ('trouble' in answer ? answer.trouble.code : answer.answer));

describe('asking alone', () => {
  it('answers in order, a few side by side', async () => {
    const all = asking(20, () => undefined);
    expect(codes(await all.answers())).to.deep.equal(Array.from({ length: 20 }, (_, index) => index));
    expect(all.mostAtOnce).to.equal(4);
    expect(codes(await asking(0, () => undefined).answers())).to.deep.equal([]);
  });

  const lasting = [
    new UpstreamRejected('no'),
    new UpstreamInvalidAnswer('no person'),
    new InternalError('unforeseen'),
    new TypeError('unforeseen'),
  ];
  for (const error of lasting) {
    it(`leaves ${error.name} to the one that was asked for`, async () => {
      const answers = codes(await asking(4, (question) => (question === 1 ? error : undefined)).answers());
      expect(answers[1]).to.be.a('string');
      expect([answers[0], answers[2], answers[3]]).to.deep.equal([0, 2, 3]);
    });
  }

  const passing = [
    new UpstreamUnavailable('down'),
    new UpstreamTimeout('slow'),
    new TokenRefused('key is gone'),
    new UpstreamForbidden('403'),
  ];
  for (const error of passing) {
    it(`is in vain for all with ${error.name}, and nobody else is asked`, async () => {
      const all = asking(40, (question) => (question === 5 ? error : undefined));
      expect(await rejectionOf(all.answers())).to.equal(error);
      for (let round = 0; round < 50; round += 1) await turn();
      expect(all.asked.length).to.be.lessThan(12);
    });
  }

  it('gives up where ten fail and nobody is answered: the register is in trouble, not ten people', async () => {
    const error = new UpstreamInvalidAnswer('a page of a firewall');
    const all = asking(100, () => error);
    expect(await rejectionOf(all.answers())).to.equal(error);
    expect(all.asked.length).to.be.lessThan(15);
  });

  it('goes on where fewer fail, or somebody was answered', async () => {
    const error = new UpstreamInvalidAnswer('no person');
    expect(codes(await asking(9, () => error).answers())).to.deep.equal(
      Array.from({ length: 9 }, () => error.code),
    );
    const some = codes(await asking(30, (question) => (question === 0 ? undefined : error)).answers());
    expect(some.filter((code) => code === error.code)).to.have.length(29);
  });

  it('ends with the signal', async () => {
    const controller = new AbortController();
    const all = asking(100, (question) => {
      if (question === 3) controller.abort(new Error('over'));
      return undefined;
    });
    expect(await rejectionOf(all.answers(controller.signal))).to.have.property('message', 'over');
    expect(all.asked.length).to.be.lessThan(10);
  });
});
