import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { applyEnvironment, environmentName, environmentPrefix } from '../../src/config/environment.js';
import { loadConfiguration } from '../../src/config/load.js';
import { packageRoot } from '../../src/config/package-root.js';
import { configurationSchema } from '../../src/config/schema.js';
import { isComposite, shapeOf, valueAt } from '../../src/config/settings-tree.js';
import { ManualClock } from '../support/manual-clock.js';
import { someCertificate, someHash, someJwk, someKey, write } from '../support/configuration-files.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const example = readFileSync(join(packageRoot(), 'config', 'hospital.example.yaml'), 'utf8');
const documentation = readFileSync(join(packageRoot(), 'docs', 'configuration.md'), 'utf8');

describe('the documentation of the configuration', function () {
  // Much to do on a busy machine; nothing here is about speed.
  this.timeout(10_000);

  const newFolder = temporaryFolders();
  const settings = leaves(configurationSchema);

  it('knows the settings that scripts rely on', () => {
    expect(settings.map(({ name }) => name)).to.include.members([
      'listeners.legacy.port',
      'listeners.operations.port',
      'sandbox.port',
      'sandbox.population',
      'sandbox.persons',
      'data.directory',
    ]);
  });

  it('has a line for each setting and no other', () => {
    const rows = documentation.matchAll(/^\| `([^`]+)` \|/gm);
    const documented = Array.from(rows, ([, name = '']) => name).filter((name) =>
      /[.[]|^publicBaseUrl$/.test(name),
    );
    const known = settings.map(({ name }) => name);
    expect(documented.filter((name) => name !== 'sealingKeys[].key')).to.deep.equal(known);
  });

  it('tells the true defaults', () => {
    for (const { name, schema } of settings) {
      const row = documentation.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
      const told = /^\| `[^`]+` \| (?:`([^`]+)`|([^|]+)) \|/.exec(row);
      const value = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
      if (told?.[1] === 'fixtures/persons') expect(String(value)).to.match(/fixtures.persons$/);
      else if (told?.[1] !== undefined) expect(String(value), name).to.equal(told[1]);
      else expect(Array.isArray(value) && value.length === 0 ? undefined : value, name).to.equal(undefined);
    }
  });

  it('shows each setting in the example, commented out where it excludes another', () => {
    const everything: unknown = parse(
      example
        .replace(/^(\s*)# (pfxFile: |sealedPasswordFile: |previous\w+File: |keyId: |algorithm: )/gm, '$1$2')
        .replace(/^# helpNumbers:\n(?:#.+\n)+/m, (block) => block.replace(/^# ?/gm, ''))
        .replace(/^ {4}# tls:\n(?: {4}# {3}.+\n)+/m, (block) => block.replace(/^ {4}# /gm, '    '))
        .replace(/^# sandbox:[^]*$/m, (block) => block.replace(/^# ?/gm, '')),
      { schema: 'failsafe' },
    );
    const missing = settings.filter(
      ({ path, secret }) =>
        valueAt(everything, path) === undefined &&
        !(secret && valueAt(everything, [...path.slice(0, -1), `${String(path.at(-1))}File`]) !== undefined),
    );
    expect(missing.map(({ name }) => name)).to.deep.equal([]);
  });

  it('has an example that works once its files exist', async () => {
    const folder = newFolder();
    const clock = new ManualClock('2026-03-01T12:00:00Z');
    const { certificatePem, privateKeyPem } = await someCertificate(clock);
    const old = await someCertificate(clock);
    const contents = (name: string): string => {
      if (name === 'private-key.pem') return privateKeyPem;
      if (name === 'old-private-key.pem') return old.privateKeyPem;
      if (name.startsWith('old-')) return old.certificatePem;
      if (name.endsWith('.pem')) return certificatePem;
      if (name.endsWith('.hash')) return `${someHash}\n`;
      if (name.endsWith('.sealed')) return 'c2VhbGVk\n';
      if (name.endsWith('.jwk')) return someJwk;
      return name.endsWith('.key') ? `${someKey}\n` : 'passphrase';
    };
    for (const [, name = ''] of example.matchAll(/\/etc\/(preg-adapter\/[\w./-]+)/g)) {
      write(folder, name, contents(basename(name)));
    }
    const file = write(folder, 'hospital.yaml', example.replaceAll('/etc/', `${folder}/`));
    const configuration = loadConfiguration({ file, environment: {}, clock });
    expect(configuration.clients.map(({ id }) => id)).to.deep.equal(['epj-sentrum', 'lab']);
    expect(configuration.store?.sealingKeys).to.have.length(2);
  });

  it('gives every setting a name in the environment that reaches it', () => {
    for (const { name, path, secret } of settings) {
      const variable = environmentPrefix + path.map((step) => environmentName(String(step))).join('__');
      const overridden = applyEnvironment(configurationSchema, {}, { [variable]: 'value' });
      expect(overridden.problems, name).to.deep.equal([]);
      expect(valueAt(overridden.settings, path), name).to.equal('value');
      // Whatever is put behind it is another name of the same kind.
      if (name.endsWith('<name>')) continue;
      const asFile = applyEnvironment(configurationSchema, {}, { [`${variable}_FILE`]: 'value' });
      expect(asFile.problems.length === 0, `${name} by file`).to.equal(secret);
    }
  });
});

interface Setting {
  /** As documented: `clients[].id`, `profiles.<name>.groups`. */
  readonly name: string;
  /** The first such setting. */
  readonly path: readonly PropertyKey[];
  readonly secret: boolean;
  readonly schema: z.core.$ZodType;
}

function leaves(schema: z.core.$ZodType, name = '', path: readonly PropertyKey[] = []): Setting[] {
  const shape = shapeOf(schema);
  const below = (step: string): string => (name === '' ? step : `${name}.${step}`);
  switch (shape.kind) {
    case 'group':
      return [...shape.children].flatMap(([child, its]) => leaves(its, below(child), [...path, child]));
    case 'named':
      return leaves(shape.value, below('<name>'), [...path, name === 'profiles' ? 'minimal' : 'helseid']);
    case 'list':
      return isComposite(shape.item)
        ? leaves(shape.item, `${name}[]`, [...path, 0])
        : [{ name, path, secret: false, schema }];
    case 'text':
    case 'number':
    case 'flag':
      return [{ name, path, secret: shape.secret, schema }];
  }
}
