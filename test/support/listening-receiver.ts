import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A system that takes messages over MLLP and acknowledges each; of the test's own making, byte by byte. */
export interface ListeningReceiver {
  readonly port: number;
  /** As they came, read as UTF-8. */
  readonly messages: readonly string[];
  /** What the next messages are answered, `AA` unless told. */
  answer: 'AA' | 'AE' | 'AR';
  /** Resolves when there are that many. */
  hears(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one on a free port of 127.0.0.1. */
export async function listeningReceiver(): Promise<ListeningReceiver> {
  const messages: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let held = '';
    socket.on('error', () => undefined);
    socket.on('data', (octets: Buffer) => {
      held += octets.toString('latin1');
      for (let end = held.indexOf('\x1c\r'); end !== -1; end = held.indexOf('\x1c\r')) {
        const message = held.slice(held.indexOf('\x0b') + 1, end);
        held = held.slice(end + 2);
        messages.push(Buffer.from(message, 'latin1').toString('utf8'));
        const controlId = message.split('|')[9] ?? '';
        const header = 'MSH|^~\\&|PAS||PREGADAPTER||20260301||ACK|1|P|2.5';
        socket.write(`\x0b${header}\rMSA|${receiver.answer}|${controlId}\r\x1c\r`, 'latin1');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: ListeningReceiver = {
    port: portOf(server.address()),
    messages,
    answer: 'AA',
    hears: async (count) => {
      while (messages.length < count) await setTimeout(20);
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  return address.port;
}
