import { readFileSync, statSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { errorCode } from '../errors/error-code.js';
import type { Clock } from '../runtime/clock.js';
import { tlsSource } from './adapter-configuration.js';
import { contradictions } from './contradictions.js';
import { applyEnvironment, type Environment } from './environment.js';
import {
  ConfigurationError,
  describeValue,
  formatPath,
  nearest,
  notShown,
  type ConfigurationProblem,
} from './problems.js';
import { sharedKeyProblems } from './old-tls-contradictions.js';
import { configurationSchema, type Configuration } from './schema.js';
import { readSecretFiles, unreadable } from './secret-files.js';
import { interpret, settingAt, shapeOf, valueAt } from './settings-tree.js';
import { certificateProblems, trustProblems } from './tls-material.js';

/** Where the settings come from. */
export interface ConfigurationSources {
  /** A YAML file. */
  readonly file: string;
  /** What is to stand in it, to be judged before it does; read from the file where absent. */
  readonly text?: string | undefined;
  /** `process.env`, or a stand-in. */
  readonly environment: Environment;
  /** Judges whether certificates are valid. */
  readonly clock: Clock;
}

/**
 * Reads the file, lays the environment over it, reads secrets from their files and checks everything.
 * Relative paths are taken from the working directory.
 * @throws ConfigurationError that lists every problem.
 */
export function loadConfiguration(sources: ConfigurationSources): Configuration {
  return loadWithSecretFiles(sources).configuration;
}

/** The settings, and where their secrets came from. */
export interface ConfigurationWithFiles {
  readonly configuration: Configuration;
  /** The file that each secret was read from, by the path of the secret. */
  readonly secretFiles: ReadonlyMap<string, string>;
}

/** As {@link loadConfiguration}. @throws ConfigurationError that lists every problem */
export function loadWithSecretFiles({ clock, ...sources }: ConfigurationSources): ConfigurationWithFiles {
  const { settings, files } = loadPart(configurationSchema, sources, (raw) => [
    ...contradictions(raw),
    ...fileProblems(raw, clock.now()),
  ]);
  const privateKeyFile = files.get('helseid.privateKey');
  const configuration =
    settings.helseid === undefined || privateKeyFile === undefined
      ? settings
      : { ...settings, helseid: { ...settings.helseid, privateKeyFile } };
  return { configuration, secretFiles: files };
}

/**
 * Reads what sealing takes, whatever else is missing yet: passwords are sealed before their clients are complete.
 * @throws ConfigurationError that lists every problem of these settings.
 */
export function loadSealingSettings(sources: Omit<ConfigurationSources, 'clock'>): SealingSettings {
  return loadPart(sealingSchema, sources, () => []).settings;
}

const sealingSchema = z.object({
  data: configurationSchema.shape.data,
  store: configurationSchema.shape.store,
  sandbox: configurationSchema.shape.sandbox,
});

/** Where the keys of the store come from. */
export type SealingSettings = z.output<typeof sealingSchema>;

function loadPart<Schema extends z.ZodType>(
  schema: Schema,
  { file, text, environment }: Omit<ConfigurationSources, 'clock'>,
  furtherProblems: (settings: unknown) => readonly ConfigurationProblem[],
): { readonly settings: z.output<Schema>; readonly files: ReadonlyMap<string, string> } {
  const overridden = applyEnvironment(
    configurationSchema,
    settingsFrom(file, text ?? configurationText(file)),
    environment,
  );
  const withSecrets = readSecretFiles(schema, overridden.settings);
  const settings = interpret(schema, withSecrets.settings);
  const parsed = schema.safeParse(settings, {
    error: (issue) => (issue.code === 'invalid_type' ? 'a group of settings' : undefined),
  });
  const problems = [
    ...overridden.problems,
    ...withSecrets.problems,
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => fromIssue(issue, settings))),
    ...furtherProblems(settings),
  ];
  if (parsed.success && problems.length === 0) return { settings: parsed.data, files: withSecrets.files };
  throw new ConfigurationError(file, oncePerPath(problems, overridden.variables));
}

/** What stands in the file. @throws ConfigurationError where it cannot be read */
export function configurationText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationError(file, [
      {
        path: 'the file itself',
        found: `nothing that can be read (${errorCode(error) ?? 'unknown'})`,
        expected: 'a readable file in YAML',
      },
    ]);
  }
}

/** All scalars stay text: the schema decides what is a number, so that leading zeros survive. */
function settingsFrom(file: string, source: string): unknown {
  const lineCounter = new LineCounter();
  // Without pretty errors, whose excerpts of the source could show a secret.
  const document = parseDocument(source, { schema: 'failsafe', prettyErrors: false, lineCounter });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new ConfigurationError(
      file,
      faults.map(({ code, pos }) => {
        const { line, col } = lineCounter.linePos(pos[0]);
        return {
          path: `line ${line}, column ${col}`,
          found: code.toLowerCase().replaceAll('_', ' '),
          expected: 'valid YAML',
        };
      }),
    );
  }
  return settingsIn(file, document) ?? {};
}

