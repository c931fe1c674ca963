import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { Conversation } from '../../../../src/legacy/hl7v2/notifications/conversation.js';
import { OutgoingConnection } from '../../../../src/legacy/hl7v2/notifications/outgoing-connection.js';
import { Problem } from '../../../../src/legacy/hl7v2/notifications/queue.js';
import { systemClock } from '../../../../src/runtime/system-clock.js';

const never = new AbortController().signal;

function acknowledgement(code: string, about: string): string {
  return `\x0bMSH|^~\\&|PAS||PREGADAPTER||20260301||ACK|1|P|2.5\rMSA|${code}|${about}\r\x1c\r`;
}

describe('a conversation with a receiver', () => {
  let server: Server;
  let connection: OutgoingConnection;
  let conversation: Conversation;
  const sockets = new Set<Socket>();
  /** What the receiver says to a message, by how many came before it over any connection. */
  let answers: (controlId: string, before: number) => string;
  let opened: boolean[];

  beforeEach(async () => {
    opened = [];
    let heard = 0;
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (octets: Buffer) => {
        socket.write(answers(octets.toString('latin1').split('|')[9] ?? '', heard));
        heard += 1;
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const limits = { connect: 10_000, answer: 10_000 };
    const address = { host: '127.0.0.1', port: portOf(server.address()), tls: undefined };
    connection = new OutgoingConnection(address, limits, systemClock);
    conversation = new Conversation(connection);
  });

  afterEach(async () => {
    connection.close();
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  async function tell(controlId: string): Promise<Problem | undefined> {
    opened.push(await conversation.open(never));
    const message = `MSH|^~\\&|PREGADAPTER||PAS||20260301||ADT^A31|${controlId}|P|2.5\r`;
    return conversation.tell(Buffer.from(message), controlId);
  }

  it('takes no second answer for that of the next message', async () => {
    let last: string | undefined;
    answers = (id) => {
      const done = last === undefined ? '' : acknowledgement('AA', last);
      last = id;
      return done + acknowledgement('CA', id);
    };
    for (const id of ['1', '2', '3']) expect(await tell(id), id).to.equal(undefined);
    expect(opened).to.deep.equal([true, false, false]);
  });

  it('takes none that comes even later, either', async () => {
    answers = (id, before) =>
      (before === 3 ? ['2', '1', '3'].map((late) => acknowledgement('AE', late)).join('') : '') +
      acknowledgement('AA', id);
    for (const id of ['1', '2', '3', '4']) expect(await tell(id), id).to.equal(undefined);
  });

  it('takes the answer to a message that is sent again under the same id', async () => {
    answers = (id, before) => acknowledgement(before === 0 ? 'AE' : 'AA', id);
    expect(await tell('1')).to.equal(Problem.ReceiverError);
    expect(await tell('1')).to.equal(undefined);
    expect(opened).to.deep.equal([true, false]);
  });

  it('begins anew after an answer that is none to the message', async () => {
    answers = (id, before) => acknowledgement('AA', before === 0 ? 'ANOTHER' : id);
    expect(await tell('1')).to.equal(Problem.WrongAnswer);
    expect(await tell('1')).to.equal(undefined);
    expect(opened).to.deep.equal([true, true]);
  });
});

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  return address.port;
}
