/**
 * Asks a server as EPJ systems would, and judges each answer.
 */
import { z } from 'zod';
import type { ClientSession } from '../../test/support/session-client.js';
import {
  forNobody,
  inPersonService,
  inSession,
  inTurn,
  mixed,
  oneShot,
  opening,
  searching,
  type Asker,
} from '../load/askers.js';
import { runForm } from '../load/run.js';
import { burst, closedLoop, openLoop } from '../load/loops.js';
import { Sender } from '../load/sender.js';
import { StormSender, stormForm, type StormOutcome } from '../load/storm.js';
import type { Outcome } from '../load/tally.js';
import { takeCommands } from './commands.js';
import { personForm, type PersonToAsk } from './running-upstream.js';

const subjectsForm = z.object({
  certificatePem: z.string(),
  people: z.array(personForm),
  unknown: z.array(z.string()),
});

/** A server and how the generator stands to it. */
interface Acquaintance {
  readonly sender: Sender;
  session: ClientSession | undefined;
}

let subjects: z.output<typeof subjectsForm> = { certificatePem: '', people: [], unknown: [] };
let nextPerson = (): PersonToAsk => {
  throw new Error('the load generator was not started');
};
const known = new Map<number, Acquaintance>();
const stormed = new Map<number, StormSender>();

takeCommands(
  {
    start: (payload) => {
      subjects = subjectsForm.parse(payload);
      nextPerson = inTurn(subjects.people);
      return Promise.resolve();
    },
    run: async (payload) => run(runForm.parse(payload)),
    storm: async (payload) => storm(payload),
  },
  () => {
    for (const { sender } of known.values()) sender.close();
    for (const sender of stormed.values()) sender.close();
    return Promise.resolve();
  },
);

async function run({ port, questions, strictness, load }: z.output<typeof runForm>): Promise<Outcome> {
  const server = known.get(port) ?? { sender: new Sender(port, subjects.certificatePem), session: undefined };
  known.set(port, server);
  if (questions !== 'one-shot' && server.session === undefined) {
    const wrong = await server.sender.ask(openingOf(server)());
    if (wrong !== undefined) throw new Error(`no session was opened: ${wrong}`);
  }
  const ask = server.sender.ask.bind(server.sender);
  const next = {
    'one-shot': (): Asker => oneShot(nextPerson, { strictness }),
    session: (): Asker => inSession(nextPerson, () => sessionOf(server)),
    mixed: (): Asker => mixture(server),
  }[questions]();
  switch (load.kind) {
    case 'closed':
      return closedLoop(ask, next, load);
    case 'open':
      return openLoop(ask, next, load);
    case 'burst':
      return burst(ask, next, load.count);
  }
}

function storm(payload: unknown): Promise<StormOutcome> {
  const { port, ...how } = stormForm.parse(payload);
  const sender = stormed.get(port) ?? new StormSender(port, subjects.certificatePem);
  stormed.set(port, sender);
  return sender.run(how, oneShot(nextPerson));
}

function mixture(server: Acquaintance): Asker {
  return mixed([
    [50, oneShot(nextPerson)],
    [25, inSession(nextPerson, () => sessionOf(server))],
    [12, inPersonService(nextPerson)],
    [9, searching(nextPerson)],
    [3, forNobody(inTurn(subjects.unknown))],
    [1, openingOf(server)],
  ]);
}

function openingOf(server: Acquaintance): Asker {
  return opening((session) => {
    server.session = session;
  });
}

function sessionOf({ session }: Acquaintance): ClientSession {
  if (session === undefined) throw new Error('there is no session');
  return session;
}
