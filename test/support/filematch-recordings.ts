import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { UpstreamTimeout, UpstreamUnavailable } from '../../src/errors/errors.js';
import { FilematchAdapter } from '../../src/fixtures/filematch/filematch-adapter.js';
import type { FilematchCase, FilematchStep } from '../../src/fixtures/filematch/filematch-case.js';
import { layoutsOf } from '../../src/fixtures/filematch/run-filematch-case.js';
import type { FixtureSetting } from '../../src/fixtures/fixture-adapter.js';
import { apiVersions, type ApiVersion } from '../../src/registry/persontjenesten/api-version.js';
import type { ApiRequest, ApiResponse, Transport } from '../../src/registry/persontjenesten/transport.js';
import type { Population } from '../../src/sandbox/population/population.js';
import { UnservedPersontjenesten } from '../../src/sandbox/persontjenesten/unserved-persontjenesten.js';

/** An exchange as upstream.json has it. */
interface Recorded {
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>>;
  times?: number;
}

/**
 * What the cases of Filematch would record if the register were the sandbox's: the text of their files of calls, by path from the
 * case's folder. Cases about trouble have it as they need it.
 */
export async function recordingsOf(
  fixture: FilematchCase,
  setting: FixtureSetting,
  population: Population,
): Promise<ReadonlyMap<string, string>> {
  const { version } = fixture.settings;
  const register = troubled(fixture, new UnservedPersontjenesten(population, version));
  const adapter = new FilematchAdapter(fixture, setting, await layoutsOf(fixture, setting));
  const record = async (step: FilematchStep): Promise<string> => {
    const recorder = new Recorder(register, apiVersions[version]);
    await adapter.handle(step, recorder, new AbortController().signal);
    return `${JSON.stringify(recorder.exchanges, undefined, 2)}\n`;
  };
  const recordings = new Map<string, string>();
  try {
    const files = await filesBefore(fixture.folder);
    for (const [index, step] of fixture.before.entries()) {
      const text = await record(step);
      const file = files[index];
      if (file !== undefined) recordings.set(file, text);
    }
    const text = await record(fixture.judged);
    if (text !== '[]\n') recordings.set('upstream.json', text);
    return recordings;
  } finally {
    adapter.close();
  }
}

/** The files that the steps before have their calls in. */
async function filesBefore(folder: string): Promise<readonly (string | undefined)[]> {
  const settings: unknown = parse(await readFile(join(folder, 'case.yaml'), 'utf8'));
  if (typeof settings !== 'object' || settings === null || !('before' in settings)) return [];
  const { before } = settings;
  if (!Array.isArray(before)) return [];
  return before.map((step: unknown) =>
    typeof step === 'object' && step !== null && 'upstream' in step && typeof step.upstream === 'string'
      ? step.upstream
      : undefined,
  );
}

/** Writes down what is asked and answered, the same once, with how often. */
class Recorder implements Transport {
  readonly exchanges: Recorded[] = [];
  readonly #known = new Map<string, Recorded>();

  constructor(
    private readonly register: Transport,
    private readonly version: ApiVersion,
  ) {}

  async send(request: ApiRequest): Promise<ApiResponse> {
    try {
      const response = await this.register.send(request);
      const { status, body } = response;
      this.#note(request, { status, body: JSON.parse(body) as unknown });
      return response;
    } catch (error) {
      if (!(error instanceof UpstreamTimeout || error instanceof UpstreamUnavailable)) throw error;
      this.#note(request, { failure: error instanceof UpstreamTimeout ? 'deadline' : 'ECONNREFUSED' });
      throw error;
    }
  }

  #note(request: ApiRequest, response: Recorded['response']): void {
    const exchange: Recorded = { request: this.#described(request), response };
    const same = this.#known.get(JSON.stringify(exchange));
    if (same !== undefined) {
      same.times = (same.times ?? 1) + 1;
      return;
    }
    this.#known.set(JSON.stringify(exchange), exchange);
    this.exchanges.push(exchange);
  }

  #described({ path, access, form, query }: ApiRequest): Recorded['request'] {
    const flag = (name: string): Readonly<Record<string, boolean>> => {
      const value = query.find(([key]) => key === name)?.[1];
      return value === undefined ? {} : { [name]: value === 'true' };
    };
    return {
      operation: path.slice(this.version.routes[access].length + 1),
      ...(access === 'full' ? {} : { access }),
      form: Object.fromEntries(
        [...new Set(form.map(([name]) => name))].map((name) => {
          const values = form.filter(([key]) => key === name).map(([, value]) => value);
          return [name, values.length === 1 ? values[0] : values];
        }),
      ),
      ...flag('includeHistory'),
      ...flag('includeAinResults'),
      informationParts: query.filter(([key]) => key === 'informationParts').map(([, value]) => value),
    };
  }
}

/** Whom trouble is about: person 36. */
const TROUBLED = '24858925696';

/** The register as it behaves in cases about trouble, by the beginning of their names. */
function troubled({ name }: FilematchCase, register: UnservedPersontjenesten): Transport {
  const [, behaviour] =
    Object.entries(behaviours).find(([beginning]) => name.startsWith(`filematch/${beginning}`)) ?? [];
  return behaviour?.(register) ?? register;
}

const behaviours: Readonly<Record<string, (register: Transport) => Transport>> = {
  'status-90-timeout': (register) => ({
    send: (request) =>
      isAbout(request) ? Promise.reject(new UpstreamTimeout('no answer in time')) : register.send(request),
  }),
  'status-90-rejected': (register) => ({
    send: (request) => (isAbout(request) ? refusal(400, 'Bad Request') : register.send(request)),
  }),
  'missing-in-bulk-answer': (register) => ({
    send: async (request) => {
      const response = await register.send(request);
      return request.path.endsWith('bulk-by-nin')
        ? { ...response, body: withoutTroubled(response.body) }
        : response;
    },
  }),
  'register-back': (register) =>
    troubledFirst(register, () => Promise.reject(new UpstreamUnavailable('no connection'))),
  'register-refuses-client': (register) => troubledFirst(register, () => refusal(403, 'Forbidden')),
  'given-up': () => ({ send: () => Promise.reject(new UpstreamUnavailable('no connection')) }),
};

/** The first calls go wrong. */
function troubledFirst(register: Transport, trouble: () => Promise<ApiResponse>): Transport {
  let calls = 0;
  return { send: (request) => ((calls += 1) <= 6 ? trouble() : register.send(request)) };
}

function isAbout({ form }: ApiRequest): boolean {
  return form.some(([, value]) => value === TROUBLED);
}

function refusal(status: number, title: string): Promise<ApiResponse> {
  return Promise.resolve({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title, status }),
  });
}

function withoutTroubled(body: string): string {
  const documents: unknown = JSON.parse(body);
  if (!Array.isArray(documents)) return body;
  return JSON.stringify(documents.filter((document) => !JSON.stringify(document).includes(TROUBLED)));
}
