import { Agent } from 'node:https';
import { expect } from 'chai';
import { getDemographicsRequest } from '../support/get-demographics-request.js';
import { post, type Destination } from '../support/https-post.js';
import { withStore } from '../support/opened-store.js';
import { programs } from '../support/programs.js';
import { served } from '../support/started-adapter.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const CALLERS = 16;
const ENOUGH = 60;

describe('preg-adapter start, killed under load', function () {
  this.timeout(60_000);
  const run = programs();

  it('has the audit entry of every request that was answered, and starts again', async () => {
    const data = run.folder();
    const program = run.start(data);
    const { service } = await served(program, data);
    const agent = new Agent({ keepAlive: true });
    const answered = await askUntil(ENOUGH, { ...service, agent }, () => {
      program.signal('SIGKILL');
    });
    expect(await program.ended).to.deep.equal({ code: null, signal: 'SIGKILL' });
    agent.destroy();
    expect(answered.length).to.be.at.least(ENOUGH);
    expect(unrecorded(data, answered)).to.deep.equal([]);
    expect(withStore(data, ({ audit }) => audit.verify().bad)).to.deep.equal([]);

    const again = run.start(data);
    const { service: newService } = await served(again, data);
    const next = syntheticNumber(10_000);
    const answer = await post(newService, question(next));
    expect(answer.text).to.contain('<queryResponseCode code="NF"/>');
    expect(unrecorded(data, [...answered, next])).to.deep.equal([]);
  });
});

type Number = ReturnType<typeof syntheticNumber>;

function question(number: Number): string {
  return getDemographicsRequest({ numbers: [number], now: new Date() });
}

/** Several callers ask for ever new numbers; gives those that were answered, some of them after `enough` was called. */
async function askUntil(count: number, service: Destination, enough: () => void): Promise<readonly Number[]> {
  const answered: Number[] = [];
  let next = 0;
  let over = false;
  const caller = async (): Promise<void> => {
    while (!over) {
      const number = syntheticNumber(next);
      next += 1;
      const answer = await post(service, question(number)).catch(() => undefined);
      if (answer === undefined) return;
      expect(answer.status).to.equal(200);
      answered.push(number);
      if (answered.length === count) enough();
      over = answered.length > 100 * count;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return answered;
}

/** The numbers that the audit trail holds no entry about. */
function unrecorded(directory: string, numbers: readonly Number[]): readonly Number[] {
  return withStore(directory, ({ audit }) =>
    numbers.filter((number) => [...audit.bySubject(number)].length !== 1),
  );
}
