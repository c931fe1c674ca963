import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Closing } from '../src/cli/closing.js';
import { systemClock } from '../src/runtime/system-clock.js';
import { systemRandom } from '../src/runtime/system-random.js';
import {
  createSelfSignedCertificate,
  type SelfSignedCertificate,
} from '../src/sandbox/self-signed-certificate.js';
import type { Run } from './load/run.js';
import { stormOutcomeForm, type Storm, type StormOutcome } from './load/storm.js';
import { outcomeForm, type Outcome } from './load/tally.js';
import { Child, type ChildOptions } from './processes/child.js';
import {
  callsForm,
  runningUpstreamForm,
  serverForm,
  type RunningUpstream,
} from './processes/running-upstream.js';

/** The server under test has a core of its own; its upstream and those who ask it share the other. */
export const CORES = { server: 0, others: 1 } as const;

/** How a setting is made. */
export interface SettingOptions {
  /** How many people the upstream has. */
  readonly population?: number;
  /** How many requests the upstream remembers, and so counts. */
  readonly rememberedRequests?: number;
  /** Whether the upstream answers lookups without judging tokens; default false. */
  readonly isBare?: boolean;
  /** A folder for profiles of the servers under test. */
  readonly profileTo?: string | undefined;
}

/** A server under test. */
export interface ServerUnderTest {
  readonly process: Child;
  readonly port: number;
  readonly operationsPort: number | undefined;
}

/** Upstream, load generator and servers under test, each in a process of its own. */
export class Setting {
  readonly #closing = new Closing();
  readonly #directory = mkdtempSync(join(tmpdir(), 'preg-adapter-bench-'));
  #servers = 0;

  private constructor(
    private readonly options: SettingOptions,
    private readonly certificate: SelfSignedCertificate,
    readonly upstream: Child,
    readonly loadGenerator: Child,
    private readonly address: RunningUpstream,
  ) {}

  /** Whom the upstream knows. */
  get people(): RunningUpstream['people'] {
    return this.address.people;
  }

  /** The certificate of the servers under test, PEM. */
  get certificatePem(): string {
    return this.certificate.certificatePem;
  }

  /** Starts upstream and load generator. */
  static async start(options: SettingOptions = {}): Promise<Setting> {
    const upstream = new Child('upstream', { core: CORES.others });
    const { population = 10_000, rememberedRequests = 1_000, isBare = false } = options;
    const start = { population, rememberedRequests, isBare };
    const address = await upstream.ask('start', start, runningUpstreamForm);
    const certificate = await createSelfSignedCertificate({
      commonName: 'localhost',
      clock: systemClock,
      random: systemRandom,
    });
    const generator = new Child('load-generator', { core: CORES.others });
    const { people, unknown } = address;
    await generator.ask('start', { ...certificate, people, unknown }, z.unknown());
    const setting = new Setting(options, certificate, upstream, generator, address);
    setting.#closing.add(() => {
      rmSync(setting.#directory, { recursive: true, force: true });
    });
    setting.#closing.add(() => upstream.stop());
    setting.#closing.add(() => generator.stop());
    return setting;
  }

  /** Runs a measurement in a setting of its own, which is gone afterwards. */
  static async during<Result>(
    options: SettingOptions,
    measure: (setting: Setting) => Promise<Result>,
  ): Promise<Result> {
    const setting = await Setting.start(options);
    try {
      return await measure(setting);
    } finally {
      await setting.#closing.run();
    }
  }

  /** Starts a server under test; settings are laid over those that the adapter needs to run. */
  async serve(
    name: 'adapter' | 'floor' | 'peer' | 'bulk-loop',
    settings: Readonly<Record<string, unknown>> = {},
    { heapMegabytes }: Pick<ChildOptions, 'heapMegabytes'> = {},
  ): Promise<ServerUnderTest> {
    const { profileTo } = this.options;
    const process = new Child(name, { core: CORES.server, profileTo, heapMegabytes });
    this.#closing.add(() => process.stop());
    const directory = mkdtempSync(join(this.#directory, `${name}-${(this.#servers += 1)}-`));
    const started = await process.ask(
      'start',
      { ...this.certificate, upstream: this.address, directory, settings },
      serverForm,
    );
    return { process, port: started.port, operationsPort: started.operationsPort };
  }

  /** Changes settings of an adapter that can change while it runs. */
  async change({ process }: ServerUnderTest, settings: Readonly<Record<string, unknown>>): Promise<void> {
    await process.ask('change', settings, z.unknown());
  }

  /** Asks a server. */
  run(
    { port }: ServerUnderTest,
    load: Run['load'],
    { questions = 'one-shot', strictness = 'person-and-message' }: Partial<Run> = {},
  ): Promise<Outcome> {
    return this.loadGenerator.ask('run', { port, questions, strictness, load }, outcomeForm);
  }

  /** Asks a server for more than it can do, and counts what it refuses. */
  storm({ port }: ServerUnderTest, how: Omit<Storm, 'port'>): Promise<StormOutcome> {
    return this.loadGenerator.ask('storm', { port, ...how }, stormOutcomeForm);
  }

  /** Asks a server until it has given so many answers: code is quick only after it has run some thousand times. */
  async warm(server: ServerUnderTest, answers: number, how: Partial<Run> = {}): Promise<void> {
    const load = { kind: 'closed', concurrency: 16, milliseconds: 1_000 } as const;
    for (let given = 0; given < answers;) given += (await this.run(server, load, how)).asked;
  }

  /** From now on every call to the upstream takes so much longer. */
  async delay(milliseconds: number): Promise<void> {
    await this.upstream.ask('delay', milliseconds, z.unknown());
  }

  /** How often the upstream was called since this was asked before. */
  calls(): Promise<z.output<typeof callsForm>> {
    return this.upstream.ask('calls', undefined, callsForm);
  }
}
