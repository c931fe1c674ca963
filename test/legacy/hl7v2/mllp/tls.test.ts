import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { connect, type ConnectionOptions, type TLSSocket, type TlsOptions } from 'node:tls';
import { expect } from 'chai';
import {
  clientAuthority,
  type ClientAuthority,
  type ClientCertificate,
} from '../../../support/client-certificates.js';
import { serverCertificate } from '../../../support/server-certificate.js';
import { until } from '../../../support/until.js';
import { clientNamed, frame, mllpBenches, peerAt, type Answering, type MllpBench } from './mllp-bench.js';

describe('the MLLP listener with TLS', function () {
  // Much to do on a busy machine; nothing here is about speed.
  this.timeout(20_000);

  const open = mllpBenches();
  let authority: ClientAuthority;
  let ward: ClientCertificate;
  let lab: ClientCertificate;
  let stranger: ClientCertificate;
  let server: Awaited<ReturnType<typeof serverCertificate>>;

  before(async () => {
    authority = await clientAuthority('ours');
    ward = await authority.issue('ward');
    lab = await authority.issue('lab');
    stranger = await (await clientAuthority('another')).issue('ward');
    server = await serverCertificate();
  });

  /** Tells whose a message is. */
  const whose: Answering = (_message, origin) => {
    const nobody = { application: '', facility: '' };
    try {
      return origin.identify({
        sender: nobody,
        receiver: nobody,
        type: { code: 'QBP', event: 'Q22' },
        controlId: '1',
        processingId: 'P',
        version: '2.5',
        charset: '',
      }).id;
    } catch {
      return 'nobody';
    }
  };

  const secured = (settings: { handshake?: number } = {}, answer = whose): Promise<MllpBench> =>
    open({
      answer,
      settings,
      tls: { cert: server.certificatePem, key: server.privateKeyPem, ca: authority.certificatePem },
      peers: [
        peerAt(['127.0.0.1'], { client: clientNamed('ward'), certificate: ward.fingerprint }),
        peerAt(['127.0.0.3'], { client: clientNamed('any') }),
      ],
    });

  function reach(
    { port }: MllpBench,
    shown: ClientCertificate | undefined,
    more: ConnectionOptions & { localAddress?: string } = {},
  ): { readonly socket: TLSSocket; readonly received: () => string; readonly closed: Promise<void> } {
    let received = '';
    const socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: '127.0.0.1',
      ca: server.certificatePem,
      ...(shown === undefined ? {} : { cert: shown.cert, key: shown.key }),
      ...more,
    });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (received += text)).on('error', () => undefined);
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        resolve();
      });
    });
    return { socket, received: () => received, closed };
  }

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`knows a client by its certificate (${maxVersion})`, async () => {
      const bench = await secured();
      const peer = reach(bench, ward, { maxVersion });
      peer.socket.write(frame('MSH'));
      await until(() => peer.received().endsWith('\r'), 1_000_000);
      expect(peer.received()).to.equal(frame('ward'));
      peer.socket.destroy();
    });

    it(`lets nobody in without a certificate, nor with one that nobody vouches for (${maxVersion})`, async () => {
      const bench = await secured();
      for (const shown of [undefined, stranger]) {
        const peer = reach(bench, shown, { maxVersion });
        peer.socket.write(frame('MSH'));
        await peer.closed;
        expect(peer.received()).to.equal('');
      }
      await until(() => bench.events.of.mllpHandshakeFailed.length === 2);
      const told = bench.events.of.mllpHandshakeFailed;
      expect(told[0]).to.deep.equal({ remoteAddress: '127.0.0.1', code: 'no-certificate', count: 1 });
      expect(told[1]?.remoteAddress).to.equal('127.0.0.1');
      expect(told[1]?.code).to.match(/^UNABLE_TO_/);
      expect(bench.asked).to.deep.equal([]);
    });
  }

  it('does not take one client for another', async () => {
    const bench = await secured();
    const peer = reach(bench, lab);
    peer.socket.write(frame('MSH'));
    await until(() => peer.received().endsWith('\r'), 1_000_000);
    expect(peer.received()).to.equal(frame('nobody'));
    const elsewhere = reach(bench, lab, { localAddress: '127.0.0.3' });
    elsewhere.socket.write(frame('MSH'));
    await until(() => elsewhere.received().endsWith('\r'), 1_000_000);
    expect(elsewhere.received()).to.equal(frame('any'));
    peer.socket.destroy();
    elsewhere.socket.destroy();
  });

  it('closes connections from unknown addresses before TLS', async () => {
    const bench = await secured();
    const peer = reach(bench, ward, { localAddress: '127.0.0.2' });
    await peer.closed;
    expect(bench.events.of.mllpConnectionsRefused[0]?.reason).to.equal('unknown-address');
    expect(bench.events.of.mllpHandshakeFailed).to.deep.equal([]);
  });

  it('answers who has ended its side', async () => {
    const bench = await secured();
    const peer = reach(bench, ward);
    peer.socket.end(frame('one') + frame('two'));
    await peer.closed;
    expect(peer.received()).to.equal(frame('ward').repeat(2));
  });

  it('cuts who does not get on with TLS', async () => {
    const bench = await secured({ handshake: 50 });
    const socket = await bench.socket();
    socket.resume();
    await once(socket, 'close');
    await until(() => bench.events.of.mllpHandshakeFailed.length === 1);
    expect(bench.events.of.mllpHandshakeFailed[0]?.code).to.equal('ERR_TLS_HANDSHAKE_TIMEOUT');
  });

  it('cuts who speaks something else', async () => {
    const bench = await secured();
    const socket = await bench.socket();
    socket.write(frame('MSH'));
    socket.resume();
    await once(socket, 'close');
    await until(() => bench.events.of.mllpHandshakeFailed.length === 1);
    expect(bench.asked).to.deep.equal([]);
  });

  it('tells of who comes again and again without a certificate once in a minute', async () => {
    const bench = await secured();
    const refuse = async (times: number, shown?: ClientCertificate): Promise<void> => {
      for (let time = 0; time < times; time += 1) await reach(bench, shown).closed;
    };
    const told = (): readonly (readonly [code: string, count: number])[] =>
      bench.events.of.mllpHandshakeFailed.map(({ code, count }) => [code.slice(0, 6), count]);
    await refuse(3);
    await refuse(1, stranger);
    expect(told()).to.deep.equal([
      ['no-cer', 1],
      ['UNABLE', 1],
    ]);
    await bench.clock.advance(60_000);
    await refuse(1);
    expect(told().slice(2)).to.deep.equal([['no-cer', 3]]);
  });

  describe('whose authorities are exchanged', () => {
    const shown = (ca?: string): TlsOptions => ({
      cert: server.certificatePem,
      key: server.privateKeyPem,
      ...(ca === undefined ? {} : { ca }),
    });

    it('answers what has begun, and has everybody show themselves anew', async () => {
      let answer = (): void => undefined;
      const awaited = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const bench = await secured({}, async (message, origin) => {
        if (message === 'slow') await awaited;
        return whose(message, origin);
      });
      const [idle, asking] = [reach(bench, ward), reach(bench, ward)];
      idle.socket.write(frame('MSH'));
      await until(() => idle.received().endsWith('\r'), 1_000_000);
      asking.socket.write(frame('slow'));
      await until(() => bench.asked.length === 2, 1_000_000);
      const half = await bench.socket();
      half.resume();
      const halfClosed = once(half, 'close');
      bench.listener.renewCertificate(shown((await clientAuthority('new')).certificatePem));
      await idle.closed;
      await halfClosed;
      answer();
      await asking.closed;
      expect(asking.received()).to.equal(frame('ward'));
      const again = reach(bench, ward);
      again.socket.write(frame('MSH'));
      await again.closed;
      expect(again.received()).to.equal('');
    });

    it('leaves connections alone where they are the same, or the settings name none any more', async () => {
      const bench = await secured();
      const peer = reach(bench, ward);
      for (const [index, ca] of [authority.certificatePem, undefined].entries()) {
        bench.listener.renewCertificate(shown(ca));
        peer.socket.write(frame('MSH'));
        await until(() => peer.received() === frame('ward').repeat(index + 1), 1_000_000);
        const other = reach(bench, stranger);
        await other.closed;
        expect(other.received()).to.equal('');
        const again = reach(bench, ward);
        again.socket.end(frame('MSH'));
        await again.closed;
        expect(again.received()).to.equal(frame('ward'));
      }
      peer.socket.destroy();
    });
  });

  it('does not wait for half a handshake when it stops', async () => {
    const bench = await secured();
    const socket = await bench.socket();
    socket.resume();
    const peer = reach(bench, ward);
    peer.socket.write(frame('MSH'));
    await until(() => peer.received().endsWith('\r'), 1_000_000);
    const closed = once(socket, 'close');
    await bench.listener.stop(30_000);
    await closed;
    await peer.closed;
  });

  it('goes on when a connection is reset in the middle of TLS', async () => {
    const bench = await secured();
    const socket = await bench.socket();
    await turn();
    socket.resetAndDestroy();
    const peer = reach(bench, ward);
    peer.socket.write(frame('MSH'));
    await until(() => peer.received().endsWith('\r'), 1_000_000);
    peer.socket.destroy();
  });
});
