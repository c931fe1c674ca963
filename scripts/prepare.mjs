/**
 * Makes a clone ready to run: right Node.js, packages as in package-lock.json, everything compiled. Does nothing, and
 * says nothing, when there is nothing to do.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the operator can do something about: printed as it is, without a stack trace. */
export class PreparationFailed extends Error {}

/** Installs and builds what is missing or stale; with `tests`, the tests too. */
export function prepare({ tests = false } = {}) {
  installPackages();
  build(tests);
}

/** Runs a script's work; what goes wrong becomes one plain text and exit code 1. */
export async function run(work) {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof PreparationFailed ? error.message : error);
    process.exitCode = 1;
  }
}

/** @throws PreparationFailed when Node.js is older than package.json demands. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new PreparationFailed(`preg-adapter needs Node.js 20.19 or newer; this is ${version}.`);
  }
}

/** Installs with `npm ci` when the installed packages are not those of package-lock.json. */
export function installPackages() {
  checkNode();
  if (!packagesAreRight()) {
    console.log('Installing packages (the first time takes a minute or two) …');
    npm(['ci', '--include=dev', '--no-audit', '--no-fund']);
  }
  if (!nativePartWorks()) {
    console.log(`Compiling better-sqlite3 for Node.js ${process.versions.node} …`);
    npm(['rebuild', 'better-sqlite3']);
  }
}

/** Compares what npm noted when it installed with what package-lock.json asks for. */
function packagesAreRight() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    // Packages for other platforms are listed but not installed.
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** Compiled code belongs to one version of Node.js, so a newer Node.js finds it there and cannot load it. */
function nativePartWorks() {
  const entry = join(root, 'node_modules', 'better-sqlite3');
  try {
    const Database = createRequire(import.meta.url)(entry);
    new Database(':memory:').close();
    return true;
  } catch {
    return false;
  }
}

function npm(args) {
  const own = process.env['npm_execpath'];
  const [command, ...first] =
    own !== undefined && /\.c?js$/.test(own)
      ? [process.execPath, own]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  const result = spawnSync(command, [...first, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: command === 'npm.cmd',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status !== 0) {
    const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`.trimEnd();
    throw new PreparationFailed(
      `${output}\n\n"npm ${args.join(' ')}" failed. better-sqlite3 needs a prebuilt binary from the network, or python3, make and a C++ compiler.`,
    );
  }
}

/** Compiles with tsc when a source was changed, added or removed since the last time it succeeded. */
function build(tests) {
  const stages = [{ folders: ['src'], stamp: join(root, 'dist', '.built') }];
  if (tests) stages.push({ folders: ['test', 'bench'], stamp: join(root, 'dist', '.built-tests') });
  const states = stages.map(({ folders, stamp }) => ({ folders, stamp, state: fingerprint(folders) }));
  const program = join(root, 'dist', 'src', 'cli', 'main.js');
  if (existsSync(program) && states.every(({ stamp, state }) => readText(stamp) === state)) return;

  console.log(tests ? 'Compiling the adapter and its tests …' : 'Compiling the adapter …');
  // What tsc remembers having written is wrong once somebody has removed it.
  if (!existsSync(program)) rmSync(join(root, 'dist'), { recursive: true, force: true });
  const project = tests ? 'tsconfig.test.json' : 'tsconfig.src.json';
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const result = spawnSync(process.execPath, [tsc, '-b', project], { cwd: root, encoding: 'utf8' });
  if (result.status !== 0) {
    throw new PreparationFailed(`${result.stdout}${result.stderr}\nThe sources do not compile.`);
  }
  for (const { folders, stamp, state } of states) {
    removeOrphans(folders);
    writeFileSync(stamp, state);
  }
}

/** Changes when any source, compiler setting or the compiler itself does. */
function fingerprint(folders) {
  const files = [
    ...folders.flatMap((folder) => filesBelow(join(root, folder), (name) => name.endsWith('.ts'))),
    ...['tsconfig.json', 'tsconfig.src.json', 'tsconfig.test.json', 'package-lock.json'].map((name) =>
      join(root, name),
    ),
  ];
  return files
    .map((file) => {
      const { size, mtimeMs } = statSync(file);
      return `${relative(root, file)} ${size} ${mtimeMs}`;
    })
    .join('\n');
}

/** Removes compiled files whose source is gone: a test that was deleted must not run. */
function removeOrphans(folders) {
  for (const folder of folders) {
    const compiled = filesBelow(join(root, 'dist', folder), (name) => /\.(js|js\.map|d\.ts)$/.test(name));
    for (const file of compiled) {
      const source = join(root, relative(join(root, 'dist'), file).replace(/\.(js|js\.map|d\.ts)$/, '.ts'));
      if (!existsSync(source)) rmSync(file);
    }
  }
}

function filesBelow(folder, accept) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && accept(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
