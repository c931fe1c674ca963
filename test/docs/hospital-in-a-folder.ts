import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';

/** What a block of commands came to. */
export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

/**
 * What the handbook takes for given: a shell in which its names are set, `preg-adapter` and `systemctl` that do here what they do
 * there, and a configuration that people write. Whoever asks HelseID and Persontjenesten gets the sandbox.
 */
export class HospitalInAFolder {
  readonly #folder: string;
  readonly #secrets: string;
  readonly #config: string;
  readonly #sealingKeys = ['sealing-1'];
  #hasPrevious = false;

  private constructor(
    folder: string,
    private readonly ports: readonly number[],
  ) {
    this.#folder = folder;
    this.#secrets = join(folder, 'secrets');
    this.#config = join(folder, 'hospital.yaml');
  }

  /** Lays it out in an empty folder, as far as the handbook has people do that by hand. */
  static async in(folder: string): Promise<HospitalInAFolder> {
    const hospital = new HospitalInAFolder(folder, await freePorts(6));
    const bin = join(folder, 'bin');
    for (const made of [bin, hospital.#secrets]) mkdirSync(made, { mode: 0o700 });
    const adapter = join(packageRoot(), 'bin', 'preg-adapter.js');
    const programs = {
      'preg-adapter': `exec "${process.execPath}" "${adapter}" "$@"\n`,
      systemctl: systemctl(folder),
    };
    for (const [name, text] of Object.entries(programs)) {
      writeFileSync(join(bin, name), `#!/bin/bash\n${text}`, { mode: 0o755 });
    }
    for (const [name, password] of [
      ['epj.password', 'the first'],
      ['epj.new-password', 'the second'],
    ] as const) {
      writeFileSync(join(hospital.#secrets, name), `${password}\n`, { mode: 0o600 });
    }
    await hospital.orderCertificate('first', '');
    await hospital.orderCertificate('second', 'new-');
    return hospital;
  }

  /** Runs a block of commands as it is written; the first that fails ends it. */
  run(commands: string): Ran {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PREG_ADAPTER__'));
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', commands], {
      encoding: 'utf8',
      cwd: this.#folder,
      timeout: 170_000,
      env: {
        ...Object.fromEntries(own),
        PATH: `${join(this.#folder, 'bin')}:${process.env['PATH'] ?? ''}`,
        // Whose end is the adapter's, too, however the tests end.
        KEEPER: String(process.pid),
        CONFIG: this.#config,
        SECRETS: this.#secrets,
        BACKUPS: join(this.#folder, 'backups'),
        LEGACY: `localhost:${this.ports[0] ?? 0}`,
        OPERATIONS: `http://127.0.0.1:${this.ports[1] ?? 0}`,
      },
    });
    return { status, output: stdout + stderr };
  }

  /** By hand: writes the configuration, with what has been made so far. */
  writeConfiguration(): void {
    const [legacy, operations, mllp, sandbox, , preg] = this.ports;
    const secret = (name: string): string => join(this.#secrets, name);
    const settings = {
      data: { directory: join(this.#folder, 'data') },
      sandbox: { port: sandbox, population: 0, preg: { port: preg } },
      listeners: {
        legacy: {
          port: legacy,
          tls: { certificateFile: secret('certificate.pem'), privateKeyFile: secret('key.pem') },
        },
        operations: { port: operations },
        mllp: { port: mllp },
      },
      clients: [
        {
          id: 'epj',
          username: 'epj',
          passwordHashFile: secret('epj.hash'),
          ...(this.#hasPrevious ? { previousPasswordHashFile: secret('epj.previous.hash') } : {}),
          protocols: ['hl7v3', 'preg-xml', 'filematch'],
          organisation: { parent: '999999999' },
        },
      ],
      profiles: { minimal: { groups: ['identity', 'names'] } },
      store: {
        sealingKeys: this.#sealingKeys.map((id) => ({ id, keyFile: secret(`${id}.key`) })),
        pseudonymKeyFile: secret('pseudonym.key'),
      },
      logging: { format: 'json' },
    };
    // JSON is YAML, too.
    writeFileSync(this.#config, JSON.stringify(settings, undefined, 2), { mode: 0o600 });
  }

  /** By hand: the old password stays good for a while. */
  keepPreviousPassword(): void {
    this.#hasPrevious = true;
    this.writeConfiguration();
  }

  /** By hand: the new key comes first. */
  putNewSealingKeyFirst(): void {
    this.#sealingKeys.unshift('sealing-2');
    this.writeConfiguration();
  }

  /** What the adapter has written to its log since its last start. */
  log(): string {
    return readFileSync(join(this.#folder, 'log'), 'utf8');
  }

  /** Ends what still runs, and takes everything away. */
  remove(): void {
    if (existsSync(join(this.#folder, 'pid'))) this.run('systemctl kill preg-adapter');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  private async orderCertificate(commonName: string, prefix: string): Promise<void> {
    const made = await createSelfSignedCertificate({ commonName, clock: systemClock, random: systemRandom });
    writeFileSync(join(this.#secrets, `${prefix}certificate.pem`), made.certificatePem, { mode: 0o600 });
    writeFileSync(join(this.#secrets, `${prefix}key.pem`), made.privateKeyPem, { mode: 0o600 });
  }
}

/** Starts, ends and signals the adapter as deploy/preg-adapter.service says, and waits until that is done. */
function systemctl(folder: string): string {
  return `
set -eu
cd "${folder}"
await() { for _ in $(seq 600); do if "$@"; then return 0; fi; sleep 0.05; done; echo "waited in vain for: $*" >&2; return 1; }
gone() { ! kill -0 "$(cat pid)" 2>/dev/null; }
ready() { if gone; then cat log >&2; exit 1; fi; grep -q '^Ctrl-C ends it' log; }
reloaded() { [ "$(grep -c 'configuration reloaded\\|configuration was not reloaded' log)" -gt "$1" ]; }
watch='while kill -0 "$1"; do kill -0 "$0" || { kill -KILL "$1"; exit; }; sleep 1; done'
start() {
  setsid "${folder}/bin/preg-adapter" start --config "$CONFIG" > log 2>&1 < /dev/null & echo $! > pid
  setsid bash -c "$watch" "$KEEPER" "$(cat pid)" > /dev/null 2>&1 < /dev/null &
  await ready
}
stop() { kill -TERM "$(cat pid)"; await gone; rm pid; }
[ "$2" = preg-adapter ]
case "$1" in
  start) start ;;
  stop) stop ;;
  restart) stop; start ;;
  reload) before=$(grep -c 'configuration reloaded\\|configuration was not reloaded' log || true); kill -HUP "$(cat pid)"; await reloaded "$before" ;;
  kill) kill -KILL "$(cat pid)" 2>/dev/null || true; await gone ;;
  *) echo "unknown: $1" >&2; exit 1 ;;
esac
`;
}

/** Ports that nobody has at the moment, the last but one behind the one before it. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count * 4 }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports.filter((_, index) => index % 4 === 0);
}