function settingsIn(file: string, document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch {
    // The parser's own message quotes the value, which may be a secret that begins with an asterisk.
    throw new ConfigurationError(file, [
      {
        path: 'the file itself',
        found: 'an alias (a value that begins with *) without its anchor',
        expected: 'such a value in quotation marks',
      },
    ]);
  }
}

function fromIssue(issue: z.core.$ZodIssue, settings: unknown): ConfigurationProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownNames(issue.path);
    return issue.keys.map((name) => {
      const guess = nearest(name, known);
      return {
        path: formatPath([...issue.path, name]),
        found: 'an unknown setting',
        expected: guess === undefined ? `one of ${known.join(', ')}` : `perhaps ${guess}`,
      };
    });
  }
  const value = valueAt(settings, issue.path);
  if (value === unreadable) return [];
  return [
    {
      path: issue.path.length === 0 ? 'the file itself' : formatPath(issue.path),
      found: foundIn(issue) ?? shownValue(issue.path, value),
      expected: issue.message,
    },
  ];
}

/** What a check of ours says it found, in words that tell nothing secret. */
function foundIn(issue: z.core.$ZodIssue): string | undefined {
  const found: unknown = issue.code === 'custom' ? issue.params?.['found'] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function shownValue(path: readonly PropertyKey[], value: unknown): string {
  const schema = settingAt(configurationSchema, path);
  const shape = schema === undefined ? undefined : shapeOf(schema);
  const hidden = shape !== undefined && 'secret' in shape && shape.secret;
  const described = describeValue(value);
  return hidden && described !== 'nothing' ? notShown : described;
}

function knownNames(path: readonly PropertyKey[]): string[] {
  const schema = settingAt(configurationSchema, path);
  const shape = schema === undefined ? undefined : shapeOf(schema);
  return shape?.kind === 'group' ? [...shape.children.keys()] : [];
}

/** Files that settings name, looked into where the settings around them can be read. */
function fileProblems(settings: unknown, now: Date): ConfigurationProblem[] {
  const listeners = configurationSchema.shape.listeners.unwrap().shape;
  const certificates = {
    legacy: listeners.legacy.unwrap().shape.tls,
    oldTls: listeners.oldTls.unwrap().shape.tls,
    mllp: listeners.mllp.unwrap().shape.tls,
    operations: listeners.operations.unwrap().shape.tls,
  };
  const folders = valueAt(settings, ['sandbox', 'persons']);
  return [
    ...Object.entries(certificates).flatMap(([listener, schema]) => {
      const { data } = schema.safeParse(valueAt(settings, ['listeners', listener, 'tls']));
      const source = tlsSource(data);
      return source === undefined ? [] : certificateProblems(`listeners.${listener}.tls`, source, now);
    }),
    ...[
      ['outbound', 'caFile'],
      ['listeners', 'mllp', 'tls', 'clientCaFile'],
    ].flatMap((path) => {
      const file = valueAt(settings, path);
      return typeof file === 'string' && file !== '' ? trustProblems(formatPath(path), file) : [];
    }),
    ...sharedKeyProblems(settings),
    ...receiverProblems(settings, now),
    ...(Array.isArray(folders) ? folders.flatMap(missingFolder) : []),
  ];
}

/** Files that prove who we are to receivers of notifications, and who they are to us. */
function receiverProblems(settings: unknown, now: Date): ConfigurationProblem[] {
  const { data } = receiverList.safeParse(valueAt(settings, ['hl7v2', 'notifications', 'receivers']));
  return (data ?? []).flatMap(({ tls }, index) => {
    const path = formatPath(['hl7v2', 'notifications', 'receivers', index, 'tls']);
    const source = tlsSource(tls);
    return [
      ...(source === undefined ? [] : certificateProblems(path, source, now)),
      ...(tls?.caFile === undefined ? [] : trustProblems(`${path}.caFile`, tls.caFile)),
    ];
  });
}

const receiverList = configurationSchema.shape.hl7v2.unwrap().shape.notifications.unwrap().shape.receivers;

function missingFolder(folder: unknown, index: number): ConfigurationProblem[] {
  if (typeof folder !== 'string' || folder === '') return [];
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return [];
  return [
    {
      path: formatPath(['sandbox', 'persons', index]),
      found: `${describeValue(folder)}, where there is no folder`,
      expected: 'a folder with Person documents',
    },
  ];
}

/** One complaint per place, the first, which is the most telling; with the variable that set it, if one did. */
function oncePerPath(
  problems: readonly ConfigurationProblem[],
  variables: ReadonlyMap<string, string>,
): ConfigurationProblem[] {
  const byPath = new Map<string, ConfigurationProblem>();
  for (const problem of problems) {
    const variable = variables.get(problem.path);
    const path = variable === undefined ? problem.path : `${problem.path} (set by ${variable})`;
    if (!byPath.has(path)) byPath.set(path, { ...problem, path });
  }
  return [...byPath.values()];
}
