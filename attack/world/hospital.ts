import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer as createCanary, type Server as Canary } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import {
  createSelfSignedCertificate,
  type SelfSignedCertificate,
} from '../../src/sandbox/self-signed-certificate.js';
import { AdapterProcess } from './adapter-process.js';
import {
  freshAccounts,
  hospitalSettings,
  laidOver,
  type Accounts,
  type Ports,
  type Settings,
} from './adapter-settings.js';
import { RegisterFront } from './register-front.js';
import type { Target } from './target.js';

/** A synthetic person of fixtures/persons whom everybody may know. */
const KNOWN = { nin: '11868426235', familyName: 'GRANBAR' } as const;

/** Certificates with one thing wrong each; all but `untrusted` are trusted by the adapter. */
export interface WrongCertificates {
  readonly expired: SelfSignedCertificate;
  readonly otherName: SelfSignedCertificate;
  readonly untrusted: SelfSignedCertificate;
}

/** A line of the log about a request. */
export interface Logged {
  readonly outcome: string;
  readonly line: Readonly<Record<string, unknown>>;
}

/** An adapter of our own: the process, what it depends on, and who else is on its network. */
export class Hospital {
  #adapter: AdapterProcess;
  readonly #before: string[] = [];

  private constructor(
    readonly sandbox: Sandbox,
    readonly front: RegisterFront,
    readonly accounts: Accounts,
    readonly ports: Ports,
    readonly wrongCertificates: WrongCertificates,
    readonly target: Target,
    readonly directory: string,
    readonly canaryUrl: string,
    /** What reached the canary, which nothing may ever reach. */
    readonly canaryHeard: readonly string[],
    private readonly canary: Canary,
    private readonly settings: Settings,
    adapter: AdapterProcess,
  ) {
    this.#adapter = adapter;
  }

  /** Starts all of it. Settings are laid over the usual ones. */
  static async open(over: Settings = {}): Promise<Hospital> {
    const directory = mkdtempSync(join(tmpdir(), 'preg-adapter-attack-'));
    const surroundings = { clock: systemClock, random: systemRandom };
    const yearAgo = { ...systemClock, now: () => new Date(Date.now() - 365 * 86_400_000) };
    const certificate = await createSelfSignedCertificate({ ...surroundings, commonName: 'localhost' });
    const wrong: WrongCertificates = {
      expired: await createSelfSignedCertificate({
        ...surroundings,
        clock: yearAgo,
        commonName: 'localhost',
        validDays: 30,
      }),
      otherName: await createSelfSignedCertificate({
        ...surroundings,
        commonName: 'other.invalid',
        hostNames: ['other.invalid'],
        ipAddresses: ['127.0.0.250'],
      }),
      untrusted: await createSelfSignedCertificate({ ...surroundings, commonName: 'localhost' }),
    };
    const sandbox = await startSandbox({
      ...surroundings,
      certificate,
      host: '127.0.0.1',
      persontjenestenPort: 0,
      helseidPort: 0,
      population: 0,
      rememberedRequests: 5_000,
      personFolders: [join(packageRoot(), 'fixtures', 'persons')],
    });
    const front = await RegisterFront.open(certificate, {
      url: sandbox.persontjenestenUrl,
      ca: certificate.certificatePem,
    });
    const ports = await freePorts();
    const accounts = freshAccounts();
    const settings = laidOver(
      await hospitalSettings({
        directory,
        ports,
        sandbox,
        baseUrl: front.url,
        accounts,
        certificate,
        upstreamCa: [certificate, wrong.expired, wrong.otherName]
          .map(({ certificatePem }) => certificatePem)
          .join(''),
      }),
      over,
    );
    writeSettings(directory, settings);
    const heard: string[] = [];
    const { canary, url: canaryUrl } = await openCanary(heard);
    const adapter = startAdapter(directory, canaryUrl);
    const target: Target = {
      host: '127.0.0.1',
      port: ports.legacy,
      ca: certificate.certificatePem,
      account: accounts.honest,
      person: KNOWN,
      operations: { host: '127.0.0.1', port: ports.operations },
      mllp: { host: '127.0.0.1', port: ports.mllp },
      pid: adapter.pid,
    };
    const hospital = new Hospital(
      sandbox,
      front,
      accounts,
      ports,
      wrong,
      target,
      directory,
      canaryUrl,
      heard,
      canary,
      settings,
      adapter,
    );
    await adapter.isReady(ports.operations);
    return hospital;
  }

  get pid(): number | undefined {
    return this.#adapter.pid;
  }

