import { once } from 'node:events';
import { expect } from 'chai';
import { Server, type Message, type TcpServer } from 'simple-hl7';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import {
  charsets,
  components,
  demographicsQuery,
  segmentIn,
  SimpleHl7Client,
  type Charset,
} from './simple-hl7-client.js';

const RESIDENT = '11868426235';

/** A system that keeps patients of its own, by simple-hl7, which acknowledges what it is sent. */
class Receiver {
  readonly messages: Message[] = [];
  readonly troubles: Error[] = [];
  readonly #waiting: (() => void)[] = [];

  private constructor(
    private readonly server: TcpServer,
    readonly port: number,
  ) {}

  static async start(charset: Charset): Promise<Receiver> {
    const server = Server.createTcpServer((error, request, response) => {
      if (error !== null) receiver.troubles.push(error);
      if (request !== undefined) receiver.messages.push(request.msg);
      response?.end();
      for (const look of receiver.#waiting.splice(0)) look();
    });
    server.start(0, charsets[charset]);
    if (server.server === null) throw new Error('the server was not started');
    if (!server.server.listening) await once(server.server, 'listening');
    const address = server.server.address();
    if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
    const receiver: Receiver = new Receiver(server, address.port);
    return receiver;
  }

  /** A message, counted from 1, as soon as it is there. */
  async message(count: number): Promise<Message> {
    for (;;) {
      const message = this.messages[count - 1];
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  stop(): void {
    this.server.stop();
  }
}

describe('simple-hl7 as a receiver of changes', function () {
  this.timeout(60_000);
  const receivers: Receiver[] = [];
  let adapter: SandboxedAdapter | undefined;

  before(async () => {
    receivers.push(await Receiver.start('UNICODE UTF-8'), await Receiver.start('8859/1'));
    const settings = receivers.flatMap(({ port }, index) => {
      const name = `PREG_ADAPTER__HL7V2__NOTIFICATIONS__RECEIVERS__${index}__`;
      return Object.entries({
        ID: `receiver${index}`,
        CLIENT: 'epj-sandbox',
        HOST: '127.0.0.1',
        PORT: String(port),
        PLAINTEXT: 'true',
        APPLICATION: 'PAS',
        CHARSET: index === 0 ? 'UNICODE UTF-8' : '8859/1',
        SUBSCRIBE_ON_LOOKUP: 'true',
      }).map(([setting, value]) => [name + setting, value] as const);
    });
    adapter = await startSandboxedAdapter({
      ...Object.fromEntries(settings),
      PREG_ADAPTER__HL7V2__NOTIFICATIONS__ENABLED: 'true',
      PREG_ADAPTER__EVENTS__ENABLED: 'true',
      PREG_ADAPTER__EVENTS__POLL_SECONDS: '1',
    });
    await adapter.says(/the log of changes begins here/);
  });

  after(async () => {
    await adapter?.stop();
    for (const receiver of receivers) receiver.stop();
  });

  it('is told in its charset of whom its client looked up, and of nobody else', async () => {
    if (adapter === undefined) throw new Error('the adapter was not started');
    const client = await SimpleHl7Client.connect(adapter.running.mllp?.port ?? 0);
    await client.ask(demographicsQuery([['@PID.3.1', RESIDENT]]));
    client.close();
    adapter.sandbox.changes.apply({ type: 'move', nin: '20928619029' });
    adapter.sandbox.changes.apply({ type: 'name', nin: RESIDENT, familyName: 'Čuovga-Bjørnsåsæter' });
    const names = ['ČUOVGA-BJØRNSÅSÆTER', 'CUOVGA-BJØRNSÅSÆTER'];
    for (const [index, receiver] of receivers.entries()) {
      const message = await receiver.message(1);
      expect(components(message.header, 7, 2)).to.deep.equal(['ADT', 'A31']);
      expect([3, 10].map((field) => message.header.getField(field))).to.deep.equal(['PAS', '2.5']);
      const person = segmentIn(message, 'PID');
      expect(person.getComponent(3, 1)).to.equal(RESIDENT);
      expect(components(person, 5, 2)).to.deep.equal([names[index], 'SINDIG']);
      expect(segmentIn(message, 'EVN').getField(2)).to.match(/^[0-9]{14}/);
      expect(segmentIn(message, 'PV1').getField(2)).to.equal('N');
    }
  });

  it('is told next of a number that gave way, once it acknowledged what came before', async () => {
    const number = adapter?.sandbox.changes.apply({ type: 'new-number', nin: RESIDENT }).nin;
    for (const receiver of receivers) {
      const message = await receiver.message(2);
      expect(components(message.header, 7, 2)).to.deep.equal(['ADT', 'A40']);
      // simple-hl7 reads the first of several numbers only as the field's own text.
      expect(segmentIn(message, 'PID').getField(3).split('^')[0]).to.equal(number);
      expect(segmentIn(message, 'MRG').getComponent(1, 1)).to.equal(RESIDENT);
    }
    expect(receivers.map(({ troubles }) => troubles)).to.deep.equal([[], []]);
  });
});
