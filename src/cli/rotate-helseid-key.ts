import { Command, Option } from 'commander';
import { loadConfiguration } from '../config/load.js';
import { assertionAlgorithms, readPrivateKey } from '../config/private-key.js';
import type { Configuration, HelseIdSettings } from '../config/schema.js';
import { AdapterError } from '../errors/errors.js';
import { newDpopKey } from '../helseid/dpop-key.js';
import { KeyFiles } from '../helseid/rotation/key-files.js';
import { newKey } from '../helseid/rotation/new-key.js';
import { rotateKey, type RotatedKey } from '../helseid/rotation/rotate-key.js';
import { RotationFailed } from '../helseid/rotation/rotation-failed.js';
import { SelfService } from '../helseid/rotation/self-service.js';
import { TokenClient } from '../helseid/token-client.js';
import { closeHttpClient, createHttpClient } from '../outbound/http-client.js';
import { certificateAuthority } from './certificate-authority.js';
import { configurationOption } from './configuration-option.js';
import { CommandFailed, sentenceFor } from './report.js';
import type { Surroundings } from './surroundings.js';

interface RotateOptions {
  readonly config: string;
  readonly algorithm: string;
  readonly check?: true;
}

/** The scope for replacing one's own key (helseid 5). */
const SELF_SERVICE_SCOPE = 'nhn:selvbetjening/client';

/** `preg-adapter rotate-helseid-key`: puts a new key in place of the one that the adapter shows to HelseID. */
export function rotateHelseIdKeyCommand(surroundings: Surroundings): Command {
  return new Command('rotate-helseid-key')
    .summary('replace the key that the adapter shows to HelseID')
    .description(
      'Makes a new key, registers its public half with HelseID self service (scope nhn:selvbetjening/client) and puts it\n' +
        'into the file of helseid.privateKeyFile, where a running adapter finds it. The key before stays beside it, as\n' +
        '.previous. Stopped at any point, it goes on from there when it is run again.',
    )
    .addOption(configurationOption())
    .addOption(
      new Option('--algorithm <name>', 'what the new key signs with; RSA keys have 4096 bits')
        .choices([...assertionAlgorithms])
        .default('PS256'),
    )
    .option('--check', 'only tell when the key in use ends; exit code 1 once it has')
    .addHelpText('after', '\nExample:\n  preg-adapter rotate-helseid-key --config hospital.yaml')
    .action(async (options: RotateOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: options.config });
      const { helseid, file } = keyInFile(configuration);
      if (options.check === true) check(helseid, file, surroundings);
      else await rotate(configuration, { ...helseid, file }, options.algorithm, surroundings);
    });
}

interface KeyInFile {
  readonly helseid: HelseIdSettings;
  readonly file: string;
}

function keyInFile({ helseid }: Configuration): KeyInFile {
  if (helseid === undefined) {
    throw new CommandFailed(
      'This configuration has a sandbox, whose key is its own and made anew at each start: there is nothing to rotate.',
    );
  }
  if (helseid.privateKeyFile === undefined) {
    throw new CommandFailed(
      'helseid.privateKey does not come from a file, so that a new key has nowhere to go: put it into a file and name that in helseid.privateKeyFile.',
    );
  }
  return { helseid, file: helseid.privateKeyFile };
}

const DAY = 24 * 60 * 60 * 1000;

function check(
  { privateKey: { kid, exp } }: HelseIdSettings,
  file: string,
  { output, clock, random }: Surroundings,
): void {
  const left = exp === undefined ? undefined : exp * 1000 - clock.now().getTime();
  if (exp !== undefined && left !== undefined && left <= 0) {
    throw new CommandFailed(`The key ${kid} ended on ${dayOf(new Date(exp * 1000))}: rotate it.`);
  }
  output.stdout.write(
    exp === undefined || left === undefined
      ? `The key ${kid} does not tell when it ends (it has no member exp); self service shows it.\n`
      : `The key ${kid} ends on ${dayOf(new Date(exp * 1000))}, in ${Math.floor(left / DAY)} days.\n`,
  );
  const files = told(() => new KeyFiles(file, random, problemIn));
  if (told(() => files.pending()) !== undefined) {
    output.stdout.write(
      `A rotation did not come to its end: ${files.pendingFile} holds a new key. Run the command without --check.\n`,
    );
  }
}

async function rotate(
  configuration: Configuration,
  { file, issuer, clientId, privateKey, selfServiceUrl }: HelseIdSettings & { readonly file: string },
  algorithm: string,
  surroundings: Surroundings,
): Promise<void> {
  const { output, clock, random } = surroundings;
  if (selfServiceUrl === undefined) {
    throw new CommandFailed(
      'helseid.selfServiceUrl is not set: it is the address of the self-service API that belongs to helseid.issuer (see docs/helseid.md).',
    );
  }
  const http = createHttpClient({
    certificateAuthority: certificateAuthority(configuration),
    proxy: configuration.outbound.proxy,
  });
  try {
    const dpopKey = await newDpopKey();
    const selfService = new SelfService({ url: selfServiceUrl, http, dpopKey, clock, random });
    const files = new KeyFiles(file, random, problemIn);
    const key = await rotateKey({
      current: privateKey,
      files,
      makeKey: () => newKey(algorithm, random),
      tokenBy: async (jwk) => {
        // A key belongs to the client, whomever that acts for: no organisation is named.
        const settings = { issuer, clientId, privateKey: jwk, tenancy: 'single' } as const;
        const client = new TokenClient(settings, http, dpopKey, clock);
        return (await client.grant(SELF_SERVICE_SCOPE, { parent: '' })).accessToken;
      },
      register: (publicJwk, accessToken) => selfService.register(publicJwk, accessToken),
      clock,
      onProgress: (sentence) => output.stdout.write(`${sentence}\n`),
    });
    output.stdout.write(`${outcome(key, files)}\n`);
  } catch (error) {
    if (error instanceof RotationFailed) throw new CommandFailed(error.message);
    if (!(error instanceof AdapterError)) throw error;
    throw new CommandFailed(
      `${sentenceFor(error)} The key in use was not touched. Whether the client may have ${SELF_SERVICE_SCOPE} is seen in self service.`,
    );
  } finally {
    closeHttpClient(http);
  }
}

/** What an adapter that reads this text as its key would say. */
function problemIn(text: string): string | undefined {
  return readPrivateKey(text, {}).problem?.found;
}

function outcome({ keyId, algorithm, expiresAt }: RotatedKey, files: KeyFiles): string {
  const until =
    expiresAt === undefined
      ? 'when it ends is not known, since the answer got lost or told no date to come; self service shows it'
      : `it ends on ${dayOf(expiresAt)}`;
  return (
    `The key ${keyId} (${algorithm}) is registered and in ${files.file}; ${until}. ` +
    `A running adapter takes it up by itself. The key before is in ${files.previousFile}.`
  );
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function told<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof RotationFailed) throw new CommandFailed(error.message);
    throw error;
  }
}
