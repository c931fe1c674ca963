import { Agent } from 'node:https';
import { expect } from 'chai';
import { getDemographicsRequest } from '../support/get-demographics-request.js';
import { post, type Destination } from '../support/https-post.js';
import { withStore } from '../support/opened-store.js';
import { programs } from '../support/programs.js';
import { served } from '../support/started-adapter.js';
import { errorCode } from '../../src/errors/error-code.js';

const ASKERS = 8;
const BEFORE_THE_END = 40;

/** What may become of who asks while the listener closes: no connection, or none any more before the request was read. */
const NOT_TAKEN = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

describe('preg-adapter start, ended under load (QUALITY 59)', function () {
  this.timeout(60_000);
  const run = programs();

  it('answers what it has begun, rightly, takes nothing new, and ends with 0', async () => {
    const data = run.folder();
    const program = run.start(data);
    const { service } = await served(program, data);
    let answered = 0;
    const outcomes = new Map<string, number>();
    const count = (outcome: string): void => {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    };

    async function askUntilRefused(): Promise<void> {
      const agent = new Agent({ keepAlive: true });
      let outcome = '';
      while (outcome !== 'ECONNREFUSED') {
        outcome = await outcomeOf({ ...service, agent });
        count(outcome);
        if (outcome !== 'OK') continue;
        answered += 1;
        if (answered === BEFORE_THE_END) program.signal('SIGTERM');
      }
      agent.destroy();
    }

    await Promise.all(Array.from({ length: ASKERS }, askUntilRefused));
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
    expect(program.lines.at(-1)).to.equal('Ended.');
    expect([...outcomes.keys()]).to.include('OK');
    expect(
      [...outcomes.keys()].filter((outcome) => ![...NOT_TAKEN, 'OK', '503'].includes(outcome)),
    ).to.deep.equal([]);
    withStore(data, ({ audit }) => {
      expect([...audit.entries()].filter(({ outcome }) => outcome === 'found').length).to.equal(answered);
    });
  });
});

/** `OK`, the status of another answer, or the code of the system. */
async function outcomeOf(service: Destination): Promise<string> {
  try {
    const question = getDemographicsRequest({ numbers: ['11868426235'], now: new Date() });
    const { status, text } = await post(service, question);
    return /<queryResponseCode code="(\w+)"\/>/.exec(text)?.[1] ?? String(status);
  } catch (error) {
    return errorCode(error) ?? 'unknown';
  }
}
