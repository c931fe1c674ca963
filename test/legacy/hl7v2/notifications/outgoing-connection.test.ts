import { once } from 'node:events';
import { createServer as createPlainServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { expect } from 'chai';
import {
  ConnectionLost,
  OutgoingConnection,
  type OutgoingTls,
} from '../../../../src/legacy/hl7v2/notifications/outgoing-connection.js';
import { systemClock } from '../../../../src/runtime/system-clock.js';
import type { Clock } from '../../../../src/runtime/clock.js';
import { clientAuthority } from '../../../support/client-certificates.js';
import { rejectionOf } from '../../../support/rejection.js';
import { serverCertificate } from '../../../support/server-certificate.js';
import { StandingClock } from '../../../support/standing-clock.js';
import { until } from '../../../support/until.js';

type Conversation = (socket: Socket) => void;

const framed = (text: string): Buffer => Buffer.from(`\x0b${text}\x1c\r`, 'latin1');
const never = new AbortController().signal;

describe('a connection to a receiver', () => {
  const servers: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];
  let connection: OutgoingConnection | undefined;

  afterEach(async () => {
    connection?.close();
    for (const { server, sockets } of servers.splice(0)) {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    }
  });

  async function listening(
    converse: Conversation,
    tls?: TlsOptions,
  ): Promise<{ port: number; sockets: Set<Socket>; count: () => number }> {
    const sockets = new Set<Socket>();
    let count = 0;
    const accept = (socket: Socket): void => {
      count += 1;
      sockets.add(socket);
      socket.on('error', () => undefined);
      converse(socket);
    };
    const server = tls === undefined ? createPlainServer(accept) : createTlsServer(tls, accept);
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push({ server, sockets });
    return { port: portOf(server.address()), sockets, count: () => count };
  }

  function connect(
    port: number,
    { tls, clock = systemClock }: { tls?: OutgoingTls; clock?: Clock } = {},
  ): OutgoingConnection {
    connection = new OutgoingConnection(
      { host: '127.0.0.1', port, tls },
      { connect: 10_000, answer: 10_000 },
      clock,
    );
    return connection;
  }

  /** Answers each frame with its content in capitals. */
  const echo: Conversation = (socket) => {
    socket.on('data', (octets: Buffer) => {
      for (const text of octets.toString('latin1').split('\x1c\r').slice(0, -1)) {
        socket.write(framed(text.slice(1).toUpperCase()));
      }
    });
  };

  async function say(text: string): Promise<string> {
    if (connection === undefined) throw new Error('not connected');
    await connection.open(never);
    return Buffer.from(await connection.exchange(Buffer.from(text))).toString();
  }

  async function failure(work: Promise<unknown>): Promise<string> {
    const error = await rejectionOf(work);
    expect(error).to.be.instanceOf(ConnectionLost);
    return error instanceof ConnectionLost ? error.reason : '';
  }

  it('is kept from message to message', async () => {
    const { port, count } = await listening(echo);
    connect(port);
    expect(await say('one')).to.equal('ONE');
    expect(await say('two')).to.equal('TWO');
    expect(count()).to.equal(1);
  });

  it('reads an answer however it is cut', async () => {
    const { port } = await listening((socket) => {
      socket.once('data', () => {
        void (async () => {
          for (const octet of framed('answer')) {
            socket.write(Buffer.of(octet));
            await new Promise(setImmediate);
          }
        })();
      });
    });
    connect(port);
    expect(await say('x')).to.equal('answer');
  });

  it('is made anew when the other side ended it, or said what was not asked for', async () => {
    for (const unasked of [
      (socket: Socket) => socket.end(),
      (socket: Socket) => socket.write(framed('late')),
    ]) {
      const { port, sockets, count } = await listening(echo);
      connect(port);
      await say('one');
      for (const socket of sockets) unasked(socket);
      await until(() => [...sockets].every(({ writableLength }) => writableLength === 0));
      await systemClock.sleep(20);
      expect(await say('two')).to.equal('TWO');
      expect(count()).to.equal(2);
      connection?.close();
    }
  });

  it('is lost when it is cut before the answer, and made anew for the next message', async () => {
    let isWell = false;
    const { port } = await listening((socket) => {
      if (isWell) echo(socket);
      else socket.once('data', () => socket.destroy());
    });
    connect(port);
    expect(await failure(say('one'))).to.equal('closed');
    isWell = true;
    expect(await say('two')).to.equal('TWO');
  });

  it('is given up when no answer comes in its time', async () => {
    const clock = new StandingClock('2026-03-01T12:00:00Z');
    let heard = 0;
    const { port, sockets } = await listening((socket) => socket.on('data', () => (heard += 1)));
    connect(port, { clock });
    const reason = failure(say('one'));
    await until(() => heard > 0, 100_000);
    await clock.advance(10_000);
    expect(await reason).to.equal('timeout');
    await until(
      () => [...sockets].every(({ destroyed, readableEnded }) => destroyed || readableEnded),
      100_000,
    );
  });

  it('does not take an answer without end for one', async () => {
    const { port } = await listening((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.concat([Buffer.of(0x0b), Buffer.alloc(300 * 1024, 0x41)]));
      });
    });
    connect(port);
    expect(await failure(say('one'))).to.equal('answer too large');
  });

  it('says by the system’s code why it did not come about', async () => {
    const { port } = await listening(echo);
    for (const { server } of servers.splice(0)) {
      server.close();
      await once(server, 'close');
    }
    connect(port);
    expect(await failure(say('one'))).to.equal('ECONNREFUSED');
  });

  it('is not made for who is to stop', async () => {
    const { port, count } = await listening(echo);
    const stopped = AbortSignal.abort(new Error('stop'));
    expect(await rejectionOf(connect(port).open(stopped))).to.have.property('message', 'stop');
    expect(count()).to.equal(0);
  });

  describe('with TLS', () => {
    it('trusts whom it was told to, and shows its certificate', async () => {
      const { certificatePem, privateKeyPem } = await serverCertificate();
      const authority = await clientAuthority('hospital');
      const { cert, key } = await authority.issue('adapter');
      const settings = {
        cert: certificatePem,
        key: privateKeyPem,
        ca: authority.certificatePem,
        requestCert: true,
      };
      const { port } = await listening(echo, settings);
      connect(port, { tls: { ca: certificatePem, cert, key } });
      expect(await say('one')).to.equal('ONE');
    });

    it('is refused with somebody whom nobody vouches for', async () => {
      const { certificatePem, privateKeyPem } = await serverCertificate();
      const { port } = await listening(echo, { cert: certificatePem, key: privateKeyPem });
      connect(port, { tls: {} });
      expect(await failure(say('one'))).to.equal('DEPTH_ZERO_SELF_SIGNED_CERT');
    });
  });
});

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  return address.port;
}
