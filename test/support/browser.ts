import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { z } from 'zod';

/** How a page is looked at. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
  readonly scheme?: 'light' | 'dark';
}

const message = z.object({
  id: z.number().optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ message: z.string() }).optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
});

/** The program of a browser of the Chromium family; undefined where there is none. */
export const browserProgram = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

/**
 * A headless Chromium with one page, steered over a pipe (DevTools Protocol). Pages run no script; what is evaluated is the test's.
 * Everything that the page complains of, such as a broken content security policy, is kept.
 */
export class Browser {
  readonly #pending = new Map<number, (answer: z.output<typeof message>) => void>();
  readonly #waiting = new Map<string, () => void>();
  readonly #complaints: string[] = [];
  #last = 0;
  #session: string | undefined;

  private constructor(
    private readonly process: ChildProcess,
    private readonly input: Writable,
    output: Readable,
    private readonly profile: string,
  ) {
    let rest = '';
    output.setEncoding('utf8').on('data', (chunk: string) => {
      const texts = (rest + chunk).split('\0');
      rest = texts.pop() ?? '';
      for (const text of texts) this.#take(message.parse(JSON.parse(text)));
    });
  }

  static async start(program: string): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'preg-adapter-browser-'));
    const child = spawn(
      program,
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--no-first-run',
        '--hide-scrollbars',
        '--remote-debugging-pipe',
        `--user-data-dir=${profile}`,
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    const [, , , input, output] = child.stdio;
    if (!(input instanceof Duplex) || !(output instanceof Duplex)) throw new Error('no pipes to the browser');
    const browser = new Browser(child, input, output, profile);
    const { targetId } = await browser.#send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.#send('Target.attachToTarget', { targetId, flatten: true });
    browser.#session = String(sessionId);
    await browser.#send('Page.enable');
    await browser.#send('Log.enable');
    await browser.#send('Emulation.setScriptExecutionDisabled', { value: true });
    return browser;
  }

  /** What pages complained of since this was asked before. */
  complaints(): readonly string[] {
    return this.#complaints.splice(0);
  }

  /** Opens an address; every request from then on has these headers. */
  async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#send('Network.enable');
    await this.#send('Network.setExtraHTTPHeaders', { headers });
    const loaded = this.#heard('Page.loadEventFired');
    await this.#send('Page.navigate', { url });
    await loaded;
  }

  async look({ width, height, scheme = 'light' }: Viewport): Promise<void> {
    const isPhone = width < 600;
    const size = { width, height, deviceScaleFactor: isPhone ? 2 : 1, mobile: isPhone };
    await this.#send('Emulation.setDeviceMetricsOverride', size);
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.#send('Emulation.setEmulatedMedia', { features });
  }

  /** The value of an expression in the page, as JSON has it. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#send('Runtime.evaluate', { expression, returnByValue: true });
    const { result } = z.object({ result: z.object({ value: z.unknown() }) }).parse(answer);
    return result.value;
  }

  /** The whole page as a PNG, however long it is. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.#send('Page.captureScreenshot', { captureBeyondViewport: true });
    return Buffer.from(z.string().parse(data), 'base64');
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
    // Its helpers write for a moment longer. Unlike rmSync, this tries again when a folder below is filled meanwhile.
    await rm(this.profile, { recursive: true, force: true, maxRetries: 10 });
  }

  #send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    this.#last += 1;
    const id = this.#last;
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    return new Promise((resolve, reject) => {
      this.#pending.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
      this.input.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    });
  }

  #heard(method: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(method, resolve);
    });
  }

  #take(answer: z.output<typeof message>): void {
    const { id, method, params } = answer;
    if (id !== undefined) {
      this.#pending.get(id)?.(answer);
      this.#pending.delete(id);
    }
    if (method === undefined) return;
    if (method === 'Log.entryAdded') this.#complaints.push(JSON.stringify(params));
    this.#waiting.get(method)?.();
    this.#waiting.delete(method);
  }
}
