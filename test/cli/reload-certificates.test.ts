import { renameSync } from 'node:fs';
import { Agent } from 'node:https';
import { connect } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { clientAuthority } from '../support/client-certificates.js';
import { write } from '../support/configuration-files.js';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { post } from '../support/https-post.js';
import { programs } from '../support/programs.js';
import { freePorts, startProgram } from '../support/started-adapter.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const CALLERS = 4;

describe('preg-adapter start, asked to reload with renewed certificates (QUALITY 60)', function () {
  // Programs that start, on a busy machine; nothing here is about speed.
  this.timeout(60_000);
  const run = programs();

  it('shows them to new connections at every listener, and nobody who is connected notices', async () => {
    const folder = run.folder();
    const certificate = join(folder, 'certificate.pem');
    const key = join(folder, 'key.pem');
    const passphraseless = { CERTIFICATE_FILE: certificate, PRIVATE_KEY_FILE: key };
    /** Renews as operators do: both files are written beside and renamed. */
    const renew = async (commonName: string, keyOf = commonName): Promise<string> => {
      const made = await certificateFor(commonName);
      const other = keyOf === commonName ? made : await certificateFor(keyOf);
      write(folder, 'new.pem', made.certificatePem);
      write(folder, 'new-key.pem', other.privateKeyPem);
      renameSync(join(folder, 'new.pem'), certificate);
      renameSync(join(folder, 'new-key.pem'), key);
      return made.certificatePem;
    };
    const first = await renew('first');
    const clientCa = write(folder, 'clients.pem', (await clientAuthority('ours')).certificatePem);
    const tls = (listener: string, more: Readonly<Record<string, string>> = {}) =>
      Object.fromEntries(
        Object.entries({ ...passphraseless, ...more }).map(([name, value]) => [
          `PREG_ADAPTER__LISTENERS__${listener}__TLS__${name}`,
          value,
        ]),
      );
    const program = run.watch(
      startProgram({
        ...freePorts(join(folder, 'data')),
        ...tls('LEGACY'),
        ...tls('OPERATIONS'),
        ...tls('MLLP', { CLIENT_CA_FILE: clientCa }),
        PREG_ADAPTER__LOGGING__FORMAT: 'json',
      }),
    );
    const [, legacyPort = ''] = await program.says(/HL7 v3 +https:\/\/127\.0\.0\.1:(\d+)/);
    const [, mllpPort = ''] = await program.says(/127\.0\.0\.1:(\d+) \(MLLP with TLS\)/);
    const [, operationsPort = ''] = await program.says(/Operations +https?:\/\/127\.0\.0\.1:(\d+)/);
    await program.says(/^Ctrl-C ends it\.$/);
    const ports = [legacyPort, mllpPort, operationsPort].map(Number);
    const shown = () => Promise.all(ports.map(subjectAt));
    expect(await shown()).to.deep.equal(['CN=first', 'CN=first', 'CN=first']);

    const url = `https://127.0.0.1:${legacyPort}${HL7V3_PATH}`;
    const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
    let opened = 0;
    agent.on('free', () => undefined);
    const createConnection = agent.createConnection.bind(agent);
    agent.createConnection = (...args) => {
      opened += 1;
      return createConnection(...args);
    };
    let over = false;
    const statuses = new Set<number>();
    let answers = 0;
    const waiting: { count: number; resolve: () => void }[] = [];
    const more = (count: number): Promise<void> =>
      new Promise((resolve) => waiting.push({ count: answers + count, resolve }));
    const caller = async (place: number): Promise<void> => {
      for (let next = place; !over; next += CALLERS) {
        const question = getDemographicsRequest({ numbers: [syntheticNumber(next)], now: new Date() });
        // Trusts the first certificate alone: a connection of its own later on would fail.
        const { status } = await post({ url, ca: first, agent }, question);
        statuses.add(status);
        answers += 1;
        for (const one of waiting.filter(({ count }) => count <= answers)) one.resolve();
      }
    };
    const callers = Promise.all(Array.from({ length: CALLERS }, (_, place) => caller(place)));
    await Promise.race([more(20), callers]);

    const second = await renew('second');
    program.signal('SIGHUP');
    for (const listener of ['legacy', 'mllp', 'operations']) {
      await program.says(new RegExp(`a new certificate.*"setting":"listeners\\.${listener}".*"endsAt":"2`));
    }
    expect(await shown()).to.deep.equal(['CN=second', 'CN=second', 'CN=second']);
    await Promise.race([more(20), callers]);

    // A certificate with the key of another one: nothing changes, and it is told.
    await renew('third', 'fourth');
    program.signal('SIGHUP');
    await program.says(
      /"configuration was not reloaded.*listeners\.legacy\.tls: found a certificate and key/,
    );
    expect(await shown()).to.deep.equal(['CN=second', 'CN=second', 'CN=second']);
    await Promise.race([more(20), callers]);
    over = true;
    await callers;
    expect([...statuses], 'answers').to.deep.equal([200]);
    expect(opened, 'connections').to.equal(CALLERS);
    agent.destroy();

    const question = getDemographicsRequest({ numbers: [syntheticNumber(10_000)], now: new Date() });
    expect((await post({ url, ca: second }, question)).status).to.equal(200);
    program.signal('SIGTERM');
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
  });
});

function certificateFor(commonName: string): ReturnType<typeof createSelfSignedCertificate> {
  return createSelfSignedCertificate({ commonName, clock: systemClock, random: systemRandom });
}

/** Whose certificate a new connection is shown; nothing that it says is believed. */
function subjectAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      const certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
      socket.destroy();
      resolve(certificate?.subject ?? 'nobody');
    });
    socket.once('error', reject);
  });
}
