import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfiguration } from '../../src/config/load.js';
import type { Environment } from '../../src/config/environment.js';
import { packageRoot } from '../../src/config/package-root.js';
import { ConfigurationError, type ConfigurationProblem } from '../../src/config/problems.js';
import type { Configuration } from '../../src/config/schema.js';
import { parsePasswordHash, verifyPassword } from '../../src/access/password-hash.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import { ManualClock } from '../support/manual-clock.js';
import {
  smallest,
  someCertificate,
  someHash,
  someJwk,
  someKey,
  write,
} from '../support/configuration-files.js';
import { temporaryFolders } from '../support/temporary-folder.js';

describe('loading the configuration', function () {
  // Much to do on a busy machine; nothing here is about speed.
  this.timeout(10_000);

  const newFolder = temporaryFolders();
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  let certificatePem: string;
  let privateKeyPem: string;
  let otherKeyPem: string;

  before(async () => {
    ({ certificatePem, privateKeyPem } = await someCertificate(clock));
    ({ privateKeyPem: otherKeyPem } = await someCertificate(clock));
  });

  function load(yaml: string, environment: Environment = {}, at = clock): Configuration {
    return loadConfiguration({ file: write(newFolder(), 'c.yaml', yaml), environment, clock: at });
  }

  function problems(
    yaml: string,
    environment: Environment = {},
    at = clock,
  ): readonly ConfigurationProblem[] {
    try {
      load(yaml, environment, at);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems;
      throw error;
    }
    return [];
  }

  function pathsOf(yaml: string, environment: Environment = {}): string[] {
    return problems(yaml, environment).map(({ path }) => path);
  }

  it('fills in every default', () => {
    const configuration = load(smallest);
    const { listeners, clients, profiles, mapping, hl7v3, audit, logging, sandbox } = configuration;
    expect(listeners).to.deep.equal({
      legacy: {
        host: '127.0.0.1',
        port: 8443,
        plaintext: false,
        requestDeadlineSeconds: 30,
        maxRequestBytes: 1048576,
        maxConcurrentRequests: 200,
        maxWaitMilliseconds: 1_000,
        maxConnections: 2000,
        trustedProxies: [],
      },
      operations: { host: '127.0.0.1', port: 9090, maxConnections: 100 },
    });
    expect(clients).to.deep.equal([
      {
        id: 'epj',
        username: 'epj',
        passwordHash: someHash,
        enabled: true,
        protocols: ['hl7v3'],
        organisation: { parent: '999999999' },
        access: 'full',
        profile: 'complete',
        quirks: { noFixedAbode: 'send', refusedSearch: 'fault', maxReplyBytes: 65_536 },
        filematch: {
          layouts: ['pfm-fixed', 'pfm-csv'],
          mode: 'V',
          weakMatches: 'mask',
          ready: 'rename',
        },
        hl7v2: { peers: [] },
      },
    ]);
    expect(configuration.filematch).to.deep.equal({
      layoutFiles: [],
      rowsPerBatch: 100,
      maxConcurrentBatches: 4,
      strongScore: 85,
      weakScore: 60,
      checkDigits: 'until-2032',
      maxFileBytes: 1024 ** 3,
      pollSeconds: 10,
      patienceHours: 24,
      keepInput: false,
      retentionDays: 14,
    });
    expect(profiles).to.deep.equal({ complete: { groups: [...fieldGroups] } });
    expect(mapping).to.deep.equal({ fill: 'faithful', supersededLookup: 'own-record' });
    expect(configuration.pregXml).to.deep.equal({
      contractVersion: '2018',
      blankStringAs: 'nil',
      malformedNumber: 'nil',
      resultsPerPage: 20,
      httpBasic: false,
    });
    expect(configuration.upstream).to.deep.equal({
      callTimeoutSeconds: 10,
      retries: 2,
      maxConcurrentCalls: 64,
      maxConcurrentBatchCalls: 8,
      maxWaitingCalls: 2000,
      probeSeconds: 30,
      breaker: { failurePercent: 50, minimumCalls: 20, windowSeconds: 30, openSeconds: 10 },
      coalescing: { enabled: true, maxWaitMilliseconds: 250 },
      cache: {
        enabled: false,
        maxEntries: 10_000,
        maxAgeSeconds: 300,
        staleWhileDown: false,
        staleMaxAgeMinutes: 60,
      },
    });
    expect(hl7v3).to.deep.equal({ processingCode: 'any' });
    expect(configuration.hl7v2).to.deep.include({
      processingId: 'any',
      defaultCharset: '8859/1',
      identifierTypes: 'hl7',
      pageSize: 20,
      maxHits: 1_000,
      continuationMinutes: 10,
    });
    expect(configuration.helpNumbers).to.deep.equal({ series: [] });
    expect(audit).to.deep.equal({ retentionDays: 3650, whenUnwritable: 'withhold' });
    expect(logging).to.deep.equal({ level: 'info', levels: {}, format: 'json', tracedRequests: 500 });
    expect(sandbox).to.deep.equal({
      port: 8444,
      version: 3,
      population: 10000,
      seed: 1,
      persons: [join(packageRoot(), 'fixtures', 'persons')],
    });
  });

  it('reads the sandbox configuration that comes with the adapter, whose password is the documented one', async () => {
    const { clients, helpNumbers, sandbox, logging } = loadConfiguration({
      file: join(packageRoot(), 'config', 'sandbox.yaml'),
      environment: {},
      clock,
    });
    const hash = parsePasswordHash(clients[0]?.passwordHash ?? '');
    expect(clients[0]?.username).to.equal('epj-sandbox');
    expect(hash && (await verifyPassword('epj-sandbox', hash))).to.equal(true);
    expect(sandbox?.port).to.equal(8444);
    expect(logging.format).to.equal('pretty');
    // NHN's range for tests.
    for (const { from, to } of helpNumbers.series) {
      expect(from >= '800000000' && to <= '800009998').to.equal(true);
    }
  });

  it('keeps leading zeros and text that looks like a number', () => {
    const yaml = smallest
      .replace('parent: 999999999', 'parent: 012345678')
      .replace('username: epj', 'username: 0017');
    const [client] = load(yaml).clients;
    expect(client?.organisation.parent).to.equal('012345678');
    expect(client?.username).to.equal('0017');
  });

  it('lets the key of a session live from 1 to 24 hours', () => {
    const withLifetime = (hours: string): string =>
      `${smallest}\nsecureConversation: { keyLifetimeHours: ${hours} }\n`;
    expect(load(smallest).secureConversation).to.deep.equal({ keyLifetimeHours: 15 });
    for (const hours of ['1', '24']) expect(problems(withLifetime(hours))).to.deep.equal([]);
    for (const hours of ['0', '25', '1.5', 'x']) {
      expect(problems(withLifetime(hours)).map(({ path, expected }) => [path, expected])).to.deep.equal([
        ['secureConversation.keyLifetimeHours', 'hours, a whole number from 1 to 24'],
      ]);
    }
  });

  it('reads a list that is written with commas', () => {
    expect(load(smallest.replace('[hl7v3]', 'hl7v3, preg-xml')).clients[0]?.protocols).to.deep.equal([
      'hl7v3',
      'preg-xml',
    ]);
  });

  it('takes either a hash or a sealed password for each client', () => {
    const sealed = smallest.replace(`passwordHash: ${someHash}`, 'sealedPassword: c2VhbGVk');
    expect(problems(sealed)).to.deep.equal([]);
    expect(problems(sealed.replace('c2VhbGVk', 'not base64!'))).to.deep.equal([
      {
        path: 'clients[0].sealedPassword',
        found: 'a value that is not shown here',
        expected: 'a sealed password as preg-adapter seal-password prints it',
      },
    ]);
    const both = smallest.replace('passwordHash:', 'sealedPassword: c2VhbGVk\n    passwordHash:');
    const neither = smallest.replace(/ *passwordHash:.*\n/, '');
    expect([...problems(both), ...problems(neither)].map(({ path, found }) => [path, found])).to.deep.equal([
      ['clients[0].passwordHash', 'a hash beside sealedPassword'],
      ['clients[0].passwordHash', 'nothing'],
    ]);
  });

  it('takes a burst of requests beside a rate alone', () => {
    const withSettings = (more: string): string =>
      smallest.replace('passwordHash:', `${more}\n    passwordHash:`);
    expect(problems(withSettings('requestsPerSecond: 5\n    requestBurst: 50'))).to.deep.equal([]);
    expect(problems(withSettings('requestsPerSecond: 5'))).to.deep.equal([]);
    expect(problems(withSettings('requestBurst: 50')).map(({ path, found }) => [path, found])).to.deep.equal([
      ['clients[0].requestsPerSecond', 'nothing beside requestBurst'],
    ]);
  });

  it('lists every problem at once, with path, finding and expectation', () => {
    const yaml = `
data: { directory: data, folder: x }
listeners:
  legacy: { port: 70000, plaintext: maybe, requestDeadlineSecond: 3, trustedProxies: [10.0.0.0/99] }
publicBaseUrl: ftp://x
sandbox: { population: many }
clients:
  - { id: a b, username: u, passwordHash: '${someHash}', protocols: [], organisation: { parent: 12 } }
  - { id: second, username: u, protocols: [hl7], organisation: { parent: 999999999 }, profile: nurse }
`;
    const found = problems(yaml);
    expect(found.map(({ path }) => path)).to.have.members([
      'publicBaseUrl',
      'data.folder',
      'listeners.legacy.port',
      'listeners.legacy.plaintext',
      'listeners.legacy.requestDeadlineSecond',
      'listeners.legacy.trustedProxies[0]',
      'sandbox.population',
      'clients[0].id',
      'clients[0].protocols',
      'clients[0].organisation.parent',
      'clients[1].passwordHash',
      'clients[1].protocols[0]',
      'clients[1].username',
      'clients[1].profile',
    ]);
    expect(found.find(({ path }) => path === 'listeners.legacy.port')).to.deep.equal({
      path: 'listeners.legacy.port',
      found: '70000',
      expected: 'a port, a whole number from 0 to 65535',
    });
    expect(found.find(({ path }) => path === 'clients[1].username')).to.deep.equal({
      path: 'clients[1].username',
      found: 'the same as in clients[0]',
      expected: 'one of its own',
    });
    for (const { found: what, expected } of found) {
      expect(what, expected).to.not.match(/undefined|\[object|Invalid/);
      expect(expected).to.not.match(/undefined|\[object|Invalid/);
    }
  });

  it('guesses what a misspelt setting was meant to be', () => {
    const [problem] = problems(smallest.replace('sandbox: {}', 'sandbox: { populaton: 5 }'));
    expect(problem).to.deep.equal({
      path: 'sandbox.populaton',
      found: 'an unknown setting',
      expected: 'perhaps population',
    });
  });

  it('says what is missing when there is nothing', () => {
    for (const empty of ['', '# nothing', '{}']) {
      expect(pathsOf(empty)).to.have.members([
        'data',
        'clients',
        'persontjenesten',
        'helseid',
        'store',
        'listeners.legacy.tls',
      ]);
    }
    expect(pathsOf('just a text')).to.include('the file itself');
  });

  it('says that the file cannot be read', () => {
    expect(() =>
      loadConfiguration({ file: join(newFolder(), 'none.yaml'), environment: {}, clock }),
    ).to.throw(
      ConfigurationError,
      /none\.yaml is wrong at the file itself: found nothing that can be read \(ENOENT\)/,
    );
  });

  it('says where the YAML is broken without showing the line', () => {
    const found = problems(`${smallest}helseid: { privateKey: "tell-nobody\n`);
    expect(found[0]?.path).to.match(/^line \d+, column \d+$/);
    expect(JSON.stringify(found)).to.not.contain('tell-nobody');
    expect(pathsOf(`${smallest}\ndata: {}\n`)[0], 'a setting given twice').to.match(/^line \d+/);
  });

  it('never shows a secret that it complains about', () => {
    const hospital = `
data: { directory: data }
clients: [{ id: a, username: b, passwordHash: open-sesame-1, protocols: [hl7v3], organisation: { parent: 999999999 } }]
listeners: { legacy: { tls: { pfxFile: /nowhere, passphrase: [open-sesame-2] } } }
persontjenesten: { baseUrl: 'https://user:open-sesame-3@example.org' }
helseid: { issuer: 'https://x.example', clientId: x, privateKey: open-sesame-4 }
store: { sealingKeys: [{ id: a, key: open-sesame-5 }], pseudonymKey: { open-sesame-6: 1 } }
password: open-sesame-7
`;
    const found = problems(hospital);
    expect(found.map(({ path }) => path)).to.include.members([
      'clients[0].passwordHash',
      'listeners.legacy.tls.passphrase',
      'persontjenesten.baseUrl',
      'helseid.privateKey',
      'store.sealingKeys[0].key',
      'store.pseudonymKey',
      'password',
    ]);
    expect(JSON.stringify(found)).to.not.contain('sesame');
  });

  it('accepts a hospital and gives its keys as octets and its JWK as an object', () => {
    const folder = newFolder();
    const configuration = load(hospital(folder));
    expect(configuration.store?.pseudonymKey).to.deep.equal(new Uint8Array(32).fill(5));
    expect(configuration.helseid?.privateKey).to.deep.equal(JSON.parse(someJwk));
    expect(configuration.sandbox).to.equal(undefined);
  });

  function hospital(folder: string, tls?: string): string {
    const certificateFile = write(folder, 'certificate.pem', certificatePem);
    const privateKeyFile = write(folder, 'key.pem', privateKeyPem);
    return `${smallest.replace('sandbox: {}', '')}
listeners: { legacy: { tls: ${tls ?? `{ certificateFile: ${certificateFile}, privateKeyFile: ${privateKeyFile} }`} } }
persontjenesten: { baseUrl: 'https://pt.example/v3' }
helseid: { issuer: 'https://helseid.example', clientId: me, privateKey: '${someJwk}' }
store: { sealingKeys: [{ id: a, key: '${someKey}' }], pseudonymKey: '${someKey}' }
`;
  }

  describe('the key for HelseID', () => {
    it('is told with the file that it came from, and without one where it came otherwise', () => {
      const folder = newFolder();
      const file = write(folder, 'key.jwk', someJwk);
      const byFile = hospital(folder).replace(`privateKey: '${someJwk}'`, `privateKeyFile: ${file}`);
      expect(load(byFile).helseid?.privateKeyFile).to.equal(file);
      expect(load(byFile).helseid?.privateKey).to.deep.equal(JSON.parse(someJwk));
      expect(load(hospital(folder)).helseid).to.not.have.property('privateKeyFile');
      const environment = { PREG_ADAPTER__HELSEID__PRIVATE_KEY_FILE: file };
      expect(load(hospital(folder), environment).helseid?.privateKeyFile).to.equal(file);
    });

    it('has a self service of its own, where one is named', () => {
      const folder = newFolder();
      expect(load(hospital(folder)).helseid?.selfServiceUrl).to.equal(undefined);
      const named = (url: string): string =>
        hospital(folder).replace('clientId: me', `clientId: me, selfServiceUrl: '${url}'`);
      const url = 'https://api.selvbetjening.example';
      expect(load(named(url)).helseid?.selfServiceUrl).to.equal(url);
      expect(pathsOf(named('http://api.selvbetjening.example'))).to.deep.equal(['helseid.selfServiceUrl']);
    });

    it('in PEM has its id and algorithm from the settings', () => {
      const folder = newFolder();
      const pem = hospital(folder).replace(
        `privateKey: '${someJwk}'`,
        `privateKeyFile: ${write(folder, 'helseid.pem', privateKeyPem)}`,
      );
      expect(problems(pem)).to.deep.equal([
        {
          path: 'helseid.keyId',
          found: 'nothing',
          expected: 'the id (kid) that the key is registered with, since PEM has none',
        },
      ]);
      const { helseid } = load(pem.replace('clientId: me', 'clientId: me, keyId: 2026'));
      expect(helseid?.privateKey).to.include({ kid: '2026' }).and.have.property('alg');
    });

    it('that cannot be used is told beside whatever else is wrong, once, and never shown', () => {
      const broken = hospital(newFolder())
        .replace(`privateKey: '${someJwk}'`, `privateKey: '${someJwk.replace('ES256', 'PS256')}'`)
        .replace('issuer: ', 'isuer: ');
      const found = problems(broken);
      expect(found.map(({ path }) => path)).to.have.members([
        'helseid.issuer',
        'helseid.isuer',
        'helseid.privateKey',
      ]);
      expect(JSON.stringify(found)).to.include('does not fit the key').and.not.include('"d"');
    });
  });

  describe('what one setting demands of another', () => {
    it('refuses bearer tokens beside version 3', () => {
      const bearer = hospital(newFolder()).replace('clientId: me', 'clientId: me, tokens: bearer');
      expect(pathsOf(bearer)).to.deep.equal(['helseid.tokens']);
      expect(pathsOf(bearer.replace("pt.example/v3'", "pt.example/v3', version: 2"))).to.deep.equal([]);
      expect(pathsOf(bearer.replace('bearer', 'dpop'))).to.deep.equal([]);
    });

    it('refuses a sandbox beside the real services', () => {
      const folder = newFolder();
      expect(pathsOf(`${hospital(folder)}\nsandbox: {}`)).to.deep.equal(['persontjenesten', 'helseid']);
    });

    it('refuses a listener without certificate unless plaintext is asked for by name', () => {
      const folder = newFolder();
      const without = hospital(folder).replace(/^listeners:.*$/m, '');
      expect(pathsOf(without)).to.deep.equal(['listeners.legacy.tls']);
      expect(pathsOf(`${without}\nlisteners: { legacy: { plaintext: false } }`)).to.deep.equal([
        'listeners.legacy.tls',
      ]);
      expect(pathsOf(`${without}\nlisteners: { legacy: { plaintext: true, host: 0.0.0.0 } }`)).to.deep.equal(
        [],
      );
    });

    it('refuses plaintext beside a certificate', () => {
      const folder = newFolder();
      const yaml = hospital(folder).replace('{ legacy: {', '{ legacy: { plaintext: true,');
      expect(pathsOf(yaml)).to.deep.equal(['listeners.legacy.plaintext']);
    });

    it('refuses half a certificate, and two', () => {
      const folder = newFolder();
      const file = write(folder, 'x.pem', certificatePem);
      for (const tls of [
        '{}',
        '{ passphrase: x }',
        `{ certificateFile: ${file} }`,
        `{ privateKeyFile: ${file} }`,
        `{ certificateFile: ${file}, privateKeyFile: ${file}, pfxFile: ${file} }`,
      ]) {
        expect(pathsOf(hospital(folder, tls)), tls).to.include('listeners.legacy.tls');
      }
    });

    it('refuses ports that are taken twice, the sandbox’s second one included', () => {
      expect(pathsOf(`${smallest}\nlisteners: { legacy: { port: 9090 } }`)).to.deep.equal([
        'listeners.operations.port',
      ]);
      expect(pathsOf(smallest.replace('sandbox: {}', 'sandbox: { port: 9089 }'))).to.deep.equal([
        'sandbox.port',
      ]);
      expect(pathsOf(smallest.replace('sandbox: {}', 'sandbox: { port: 65535 }'))).to.deep.equal([
        'sandbox.port',
      ]);
      expect(
        pathsOf(
          `${smallest.replace('sandbox: {}', 'sandbox: { port: 0 }')}\nlisteners: { legacy: { port: 0 }, operations: { port: 0 } }`,
        ),
      ).to.deep.equal([]);
    });

    it('lets nobody redefine the built-in profile', () => {
      expect(pathsOf(`${smallest}\nprofiles: { complete: { groups: [names] } }`)).to.deep.equal([
        'profiles.complete',
      ]);
    });

    it('refuses to follow the event feed on behalf of nobody', () => {
      expect(pathsOf(`${smallest}\nevents: { enabled: true }`)).to.deep.equal(['events.organisation']);
      expect(
        pathsOf(`${smallest}\nevents: { enabled: true, organisation: { parent: 999999999 } }`),
      ).to.deep.equal([]);
      expect(pathsOf(`${smallest}\nevents: { enabled: false }`)).to.deep.equal([]);
    });

    it('refuses to keep documents that no event feed vouches for, and old ones where none are kept', () => {
      const cached = (cache: string, events = ''): string =>
        `${smallest}\nupstream: { cache: { ${cache} } }\n${events}`;
      const followed = 'events: { enabled: true, organisation: { parent: 999999999 } }';
      expect(pathsOf(cached('enabled: true'))).to.deep.equal(['upstream.cache.enabled']);
      expect(pathsOf(cached('enabled: true, staleWhileDown: true', followed))).to.deep.equal([]);
      expect(pathsOf(cached('staleWhileDown: true', followed))).to.deep.equal([
        'upstream.cache.staleWhileDown',
      ]);
      expect(pathsOf(cached('enabled: false'))).to.deep.equal([]);
      expect(pathsOf(cached('maxEntries: 100000'))).to.deep.equal([]);
      expect(pathsOf(cached('maxEntries: 100001'))).to.deep.equal(['upstream.cache.maxEntries']);
      const seldom = (seconds: number): string =>
        `events: { enabled: true, organisation: { parent: 999999999 }, pollSeconds: ${seconds} }`;
      expect(pathsOf(cached('enabled: true', seldom(240)))).to.deep.equal([]);
      expect(pathsOf(cached('enabled: true', seldom(241)))).to.deep.equal(['events.pollSeconds']);
      expect(pathsOf(cached('enabled: false', seldom(3600)))).to.deep.equal([]);
    });

    it('refuses to keep documents for longer than old ones may answer', () => {
      const kept = (cache: string): string =>
        `${smallest}\nupstream: { cache: { enabled: true, ${cache} } }\n` +
        'events: { enabled: true, organisation: { parent: 999999999 } }';
      const stale = (seconds: number, more = ''): string[] =>
        pathsOf(kept(`staleWhileDown: true, maxAgeSeconds: ${seconds}${more}`));
      expect(stale(3_600)).to.deep.equal([]);
      expect(stale(3_601)).to.deep.equal(['upstream.cache.maxAgeSeconds']);
      expect(stale(3_601, ', staleMaxAgeMinutes: 61')).to.deep.equal([]);
      expect(pathsOf(kept('staleWhileDown: true, staleMaxAgeMinutes: 4'))).to.deep.equal([
        'upstream.cache.maxAgeSeconds',
      ]);
      expect(pathsOf(kept('maxAgeSeconds: 86400'))).to.deep.equal([]);
    });

    it('refuses to let batch work take all calls', () => {
      const calls = (settings: string): string[] => pathsOf(`${smallest}\nupstream: { ${settings} }`);
      const batch = ['upstream.maxConcurrentBatchCalls'];
      expect(calls('maxConcurrentCalls: 9')).to.deep.equal([]);
      expect(calls('maxConcurrentCalls: 8')).to.deep.equal(batch);
      expect(calls('maxConcurrentCalls: 8, maxConcurrentBatchCalls: 7')).to.deep.equal([]);
      expect(calls('maxConcurrentCalls: 8, maxConcurrentBatchCalls: 9')).to.deep.equal(batch);
      expect(calls('maxConcurrentBatchCalls: 63')).to.deep.equal([]);
      expect(calls('maxConcurrentBatchCalls: 64')).to.deep.equal(batch);
      expect(calls('maxConcurrentCalls: 1')).to.deep.equal(batch);
      expect(calls('maxConcurrentCalls: 1, maxConcurrentBatchCalls: 1'), 'one call, in turns').to.deep.equal(
        [],
      );
    });

    it('refuses calls that may take as long as the request that they are for', () => {
      const times = (call: string, request: string): string[] =>
        pathsOf(`${smallest}\nupstream: { ${call} }\nlisteners: { legacy: { ${request} } }`);
      const call = ['upstream.callTimeoutSeconds'];
      expect(times('callTimeoutSeconds: 29', '')).to.deep.equal([]);
      expect(times('callTimeoutSeconds: 30', '')).to.deep.equal(call);
      expect(times('callTimeoutSeconds: 30', 'requestDeadlineSeconds: 31')).to.deep.equal([]);
      expect(times('', 'requestDeadlineSeconds: 11')).to.deep.equal([]);
      expect(times('', 'requestDeadlineSeconds: 10')).to.deep.equal(call);
      expect(
        times('callTimeoutSeconds: 1', 'requestDeadlineSeconds: 1'),
        'no less is possible',
      ).to.deep.equal([]);
    });

    it('refuses settings of Filematch that contradict each other', () => {
      const filematch = (settings: string): string[] => pathsOf(`${smallest}\nfilematch: { ${settings} }`);
      expect(filematch('strongScore: 70, weakScore: 70')).to.deep.equal([]);
      expect(filematch('strongScore: 59')).to.deep.equal(['filematch.weakScore']);
      expect(filematch('window: { from: "20:00", to: "06:00" }')).to.deep.equal([]);
      expect(filematch('window: { from: "20:00", to: "20:00" }')).to.deep.equal(['filematch.window.to']);
      expect(filematch('window: { from: "24:00", to: "06:00" }')).to.deep.equal(['filematch.window.from']);
    });

    it('refuses a drop folder of two clients, and of one that may not use it', () => {
      const folder = 'filematch: { folder: /srv/files }';
      const alone = smallest.replace('protocols: [hl7v3]', `protocols: [hl7v3]\n    ${folder}`);
      const allowed = alone.replace('[hl7v3]', '[hl7v3, filematch]');
      const second = `  - { id: b, username: b, passwordHash: "${someHash}", protocols: [filematch], organisation: { parent: "999999999" }, ${folder} }\n`;
      expect(pathsOf(alone)).to.deep.equal(['clients[0].filematch.folder']);
      expect(pathsOf(allowed)).to.deep.equal([]);
      expect(pathsOf(`${allowed}${second}`)).to.deep.equal(['clients[1].filematch.folder']);
      for (const spelled of ['/srv/files/', '/srv/other/../files', '/srv/files/ut', '/srv', '/']) {
        const other = second.replace('/srv/files', spelled);
        expect(pathsOf(`${allowed}${other}`), spelled).to.deep.equal(['clients[1].filematch.folder']);
      }
      const apart = second.replace('/srv/files', '/srv/files2');
      expect(pathsOf(`${allowed}${apart}`)).to.deep.equal([]);
    });

    it('refuses series of help numbers that run backwards or overlap', () => {
      const withSeries = (series: string): string => `${smallest}\nhelpNumbers: { series: [${series}] }`;
      const one = '{ from: 800000000, to: 800000999 }';
      expect(pathsOf(withSeries(one))).to.deep.equal([]);
      expect(pathsOf(withSeries(`${one}, { from: 800001000, to: 800001000 }`))).to.deep.equal([]);
      for (const other of ['{ from: 800000500, to: 800002000 }', '{ from: 800000999, to: 800000999 }', one]) {
        expect(pathsOf(withSeries(`${one}, ${other}`)), other).to.deep.equal(['helpNumbers.series[1]']);
      }
      expect(pathsOf(withSeries('{ from: 800000999, to: 800000000 }'))).to.deep.equal([
        'helpNumbers.series[0]',
      ]);
    });

    it('refuses a series of other numbers than help numbers', () => {
      for (const end of ['700000000', '80000000', '80000000098', 'abc']) {
        const yaml = `${smallest}\nhelpNumbers: { series: [{ from: ${end}, to: 899999999 }] }`;
        expect(pathsOf(yaml), end).to.deep.equal(['helpNumbers.series[0].from']);
      }
    });

    it('refuses two sealing keys of one name', () => {
      const yaml = hospital(newFolder()).replace(
        'sealingKeys: [',
        `sealingKeys: [{ id: a, key: '${someKey}' }, `,
      );
      expect(pathsOf(yaml)).to.deep.equal(['store.sealingKeys[1].id']);
    });
  });

  describe('a proxy', () => {
    for (const [credentials, found] of [
      ['', []],
      [', username: adapter, password: hush-hush', []],
      [', username: adapter', [['outbound.proxy.password', 'nothing']]],
      [', password: hush-hush', [['outbound.proxy.username', 'nothing']]],
      [", username: 'ad:apter', password: hush-hush", [['outbound.proxy.username', 'a colon']]],
    ] as const) {
      it(`with ${credentials === '' ? 'no credentials' : credentials.slice(2)} ${found.length === 0 ? 'is taken' : 'is refused'}`, () => {
        const yaml = `${smallest}\noutbound: { proxy: { address: 'http://proxy.invalid:8080'${credentials} } }`;
        expect(problems(yaml).map((problem) => [problem.path, problem.found])).to.deep.equal(found);
      });
    }

    it('has its password in a file where that is preferred', () => {
      const passwordFile = write(newFolder(), 'password', 'hush-hush\n');
      const proxy = `{ address: 'http://proxy.invalid', username: a, passwordFile: ${passwordFile} }`;
      expect(pathsOf(`${smallest}\noutbound: { proxy: ${proxy} }`)).to.deep.equal([]);
    });

    for (const address of [
      'socks5://proxy.invalid',
      'http://user:hush-hush@proxy.invalid',
      'proxy.invalid:8080',
    ]) {
      it(`at ${address.replace('hush-hush', 'password')} is refused, and no password is shown`, () => {
        const found = problems(`${smallest}\noutbound: { proxy: { address: '${address}' } }`);
        expect(found.map(({ path }) => path)).to.deep.equal(['outbound.proxy.address']);
        expect(JSON.stringify(found)).to.not.include('hush-hush');
      });
    }
  });

  describe('files that settings name', () => {
    it('refuses a certificate that cannot be read, is none, or has another key', () => {
      const folder = newFolder();
      const certificate = write(folder, 'a.pem', certificatePem);
      const other = write(folder, 'b.pem', otherKeyPem);
      const rubbish = write(folder, 'c.pem', 'rubbish');
      const found = (tls: string): readonly ConfigurationProblem[] => problems(hospital(folder, tls));
      expect(found('{ certificateFile: /none/a, privateKeyFile: /none/b }')).to.have.length(2);
      expect(found(`{ certificateFile: ${certificate}, privateKeyFile: ${other} }`)[0]?.found).to.contain(
        'OpenSSL refuses',
      );
      expect(found(`{ certificateFile: ${rubbish}, privateKeyFile: ${other} }`)).to.have.length(1);
      expect(found(`{ pfxFile: ${rubbish}, passphrase: hush-hush }`)).to.have.length(1);
    });

    it('refuses a certificate that is past its time, or before it', () => {
      const yaml = hospital(newFolder());
      const at = (time: string): readonly ConfigurationProblem[] => problems(yaml, {}, new ManualClock(time));
      expect(at('2026-03-10T00:00:00Z')).to.deep.equal([]);
      expect(at('2026-05-01T00:00:00Z')[0]?.found).to.match(/^a certificate that expired .*2026/);
      expect(at('2026-01-01T00:00:00Z')[0]?.found).to.match(/^a certificate that is valid from .*2026/);
    });

    it('refuses an authority without certificates and a folder of persons that is not there', () => {
      const folder = newFolder();
      const rubbish = write(folder, 'c.pem', 'rubbish');
      const yaml = `${smallest.replace('sandbox: {}', `sandbox: { persons: [${folder}, ${rubbish}, /none] }`)}
outbound: { caFile: ${rubbish} }`;
      expect(pathsOf(yaml)).to.have.members(['outbound.caFile', 'sandbox.persons[1]', 'sandbox.persons[2]']);
      const good = write(folder, 'd.pem', certificatePem);
      expect(pathsOf(`${smallest}\noutbound: { caFile: ${good} }`)).to.deep.equal([]);
    });
  });

  describe('secrets from files', () => {
    it('reads one wherever the secret may stand, without the line break at its end', () => {
      const folder = newFolder();
      const yaml = hospital(folder)
        .replace(`passwordHash: ${someHash}`, `passwordHashFile: ${write(folder, 'hash', `${someHash}\n`)}`)
        .replace(`privateKey: '${someJwk}'`, `privateKeyFile: ${write(folder, 'jwk', `${someJwk}\r\n`)}`)
        .replace(`key: '${someKey}'`, `keyFile: ${write(folder, 'key', someKey)}`);
      const { clients, helseid, store } = load(yaml);
      expect(clients[0]?.passwordHash).to.equal(someHash);
      expect(helseid?.privateKey.kid).to.equal('k1');
      expect(store?.sealingKeys[0]?.key).to.have.length(32);
    });

    it('refuses a file that cannot be read, one time', () => {
      const yaml = smallest.replace(`passwordHash: ${someHash}`, 'passwordHashFile: /none/hash');
      expect(problems(yaml)).to.deep.equal([
        {
          path: 'clients[0].passwordHashFile',
          found: 'a file that cannot be read (ENOENT)',
          expected: 'a file that holds the secret and nothing else',
        },
      ]);
    });

    it('refuses secret and file side by side', () => {
      const yaml = smallest.replace('passwordHash:', `passwordHashFile: /none\n    passwordHash:`);
      expect(pathsOf(yaml)).to.deep.equal(['clients[0].passwordHashFile']);
    });

    it('does not read a file for what is no secret', () => {
      expect(pathsOf(smallest.replace('username:', 'usernameFile:'))).to.have.members([
        'clients[0].usernameFile',
        'clients[0].username',
      ]);
    });
  });

  describe('the environment', () => {
    it('overrides the fixed names that scripts rely on', () => {
      const folder = newFolder();
      const { listeners, sandbox, data } = load(smallest, {
        PREG_ADAPTER__LISTENERS__LEGACY__PORT: '1',
        PREG_ADAPTER__LISTENERS__OPERATIONS__PORT: '2',
        PREG_ADAPTER__SANDBOX__PORT: '3',
        PREG_ADAPTER__SANDBOX__POPULATION: '200000',
        PREG_ADAPTER__SANDBOX__PERSONS: `${folder}, ${packageRoot()}`,
        PREG_ADAPTER__DATA__DIRECTORY: '0123',
        PATH: '/bin',
        PREG_ADAPTER_LONG_TESTS: '1',
      });
      expect([listeners.legacy.port, listeners.operations.port, sandbox?.port]).to.deep.equal([1, 2, 3]);
      expect(sandbox?.population).to.equal(200000);
      expect(sandbox?.persons).to.deep.equal([folder, packageRoot()]);
      expect(data.directory).to.equal('0123');
    });

    it('writes camelCase with underscores, and reaches list items and groups that the file lacks', () => {
      const { listeners, clients, hl7v3, profiles } = load(smallest, {
        PREG_ADAPTER__LISTENERS__LEGACY__REQUEST_DEADLINE_SECONDS: '15',
        PREG_ADAPTER__HL7V3__PROCESSING_CODE: 'P',
        PREG_ADAPTER__PROFILES__NIGHT_SHIFT__GROUPS: 'names,birth',
        PREG_ADAPTER__PROFILES__NIGHT_SHIFT__ACCESS: 'restricted',
        PREG_ADAPTER__CLIENTS__0__QUIRKS__NO_FIXED_ABODE: 'omit',
        PREG_ADAPTER__CLIENTS__1__ID: 'second',
        PREG_ADAPTER__CLIENTS__1__USERNAME: 'second',
        PREG_ADAPTER__CLIENTS__1__PASSWORD_HASH: someHash,
        PREG_ADAPTER__CLIENTS__1__PROTOCOLS: 'hl7v3',
        PREG_ADAPTER__CLIENTS__1__PROFILE: 'nightShift',
        PREG_ADAPTER__CLIENTS__1__ORGANISATION__PARENT: '888888888',
      });
      expect(listeners.legacy.requestDeadlineSeconds).to.equal(15);
      expect(hl7v3.processingCode).to.equal('P');
      expect(profiles['nightShift']).to.deep.equal({ access: 'restricted', groups: ['names', 'birth'] });
      expect(clients[0]?.quirks.noFixedAbode).to.equal('omit');
      expect(clients[1]?.organisation.parent).to.equal('888888888');
    });

    it('reads a secret from a file, in place of whichever form the configuration file has', () => {
      const folder = newFolder();
      const other = someHash.replace('N=32768', 'N=65536');
      const file = write(folder, 'hash', `${other}\n`);
      const inFile = smallest.replace(`passwordHash: ${someHash}`, 'passwordHashFile: /none');
      for (const yaml of [smallest, inFile]) {
        const asFile = load(yaml, { PREG_ADAPTER__CLIENTS__0__PASSWORD_HASH_FILE: file });
        expect(asFile.clients[0]?.passwordHash).to.equal(other);
        const asValue = load(yaml, { PREG_ADAPTER__CLIENTS__0__PASSWORD_HASH: other });
        expect(asValue.clients[0]?.passwordHash).to.equal(other);
      }
      expect(
        pathsOf(smallest, {
          PREG_ADAPTER__CLIENTS__0__PASSWORD_HASH: other,
          PREG_ADAPTER__CLIENTS__0__PASSWORD_HASH_FILE: file,
        }),
      ).to.deep.equal(['PREG_ADAPTER__CLIENTS__0__PASSWORD_HASH_FILE']);
    });

    it('is named in a complaint about its value', () => {
      expect(problems(smallest, { PREG_ADAPTER__LISTENERS__LEGACY__PORT: 'http' })).to.deep.equal([
        {
          path: 'listeners.legacy.port (set by PREG_ADAPTER__LISTENERS__LEGACY__PORT)',
          found: '"http"',
          expected: 'a port, a whole number from 0 to 65535',
        },
      ]);
    });

    for (const [name, expected] of [
      ['PREG_ADAPTER__LISTENERS__LEGACY__PROT', 'perhaps PORT'],
      ['PREG_ADAPTER__SANDBOXX__PORT', 'perhaps SANDBOX'],
      ['PREG_ADAPTER__CLIENTS__FIRST__ID', 'an index from 0 to 1'],
      ['PREG_ADAPTER__CLIENTS__7__ID', 'an index from 0 to 1'],
      ['PREG_ADAPTER__CLIENTS__0', 'the name of a setting in it'],
      ['PREG_ADAPTER__CLIENTS', 'the name of a setting in it'],
      ['PREG_ADAPTER__LISTENERS__LEGACY__PORT__X', 'listeners.legacy.port itself'],
      ['PREG_ADAPTER__SANDBOX__PERSONS__0', 'the list whole, comma separated'],
      ['PREG_ADAPTER__LISTENERS__LEGACY__PORT_FILE', undefined],
      ['PREG_ADAPTER__', undefined],
      ['PREG_ADAPTER__listeners__legacy__port', undefined],
    ] as const) {
      it(`refuses ${name} and never shows its value`, () => {
        const found = problems(smallest, { [name]: 'open-sesame' });
        expect(found.map(({ path }) => path)).to.deep.equal([name]);
        if (expected !== undefined) expect(found[0]?.expected).to.equal(expected);
        expect(JSON.stringify(found)).to.not.contain('sesame');
      });
    }
  });
});
