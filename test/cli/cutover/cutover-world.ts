import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { someHash, write } from '../../support/configuration-files.js';

/** A hospital with two clients, both compared in the background, one of which is to move in a thousand years. */
export function hospital(folder: string, cutover = twoClients, sandbox = '{ preg: {} }'): string {
  return write(
    folder,
    'hospital.yaml',
    `
data:
  directory: ${join(folder, 'data')}
sandbox: ${sandbox}
clients:
  - { id: epj, username: epj, passwordHash: '${someHash}', protocols: [hl7v3, preg-xml], organisation: { parent: 999999999 } }
  - { id: pas, username: pas, passwordHash: '${someHash}', protocols: [hl7v2], organisation: { parent: 999999999 } }
${cutover}
`,
  );
}

/** Routes of that hospital. */
export const twoClients = `
cutover:
  routes:
    - { route: preg }
    - { client: epj, route: shadow-preg }
    - { client: epj, route: persontjenesten, from: 2999-12-31 }
`;

/** Another process that has the store of a hospital open, as a server has, and is asked by which routes it goes. */
export class BesideStore {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(folder: string) {
    const from = (file: string): string =>
      JSON.stringify(new URL(`../../../src/${file}`, import.meta.url).href);
    const script = `
      import { createInterface } from 'node:readline';
      import { systemClock } from ${from('runtime/system-clock.js')};
      import { systemRandom } from ${from('runtime/system-random.js')};
      import { loadOrCreateKeys } from ${from('store/key-files.js')};
      import { openStore } from ${from('store/store.js')};
      const directory = ${JSON.stringify(join(folder, 'data'))};
      const keys = loadOrCreateKeys(directory, systemRandom);
      const store = openStore({ directory, ...keys, clock: systemClock, random: systemRandom });
      const asked = createInterface({ input: process.stdin });
      asked.on('line', () => console.log(JSON.stringify(store.standingRoutes.all())));
      asked.on('close', () => store.close());`;
    this.#child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('no pipe');
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** The routes that it finds now. */
  async routes(): Promise<readonly z.output<typeof routeForm>[]> {
    this.#child.stdin?.write('\n');
    const line = await this.#lines.next();
    return z.array(routeForm).parse(JSON.parse(z.string().parse(line.value)));
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin?.end();
    await ended;
  }
}

const routeForm = z.object({
  clientId: z.string().optional(),
  operation: z.string().optional(),
  route: z.string(),
  percent: z.number().optional(),
  setBy: z.string(),
});
