import { expect } from 'chai';
import { completeConfiguration, type Supplied } from '../../src/config/adapter-configuration.js';
import { loadConfiguration } from '../../src/config/load.js';
import { ConfigurationError, type ConfigurationProblem } from '../../src/config/problems.js';
import type { Configuration } from '../../src/config/schema.js';
import type { Environment } from '../../src/config/environment.js';
import { ManualClock } from '../support/manual-clock.js';
import { smallest, someCertificate, someHash, write } from '../support/configuration-files.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const speaking = smallest.replace('[hl7v3]', '[hl7v2]');
const FINGERPRINT = 'ab'.repeat(32);

/** The smallest configuration with these settings of its listener. */
function listening(mllp: string): string {
  return `${speaking}\nlisteners: { mllp: ${mllp} }\n`;
}

/** Another client of HL7 v2, with these peers. */
function another(peers: string, more = ''): string {
  return `  - { id: other, username: other, passwordHash: '${someHash}', protocols: [hl7v2], organisation: { parent: 999999999 }, hl7v2: { peers: ${peers} }${more} }\n`;
}

describe('the configuration of MLLP', () => {
  const newFolder = temporaryFolders();
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  let certificateFile: string;
  let privateKeyFile: string;

  let pem: Awaited<ReturnType<typeof someCertificate>>;

  before(async () => {
    pem = await someCertificate(clock);
  });

  beforeEach(() => {
    const { certificatePem, privateKeyPem } = pem;
    const folder = newFolder();
    certificateFile = write(folder, 'certificate.pem', certificatePem);
    privateKeyFile = write(folder, 'key.pem', privateKeyPem);
  });

  function load(yaml: string, environment: Environment = {}): Configuration {
    return loadConfiguration({ file: write(newFolder(), 'c.yaml', yaml), environment, clock });
  }

  function problems(yaml: string): readonly ConfigurationProblem[] {
    try {
      load(yaml);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems;
      throw error;
    }
    return [];
  }

  function pathsOf(yaml: string): string[] {
    return problems(yaml).map(({ path }) => path);
  }

  it('is no listener where there are no settings of one', () => {
    expect(load(speaking).listeners.mllp).to.equal(undefined);
  });

  it('fills in every default where there is one', () => {
    expect(load(listening('{ port: 2575 }')).listeners.mllp).to.deep.equal({
      host: '127.0.0.1',
      port: 2575,
      plaintext: false,
      maxMessageBytes: 1_048_576,
      maxConnections: 100,
      idleSeconds: 300,
      messageSeconds: 30,
    });
  });

  it('can be reached from the environment, peers included', () => {
    const { listeners, clients } = load(speaking, {
      PREG_ADAPTER__LISTENERS__MLLP__PORT: '2576',
      PREG_ADAPTER__CLIENTS__0__HL7V2__PEERS__0__ADDRESSES: '10.1.2.3,10.2.0.0/16',
      PREG_ADAPTER__CLIENTS__0__HL7V2__PEERS__0__FACILITY: 'WARD',
    });
    expect(listeners.mllp?.port).to.equal(2576);
    expect(clients[0]?.hl7v2.peers).to.deep.equal([
      { addresses: ['10.1.2.3', '10.2.0.0/16'], facility: 'WARD' },
    ]);
  });

  it('needs no certificate on loopback, and one that knows its clients beyond it', () => {
    const pair = `certificateFile: ${certificateFile}, privateKeyFile: ${privateKeyFile}`;
    for (const host of ['127.0.0.1', '::1', 'localhost']) {
      expect(problems(listening(`{ host: '${host}' }`)), host).to.deep.equal([]);
      expect(problems(listening(`{ host: '${host}', tls: { ${pair} } }`)), host).to.deep.equal([]);
    }
    for (const host of ['0.0.0.0', '::', '10.1.2.3', 'preg.example']) {
      const on = (more: string): string => listening(`{ host: '${host}'${more} }`);
      expect(pathsOf(on('')), host).to.deep.equal(['listeners.mllp.tls']);
      expect(pathsOf(on(', plaintext: true')), host).to.deep.equal([]);
      expect(pathsOf(on(`, tls: { ${pair} }`)), host).to.deep.equal(['listeners.mllp.tls.clientCaFile']);
      expect(pathsOf(on(`, tls: { ${pair}, clientCaFile: ${certificateFile} }`)), host).to.deep.equal([]);
    }
  });

  it('refuses half a certificate, plaintext beside one, and files that cannot be read', () => {
    expect(pathsOf(listening(`{ tls: { certificateFile: ${certificateFile} } }`))).to.deep.equal([
      'listeners.mllp.tls',
    ]);
    const pair = `certificateFile: ${certificateFile}, privateKeyFile: ${privateKeyFile}`;
    expect(pathsOf(listening(`{ plaintext: true, tls: { ${pair} } }`))).to.deep.equal([
      'listeners.mllp.plaintext',
    ]);
    const missing = listening(
      '{ tls: { certificateFile: /none, privateKeyFile: /none, clientCaFile: /none } }',
    );
    expect(pathsOf(missing)).to.have.members([
      'listeners.mllp.tls.certificateFile',
      'listeners.mllp.tls.privateKeyFile',
      'listeners.mllp.tls.clientCaFile',
    ]);
    expect(pathsOf(listening(`{ tls: { ${pair}, clientCaFile: ${privateKeyFile} } }`))).to.deep.equal([
      'listeners.mllp.tls.clientCaFile',
    ]);
  });

  it('refuses a port that another listener has', () => {
    expect(pathsOf(listening('{ port: 8443 }'))).to.deep.equal(['listeners.mllp.port']);
    expect(pathsOf(listening('{ port: 0 }'))).to.deep.equal([]);
  });

  it('is complete with its certificate in the form that listeners take', () => {
    const supplied: Supplied = {
      persontjenesten: { baseUrl: 'https://pt.example', version: 3 },
      helseid: {
        issuer: '',
        clientId: '',
        privateKey: { kty: 'EC', kid: 'k', alg: 'ES256' },
        tenancy: 'single',
      },
      store: { sealingKeys: [], pseudonymKey: new Uint8Array() },
      tls: { kind: 'pem', certificatePem: '', privateKeyPem: '' },
    };
    const pair = `certificateFile: ${certificateFile}, privateKeyFile: ${privateKeyFile}`;
    const complete = (mllp: string): unknown =>
      completeConfiguration(load(listening(mllp)), supplied).listeners.mllp;
    expect(completeConfiguration(load(speaking), supplied).listeners.mllp).to.equal(undefined);
    expect(complete('{ port: 0 }')).to.include({ port: 0, tls: undefined });
    expect(complete(`{ tls: { ${pair}, clientCaFile: ${certificateFile} } }`))
      .to.have.property('tls')
      .that.deep.equals({
        certificate: { kind: 'pem-files', certificateFile, privateKeyFile, passphrase: undefined },
        clientCaFile: certificateFile,
      });
  });

  describe('peers', () => {
    const own = (peers: string): string =>
      speaking.replace('organisation:', `hl7v2: { peers: ${peers} }\n    organisation:`);
    const knowing = (yaml: string): string =>
      `${yaml}\nlisteners: { mllp: { tls: { certificateFile: ${certificateFile}, privateKeyFile: ${privateKeyFile}, clientCaFile: ${certificateFile} } } }\n`;

    it('have an address at least, which is one', () => {
      expect(pathsOf(own('[{ addresses: [] }]'))).to.deep.equal(['clients[0].hl7v2.peers[0].addresses']);
      expect(pathsOf(own('[{ application: EPJ }]'))).to.deep.equal(['clients[0].hl7v2.peers[0].addresses']);
      expect(pathsOf(own('[{ addresses: [ward.example] }]'))).to.deep.equal([
        'clients[0].hl7v2.peers[0].addresses[0]',
      ]);
    });

    it('are refused for a client that does not speak HL7 v2', () => {
      expect(pathsOf(own('[{ addresses: [10.1.2.3] }]').replace('[hl7v2]', '[hl7v3]'))).to.deep.equal([
        'clients[0].hl7v2.peers',
      ]);
    });

    it('have a certificate only where the listener asks for one', () => {
      const peer = (certificate: string): string =>
        own(`[{ addresses: [10.1.2.3], certificate: '${certificate}' }]`);
      expect(pathsOf(peer(FINGERPRINT))).to.deep.equal(['clients[0].hl7v2.peers[0].certificate']);
      expect(pathsOf(knowing(peer(FINGERPRINT)))).to.deep.equal([]);
      expect(pathsOf(knowing(peer('AB:'.repeat(31) + 'CD')))).to.deep.equal([]);
      for (const malformed of ['ab'.repeat(31), 'xy'.repeat(32), 'ab'.repeat(33)]) {
        expect(pathsOf(knowing(peer(malformed)))).to.deep.equal(['clients[0].hl7v2.peers[0].certificate']);
      }
    });

    const beside = (one: string, other: string, more = ''): string[] =>
      pathsOf(knowing(own(`[${one}]`) + another(`[${other}]`, more)));
    const other = ['clients[1].hl7v2.peers[0]'];

    it('of two clients are told apart by address', () => {
      expect(beside('{ addresses: [10.1.0.0/16] }', '{ addresses: [10.1.2.3] }')).to.deep.equal(other);
      expect(beside('{ addresses: [10.1.2.3] }', '{ addresses: [10.9.9.9, 10.1.0.0/16] }')).to.deep.equal(
        other,
      );
      expect(beside('{ addresses: [10.1.0.0/16] }', '{ addresses: [10.2.0.0/16] }')).to.deep.equal([]);
    });

    it('of two clients at one address are told apart by what they call themselves, if both do', () => {
      const at = (marks: string): string => `{ addresses: [10.1.2.3], ${marks} }`;
      expect(beside(at('application: A'), at('application: B'))).to.deep.equal([]);
      expect(beside(at('application: A'), at('application: A'))).to.deep.equal(other);
      expect(beside(at('application: A'), at('facility: F'))).to.deep.equal(other);
      expect(beside(at('application: A, facility: F'), at('application: A, facility: G'))).to.deep.equal([]);
    });

    it('of two clients at one address are told apart by certificate, however it is written', () => {
      const at = (certificate: string): string => `{ addresses: [10.1.2.3], certificate: '${certificate}' }`;
      expect(beside(at(FINGERPRINT), at('cd'.repeat(32)))).to.deep.equal([]);
      expect(beside(at(FINGERPRINT), at('AB:'.repeat(31) + 'AB'))).to.deep.equal(other);
    });

    it('of a client that is switched off are in nobody’s way, nor one’s own in one’s own', () => {
      const same = '{ addresses: [10.1.2.3] }';
      expect(beside(same, same, ', enabled: false')).to.deep.equal([]);
      expect(pathsOf(own(`[${same}, ${same}]`))).to.deep.equal([]);
    });

    it('say which other one they may be', () => {
      expect(
        problems(own('[{ addresses: [10.1.2.3] }]') + another('[{ addresses: [10.1.2.3] }]')),
      ).to.deep.equal([
        {
          path: 'clients[1].hl7v2.peers[0]',
          found: 'a peer that may be clients[0].hl7v2.peers[0], too',
          expected: 'addresses, application, facility or certificate that tell the two clients apart',
        },
      ]);
    });
  });
});
