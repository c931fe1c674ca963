/**
 * What a lookup costs in processor time from the octets of its request to those of its answer, without network, disk and
 * login, and with Person documents that are there at once. Hardly disturbed by what else the machine does, and so the one to tune by
 * (with `node --cpu-prof`). It has no goal.
 */
import type { ApiRequest } from '../src/registry/persontjenesten/transport.js';
import { Population } from '../src/sandbox/population/population.js';
import { adapterBefore, NOW, posted } from '../test/conformance/answered-people.js';
import { UnservedPersontjenesten } from '../src/sandbox/persontjenesten/unserved-persontjenesten.js';
import { inTurn, oneShot } from './load/askers.js';
import { medianOf } from './load/percentiles.js';
import { personIn } from './processes/person-to-ask.js';
import { benchOptions } from './report/options.js';

const { isShort } = benchOptions();
const WARM_UP = isShort ? 1_000 : 8_000;
const ROUNDS = isShort ? 2 : 9;
const IN_A_ROUND = isShort ? 500 : 3_000;

const population = await Population.create({ personFolders: [], generated: 1_000, seed: 1 });
const upstream = new UnservedPersontjenesten(population);
const kept = new Map<string, ReturnType<typeof upstream.send>>();
const adapter = await adapterBefore(
  {
    send: (request: ApiRequest) => {
      const key = JSON.stringify([request.path, request.query, request.form]);
      const answer = kept.get(key) ?? upstream.send(request);
      kept.set(key, answer);
      return answer;
    },
  },
  { access: 'full', fill: 'faithful', name: 'bench' },
);
const next = oneShot(inTurn([...population.documents()].flatMap(personIn)), { now: () => new Date(NOW) });

await ask(WARM_UP);
const rounds: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const before = process.cpuUsage();
  await ask(IN_A_ROUND);
  const { user, system } = process.cpuUsage(before);
  rounds.push((user + system) / 1_000 / IN_A_ROUND);
}
process.stdout.write(
  `${medianOf(rounds).toFixed(3)} ms of processor time for a lookup (${Math.min(...rounds).toFixed(3)}–${Math.max(...rounds).toFixed(3)})\n`,
);

async function ask(count: number): Promise<void> {
  for (let asked = 0; asked < count; asked += 1) {
    const question = next();
    const { status, envelope } = await posted(adapter, question.body, question.path);
    const wrong = question.judge({ status, text: envelope });
    if (wrong !== undefined) throw new Error(`a wrong answer: ${wrong}`);
  }
}
