import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { ListenerUnavailable } from '../../../../src/operations/listening.js';
import { rejectionOf } from '../../../support/rejection.js';
import { until } from '../../../support/until.js';
import { frame, Gate, IDLE, MAX_BYTES, MESSAGE, mllpBenches, peerAt } from './mllp-bench.js';

const escaped = (text: string): RegExp => new RegExp(`${text.replace(/[|]/g, '\\$&')}$`);

describe('the MLLP listener', function () {
  // Much to do on a busy machine; nothing here is about speed.
  this.timeout(20_000);

  const open = mllpBenches();

  describe('messages', () => {
    it('are answered in a frame', async () => {
      const { connection, asked } = await open();
      const peer = await connection();
      peer.send(frame('MSH|\xe6\r'));
      expect(await peer.receives(/\r$/)).to.equal('\x0bAA MSH|\xe6\r\x1c\r');
      expect(asked).to.deep.equal(['MSH|\xe6\r']);
    });

    it('come in pieces, wherever they are cut', async () => {
      const { connection, asked } = await open();
      const peer = await connection();
      peer.socket.setNoDelay(true);
      const sent = frame('MSH|a\rQPD|\xf8\r');
      let expected = '';
      for (let position = 1; position < sent.length; position += 1) {
        peer.send(sent.slice(0, position));
        await turn();
        peer.send(sent.slice(position));
        expected += frame('AA MSH|a\rQPD|\xf8\r');
        await until(() => peer.received.length >= expected.length);
        expect(peer.received, `cut at ${position}`).to.equal(expected);
      }
      expect(asked).to.have.length(sent.length - 1);
    });

    it('that come together are answered one at a time, in their order', async () => {
      let atWork = 0;
      let most = 0;
      const { connection, asked } = await open({
        answer: async (message) => {
          atWork += 1;
          most = Math.max(most, atWork);
          // The first ones take the longest.
          for (let turns = 10 - message.length; turns > 0; turns -= 1) await turn();
          atWork -= 1;
          return message;
        },
      });
      const peer = await connection();
      const messages = ['m', 'mm', 'mmm', 'mmmm', 'mmmmm'];
      peer.send(messages.map(frame).join(''));
      const expected = messages.map(frame).join('');
      expect(await peer.receives(escaped(expected))).to.equal(expected);
      expect(asked).to.deep.equal(messages);
      expect(most).to.equal(1);
    });

    it('of several connections are answered side by side', async () => {
      const gate = new Gate();
      const { connection } = await open({
        answer: async (message) => {
          if (message === 'slow') await gate.opened;
          return message;
        },
      });
      const [slow, quick] = [await connection(), await connection()];
      slow.send(frame('slow'));
      quick.send(frame('quick'));
      expect(await quick.receives(/\r$/)).to.equal(frame('quick'));
      expect(slow.received).to.equal('');
      gate.open();
      expect(await slow.receives(/\r$/)).to.equal(frame('slow'));
    });

    it('are not harmed by what came before them on the connection', async () => {
      const { connection, events } = await open();
      const peer = await connection();
      peer.send(
        `${frame('one')}no frame${frame('two')}\x0bbroken off${frame('three')}\x1c\r\x00${frame('')}`,
      );
      peer.send(frame('four'));
      const expected = ['AA one', 'AA two', 'AA three', 'AA ', 'AA four'].map(frame).join('');
      expect(await peer.receives(escaped(expected))).to.equal(expected);
      expect(events.of.mllpOctetsSkipped).to.deep.equal([
        { remoteAddress: '127.0.0.1', octets: 7, brokenFrames: 0 },
        { remoteAddress: '127.0.0.1', octets: 0, brokenFrames: 1 },
        { remoteAddress: '127.0.0.1', octets: 2, brokenFrames: 0 },
      ]);
    });

    it('that are left when their sender is gone are nobody’s any more', async () => {
      const gate = new Gate();
      let signal: AbortSignal | undefined;
      const { connection, asked } = await open({
        answer: async (message, origin) => {
          ({ signal } = origin);
          await gate.opened;
          return message;
        },
      });
      const peer = await connection();
      peer.send(['first', 'second', 'third'].map(frame).join(''));
      await until(() => asked.length === 1);
      peer.socket.resetAndDestroy();
      await until(() => signal?.aborted === true);
      gate.open();
      for (let turns = 0; turns < 100; turns += 1) await turn();
      expect(asked).to.deep.equal(['first']);
    });

    it('tell where they come from, and whose they are', async () => {
      const { connection } = await open({
        peers: [peerAt(['127.0.0.1'], { application: 'EPJ' })],
        answer: (_message, origin) => {
          const sender = { application: 'EPJ', facility: '' };
          const header = {
            sender,
            receiver: sender,
            type: { code: 'QBP', event: 'Q22' },
            controlId: '1',
            processingId: 'P',
            version: '2.5',
            charset: '',
          };
          expect(() => origin.identify({ ...header, sender: { ...sender, application: 'X' } })).to.throw();
          return `${origin.remoteAddress} ${origin.identify(header).id} ${origin.signal.aborted}`;
        },
      });
      const peer = await connection();
      peer.send(frame('MSH'));
      expect(await peer.receives(/\r$/)).to.equal(frame('127.0.0.1 epj false'));
    });
  });

  describe('a message that is too large', () => {
    it('is refused by its beginning, and the connection ends, whatever else was sent', async () => {
      const { connection, tooLarge, asked, events } = await open();
      const peer = await connection();
      const resets: Error[] = [];
      peer.socket.on('error', (error) => resets.push(error));
      peer.send(frame('first'));
      peer.send(`\x0bMSH|header\r${'x'.repeat(3 * MAX_BYTES)}\x1c\r${frame('next')}`);
      expect(await peer.untilClosed()).to.equal(frame('AA first') + frame('AR too large'));
      // A reset could have taken the answer with it.
      expect(resets).to.deep.equal([]);
      expect(tooLarge).to.have.length(1);
      expect(tooLarge[0])
        .to.match(/^MSH\|header\rx+$/)
        .and.to.have.length(4096);
      expect(asked).to.deep.equal(['first']);
      expect(events.of.mllpConnectionCut).to.deep.equal([
        { remoteAddress: '127.0.0.1', reason: 'message-too-large', error: undefined },
      ]);
    });

    it('leaves no connection behind where the peer does not close its side', async () => {
      const { port, clock, listener } = await open();
      const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      peer.write(`\x0b${'x'.repeat(MAX_BYTES + 1)}`);
      peer.resume();
      await once(peer, 'end');
      let isStopped = false;
      const stopped = listener.stop(60_000).then(() => {
        isStopped = true;
      });
      await clock.advance(1_999);
      expect(isStopped).to.equal(false);
      await clock.advance(1);
      await stopped;
      peer.destroy();
    });

    it('of the largest size is none', async () => {
      const { connection } = await open({ answer: (message) => String(message.length) });
      const peer = await connection();
      peer.send(frame('x'.repeat(MAX_BYTES)));
      expect(await peer.receives(/\r$/)).to.equal(frame(String(MAX_BYTES)));
    });
  });

  describe('a peer', () => {
    it('that says nothing is closed after a while, since its last answer', async () => {
      const { connection, clock, events } = await open();
      const peer = await connection();
      await clock.advance(IDLE - 1);
      peer.send(frame('late'));
      await peer.receives(/\r$/);
      await clock.advance(IDLE - 1);
      // What belongs to no message does not count.
      peer.send('\r\n');
      await turn();
      expect(peer.socket.destroyed).to.equal(false);
      await clock.advance(1);
      expect(await peer.untilClosed()).to.equal(frame('AA late'));
      expect(events.of.mllpConnectionCut.map(({ reason }) => reason)).to.deep.equal(['idle']);
    });

    it('that does not finish its message is cut, however often it begins anew', async () => {
      const { connection, clock, events, asked } = await open();
      const peer = await connection();
      peer.send('\x0bMSH');
      await until(() => clock.sleeping > 0);
      await turn();
      for (let part = 0; part < 3; part += 1) {
        await clock.advance(MESSAGE / 3 - 1);
        peer.send(part === 1 ? '\x0bMSH' : '|');
        await turn();
      }
      expect(events.of.mllpConnectionCut).to.deep.equal([]);
      await clock.advance(3);
      expect(await peer.untilClosed()).to.equal('');
      expect(events.of.mllpConnectionCut.map(({ reason }) => reason)).to.deep.equal(['message-too-slow']);
      expect(asked).to.deep.equal([]);
    });

    it('that speaks something else is cut', async () => {
      const { connection, events } = await open();
      const peer = await connection();
      peer.send('GET / HTTP/1.1\r\n'.repeat(10_000));
      expect(await peer.untilClosed()).to.equal('');
      expect(events.of.mllpConnectionCut.map(({ reason }) => reason)).to.deep.equal(['not-mllp']);
      expect(events.of.mllpOctetsSkipped).to.have.length(1);
    });

    it('that does not read its answer is cut, and harms nobody', async () => {
      const { socket, connection, clock, events, asked } = await open({
        answer: (message) => (message === 'much' ? 'x'.repeat(64 * 1024 * 1024) : message),
      });
      const deaf = await socket();
      deaf.write(frame('much'), 'latin1');
      await until(() => asked.length === 1);
      const other = await connection();
      other.send(frame('other'));
      expect(await other.receives(/\r$/)).to.equal(frame('other'));
      expect(events.of.mllpConnectionCut).to.deep.equal([]);
      await clock.advance(MESSAGE);
      await until(() => events.of.mllpConnectionCut.length === 1);
      expect(events.of.mllpConnectionCut[0]?.reason).to.equal('answer-not-taken');
      deaf.resume();
      await once(deaf, 'close');
    });

    it('that sends faster than it is answered is held back', async () => {
      const gate = new Gate();
      const { socket, asked } = await open({
        answer: async () => {
          await gate.opened;
          return 'x';
        },
      });
      const storm = await socket();
      const messages = 64;
      const message = 'm'.repeat(512 * 1024);
      let answers = '';
      storm.setEncoding('latin1').on('data', (chunk: string) => (answers += chunk));
      for (let sent = 0; sent < messages; sent += 1) storm.write(frame(message), 'latin1');
      let left = -1;
      let rounds = 0;
      // Until the system takes no more.
      while (rounds < 200) {
        rounds = storm.writableLength === left ? rounds + 1 : 0;
        left = storm.writableLength;
        await turn();
      }
      expect(asked).to.have.length(1);
      expect(left).to.be.greaterThan((messages * message.length) / 2);
      gate.open();
      await until(() => answers.length >= messages * 4, 1_000_000);
      expect(answers).to.equal(frame('x').repeat(messages));
    });

    it('that has ended its side still gets its answers', async () => {
      const gate = new Gate();
      const { connection, events } = await open({
        answer: async (message) => {
          await gate.opened;
          return message;
        },
      });
      const peer = await connection();
      peer.send(frame('one') + frame('two'));
      peer.socket.end();
      await once(peer.socket, 'finish');
      gate.open();
      expect(await peer.untilClosed()).to.equal(frame('one') + frame('two'));
      expect(events.of.mllpConnectionCut).to.deep.equal([]);
    });

    it('that ends within a message is told of, and closed', async () => {
      const { connection, events, asked } = await open();
      const peer = await connection();
      peer.send(`${frame('one')}\x0btw`);
      peer.socket.end();
      expect(await peer.untilClosed()).to.equal(frame('AA one'));
      expect(asked).to.deep.equal(['one']);
      expect(events.of.mllpOctetsSkipped).to.deep.equal([
        { remoteAddress: '127.0.0.1', octets: 0, brokenFrames: 1 },
      ]);
    });

    it('that resets the connection within a message, or before its answer, takes nobody with it', async () => {
      const signals: AbortSignal[] = [];
      const { connection, socket, events, asked } = await open({
        answer: (message, { signal }) => {
          signals.push(signal);
          return message === 'stay'
            ? message
            : new Promise((resolve) => {
                signal.addEventListener('abort', () => {
                  resolve('nobody');
                });
              });
        },
      });
      const [within, before] = [await socket(), await socket()];
      within.write('\x0bMSH');
      before.write(frame('wait'));
      await until(() => asked.length === 1);
      await turn();
      within.resetAndDestroy();
      before.resetAndDestroy();
      await until(() => signals[0]?.aborted === true);
      const peer = await connection();
      peer.send(frame('stay'));
      expect(await peer.receives(/\r$/)).to.equal(frame('stay'));
      expect(events.of.mllpConnectionCut).to.deep.equal([]);
    });

    it('is cut where the endpoint itself fails, and may come back', async () => {
      const { connection, events } = await open({
        answer: (message) => {
          if (message === 'bad') throw new Error('a mistake');
          return message;
        },
      });
      const peer = await connection();
      peer.send(frame('bad') + frame('good'));
      expect(await peer.untilClosed()).to.equal('');
      expect(events.of.mllpConnectionCut[0]).to.include({ reason: 'failed' });
      expect(events.of.mllpConnectionCut[0]?.error?.code).to.equal('internal');
      const again = await connection();
      again.send(frame('good'));
      expect(await again.receives(/\r$/)).to.equal(frame('good'));
    });
  });

  describe('a connection', () => {
    it('from an address that no client has is closed at once, and told of once in a minute', async () => {
      const { socket, clock, events, asked } = await open({ peers: [peerAt(['127.0.0.1'])] });
      const refuse = async (times: number): Promise<void> => {
        for (let time = 0; time < times; time += 1) {
          const stranger = await socket('127.0.0.2');
          stranger.write(frame('MSH'));
          stranger.resume();
          await once(stranger, 'close');
        }
      };
      await refuse(3);
      const told = { remoteAddress: '127.0.0.2', reason: 'unknown-address' };
      expect(events.of.mllpConnectionsRefused).to.deep.equal([{ ...told, count: 1 }]);
      await clock.advance(60_000);
      await refuse(1);
      expect(events.of.mllpConnectionsRefused).to.deep.equal([
        { ...told, count: 1 },
        { ...told, count: 3 },
      ]);
      expect(asked).to.deep.equal([]);
    });

    it('beyond the limit is closed at once, until there is a place again', async () => {
      const { connection, events } = await open({ settings: { maxConnections: 2 } });
      const [first, second] = [await connection(), await connection()];
      first.send(frame('1'));
      second.send(frame('2'));
      await first.receives(/\r$/);
      await second.receives(/\r$/);
      const third = await connection();
      expect(await third.untilClosed()).to.equal('');
      expect(events.of.mllpConnectionsRefused).to.deep.equal([
        { remoteAddress: '127.0.0.1', reason: 'too-many', count: 1 },
      ]);
      first.socket.end();
      await first.untilClosed();
      const fourth = await connection();
      fourth.send(frame('4'));
      expect(await fourth.receives(/\r$/)).to.equal(frame('AA 4'));
    });

    it('beyond the limit of its address leaves places for others', async () => {
      const { socket, connection, events } = await open({ settings: { maxConnectionsPerAddress: 1 } });
      const first = await connection();
      first.send(frame('1'));
      await first.receives(/\r$/);
      const second = await connection();
      expect(await second.untilClosed()).to.equal('');
      expect(events.of.mllpConnectionsRefused[0]?.reason).to.equal('too-many-of-address');
      const elsewhere = await socket('127.0.0.2');
      elsewhere.write(frame('2'));
      let answer = '';
      elsewhere.on('data', (octets) => (answer += octets.toString()));
      await until(() => answer.endsWith('\r'));
      expect(answer).to.equal(frame('AA 2'));
    });

    it('gives way to somebody who has none, where whoever has most has nothing under way on it (QUALITY 17)', async () => {
      const { socket, connection, events } = await open({ settings: { maxConnections: 3 } });
      const idle = [await connection(), await connection(), await connection()];
      for (const one of idle) {
        one.send(frame('1'));
        await one.receives(/\r$/);
      }
      const elsewhere = await socket('127.0.0.2');
      elsewhere.write(frame('2'));
      let answer = '';
      elsewhere.on('data', (octets) => (answer += octets.toString()));
      await until(() => answer.endsWith('\r'));
      expect(answer).to.equal(frame('AA 2'));
      await idle[0]?.untilClosed();
      expect(events.of.mllpConnectionsRefused).to.deep.equal([
        { remoteAddress: '127.0.0.1', reason: 'gave-way', count: 1 },
      ]);
      // Two against one: nobody gives way any more, or places would go to and fro.
      const more = await socket('127.0.0.2');
      await once(more.resume(), 'close');
      for (const one of idle.slice(1)) {
        one.send(frame('3'));
        await one.receives(/AA 3[^]*\r$/);
      }
    });

    it('never gives way while a message on it is being answered', async () => {
      const gate = new Gate();
      const { socket, connection, asked } = await open({
        settings: { maxConnections: 2 },
        answer: async (message) => {
          await gate.opened;
          return `AA ${message}`;
        },
      });
      const busy = [await connection(), await connection()];
      for (const one of busy) one.send(frame('1'));
      await until(() => asked.length === 2);
      const elsewhere = await socket('127.0.0.2');
      await once(elsewhere.resume(), 'close');
      gate.open();
      for (const one of busy) expect(await one.receives(/\r$/)).to.equal(frame('AA 1'));
    });

    it('is one of many, which all are answered', async () => {
      const { connection } = await open();
      const peers = await Promise.all(Array.from({ length: 100 }, () => connection()));
      peers.forEach((peer, index) => {
        peer.send(frame(String(index)));
      });
      const answers = await Promise.all(peers.map((peer) => peer.receives(/\r$/)));
      expect(answers).to.deep.equal(peers.map((_peer, index) => frame(`AA ${index}`)));
    });
  });

  describe('once it stops', () => {
    it('takes nothing new, closes what is idle, and answers what has begun', async () => {
      const gate = new Gate();
      const { connection, listener, asked } = await open({
        answer: async (message) => {
          await gate.opened;
          return message;
        },
      });
      const [idle, answered, begun] = [await connection(), await connection(), await connection()];
      answered.send(frame('one') + frame('not begun'));
      begun.send('\x0btw');
      await until(() => asked.length === 1);
      await turn();
      const stopped = listener.stop(30_000);
      expect(await idle.untilClosed()).to.equal('');
      const refused = await connection().catch((error: unknown) => error);
      expect(refused).to.have.property('code', 'ECONNREFUSED');
      begun.send(`o\x1c\r`);
      await until(() => asked.length === 2);
      gate.open();
      expect(await answered.untilClosed()).to.equal(frame('one'));
      expect(await begun.untilClosed()).to.equal(frame('two'));
      await stopped;
      expect(asked).to.deep.equal(['one', 'two']);
    });

    it('cuts what is left after its grace, and waits for what was cut', async () => {
      const signals: AbortSignal[] = [];
      const gate = new Gate();
      const { connection, listener, clock, asked } = await open({
        answer: async (message, { signal }) => {
          signals.push(signal);
          await gate.opened;
          return message;
        },
      });
      const peer = await connection();
      peer.send(frame('one'));
      await until(() => asked.length === 1);
      let isStopped = false;
      const stopped = listener.stop(5_000).then(() => {
        isStopped = true;
      });
      await clock.advance(4_999);
      expect(signals[0]?.aborted).to.equal(false);
      await clock.advance(1);
      expect(await peer.untilClosed()).to.equal('');
      await until(() => signals[0]?.aborted === true);
      await turn();
      expect(isStopped).to.equal(false);
      gate.open();
      await stopped;
    });

    it('does so once, however often it is asked to, and at once where it never began', async () => {
      const { listener } = await open();
      expect(listener.stop(1)).to.equal(listener.stop(2));
      await listener.stop(3);
    });
  });

  it('says plainly that it cannot have its address', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const error = await rejectionOf(open({ settings: { port } }));
    other.close();
    expect(error).to.be.instanceOf(ListenerUnavailable);
    expect(error).to.have.property(
      'message',
      `listeners.mllp cannot listen on 127.0.0.1:${port}: another program uses this port`,
    );
  });
});