  get isRunning(): boolean {
    return !this.#adapter.hasEnded;
  }

  /** Every line that any of its processes wrote. */
  get lines(): readonly string[] {
    return [...this.#before, ...this.#adapter.lines];
  }

  get configurationFile(): string {
    return join(this.directory, 'configuration.yaml');
  }

  /** Ends the process and starts another on the same data; settings may change. */
  async restart({ over = {}, kill = false }: { over?: Settings; kill?: boolean } = {}): Promise<void> {
    if (kill) {
      this.#adapter.signal('SIGKILL');
      await this.#adapter.ended;
    } else {
      await this.#adapter.stop();
    }
    this.#before.push(...this.#adapter.lines);
    writeSettings(this.directory, laidOver(this.settings, over));
    this.#adapter = startAdapter(this.directory, this.canaryUrl);
    await this.#adapter.isReady(this.ports.operations);
  }

  /** The settings of one client, as they were at first. */
  settingsOf(client: string): Settings {
    const found = this.clients().find((one) => one['id'] === client);
    if (found === undefined) throw new Error('no such client');
    return found;
  }

  /** All clients, that one with other settings. */
  clientsWith(client: string, settings: Settings): readonly Settings[] {
    return this.clients().map((one) => (one['id'] === client ? settings : one));
  }

  private clients(): readonly Settings[] {
    const clients = this.settings['clients'];
    return Array.isArray(clients) ? clients.filter(isSettings) : [];
  }

  /** Changes the settings' file and says so to the process (SIGHUP). */
  async reload(over: Settings): Promise<void> {
    const from = this.lines.length;
    writeSettings(this.directory, laidOver(this.settings, over));
    this.#adapter.signal('SIGHUP');
    const line = await this.says(/configuration (was not )?reloaded/, from);
    if (line.includes('was not reloaded')) throw new Error('the settings of this attempt are not accepted');
  }

  /** The first line from there on that matches. @throws Error after a while without one */
  async says(pattern: RegExp, from: number, milliseconds = 10_000): Promise<string> {
    const end = Date.now() + milliseconds;
    while (Date.now() < end) {
      const line = this.lines.slice(from).find((one) => pattern.test(one));
      if (line !== undefined) return line;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('the log does not say what it should');
  }

  /** The next request that was put on record from that line on. */
  async recorded(from: number): Promise<Logged> {
    const line = await this.says(/"message":"request answered"/, from);
    const fields: unknown = JSON.parse(line);
    if (typeof fields !== 'object' || fields === null) throw new Error('a log line that is no object');
    const record = Object.fromEntries(Object.entries(fields));
    return { outcome: String(record['outcome']), line: record };
  }

  /** Everything upstream is as it was. */
  async recover(): Promise<void> {
    this.sandbox.faults.clear();
    await this.front.recover();
  }

  async close(): Promise<void> {
    await this.#adapter.stop();
    await this.front.close();
    await this.sandbox.stop();
    this.canary.close();
    this.canary.closeAllConnections();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null;
}

function startAdapter(directory: string, canaryUrl: string): AdapterProcess {
  return new AdapterProcess(join(directory, 'configuration.yaml'), {
    // Nobody configured a proxy, so nobody may go by these.
    HTTPS_PROXY: canaryUrl,
    https_proxy: canaryUrl,
    HTTP_PROXY: canaryUrl,
    http_proxy: canaryUrl,
    ALL_PROXY: canaryUrl,
    NODE_ENV: 'production',
  });
}

function writeSettings(directory: string, settings: Settings): void {
  // JSON is YAML too.
  writeFileSync(join(directory, 'configuration.yaml'), JSON.stringify(settings, undefined, 1), {
    mode: 0o600,
  });
}

async function openCanary(heard: string[]): Promise<{ canary: Canary; url: string }> {
  const canary = createCanary((request, response) => {
    heard.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.end('CANARY');
  });
  canary.on('connect', (request, socket) => {
    heard.push(`CONNECT ${request.url ?? ''}`);
    socket.destroy();
  });
  canary.listen(0, '127.0.0.1');
  await once(canary, 'listening');
  return { canary, url: `http://127.0.0.1:${portOf(canary)}` };
}

async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(
    [0, 0, 0].map(async () => {
      const server = createServer();
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const [legacy = 0, operations = 0, mllp = 0] = servers.map(portOf);
  for (const server of servers) server.close();
  await Promise.all(servers.map((server) => once(server, 'close')));
  return { legacy, operations, mllp };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
