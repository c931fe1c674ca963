import { z } from 'zod';
import { cacheContradictions } from './cache-contradictions.js';
import { certificateForm } from './certificate-form.js';
import { cutoverContradictions } from './cutover-contradictions.js';
import { filematchContradictions } from './filematch-contradictions.js';
import { limitsInOrder } from './limits-in-order.js';
import { loggingContradictions } from './logging-settings.js';
import { mllpContradictions } from './mllp-contradictions.js';
import { operationsContradictions } from './operations-contradictions.js';
import { oldTlsContradictions } from './old-tls-contradictions.js';
import { notificationContradictions } from './notification-contradictions.js';
import { assertionAlgorithms, readPrivateKey } from './private-key.js';
import { formatPath, type ConfigurationProblem } from './problems.js';
import { rateContradictions } from './rate-contradictions.js';
import { isGroup, valueAt } from './settings-tree.js';

/**
 * What one setting demands of another. Each rule reads only what it needs and stays silent where that is malformed,
 * so that its finding can be told beside the complaints of the schema.
 */
export function contradictions(settings: unknown): ConfigurationProblem[] {
  return [
    ...repeated(settings, ['clients'], 'id'),
    ...repeated(settings, ['clients'], 'username'),
    ...repeated(settings, ['store', 'sealingKeys'], 'id'),
    ...profiles(settings),
    ...passwords(settings),
    ...rateContradictions(settings),
    ...transport(settings),
    ...upstream(settings),
    ...privateKey(settings),
    ...tokens(settings),
    ...proxy(settings),
    ...series(settings),
    ...follower(settings),
    ...cacheContradictions(settings),
    ...limitsInOrder(settings),
    ...filematchContradictions(settings),
    ...mllpContradictions(settings),
    ...operationsContradictions(settings),
    ...oldTlsContradictions(settings),
    ...notificationContradictions(settings),
    ...cutoverContradictions(settings),
    ...loggingContradictions(settings),
    ...ports(settings),
  ];
}

function repeated(settings: unknown, list: readonly string[], member: string): ConfigurationProblem[] {
  const items = z.array(z.unknown()).catch([]).parse(valueAt(settings, list));
  const values = items.map((item) => valueAt(item, [member]));
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    if (typeof value !== 'string' || first === index) return [];
    return [
      {
        path: formatPath([...list, index, member]),
        found: `the same as in ${formatPath([...list, first])}`,
        expected: 'one of its own',
      },
    ];
  });
}

function profiles(settings: unknown): ConfigurationProblem[] {
  const own = valueAt(settings, ['profiles']);
  const names = ['complete', ...(isGroup(own) ? Object.keys(own) : [])];
  const clients = z
    .array(z.unknown())
    .catch([])
    .parse(valueAt(settings, ['clients']));
  const problems = clients.flatMap((client, index): ConfigurationProblem[] => {
    const name = valueAt(client, ['profile']);
    if (typeof name !== 'string' || names.includes(name)) return [];
    return [
      {
        path: formatPath(['clients', index, 'profile']),
        found: JSON.stringify(name),
        expected: `the name of a profile: ${names.join(', ')}`,
      },
    ];
  });
  if (valueAt(settings, ['profiles', 'complete']) !== undefined) {
    problems.push({
      path: 'profiles.complete',
      found: 'a profile of that name',
      expected: 'another name, since complete is built in and grants everything',
    });
  }
  return problems;
}

function passwords(settings: unknown): ConfigurationProblem[] {
  const clients = z
    .array(z.unknown())
    .catch([])
    .parse(valueAt(settings, ['clients']));
  return clients.flatMap((client, index): ConfigurationProblem[] => {
    const given = (names: readonly string[]): number =>
      names.filter((name) => valueAt(client, [name]) !== undefined).length;
    const present = given(['passwordHash', 'sealedPassword']);
    const previous = given(['previousPasswordHash', 'previousSealedPassword']);
    const problemAt = (name: string, found: string, expected: string): ConfigurationProblem => ({
      path: formatPath(['clients', index, name]),
      found,
      expected,
    });
    return [
      ...(present === 1
        ? []
        : [
            problemAt(
              'passwordHash',
              present === 0 ? 'nothing' : 'a hash beside sealedPassword',
              'either passwordHash or, for a client that sends PasswordDigest, sealedPassword',
            ),
          ]),
      ...(previous < 2
        ? []
        : [
            problemAt(
              'previousPasswordHash',
              'a hash beside previousSealedPassword',
              'one previous password at most',
            ),
          ]),
    ];
  });
}

function transport(settings: unknown): ConfigurationProblem[] {
  const path = 'listeners.legacy.tls';
  const tls = valueAt(settings, ['listeners', 'legacy', 'tls']);
  const plaintext = valueAt(settings, ['listeners', 'legacy', 'plaintext']) === true;
  if (tls === undefined) {
    return plaintext || hasSandbox(settings)
      ? []
      : [{ path, found: 'nothing', expected: 'a certificate, or plaintext: true to do without encryption' }];
  }
  return certificateForm(path, tls, plaintext);
}

function upstream(settings: unknown): ConfigurationProblem[] {
  const sandboxed = hasSandbox(settings);
  return ['persontjenesten', 'helseid', 'store'].flatMap((name): ConfigurationProblem[] => {
    const given = valueAt(settings, [name]) !== undefined;
    if (!given && !sandboxed) {
      return [{ path: name, found: 'nothing', expected: 'these settings, since there is no sandbox' }];
    }
    if (given && sandboxed && name !== 'store') {
      return [
        {
          path: name,
          found: 'settings beside a sandbox',
          expected: 'either the sandbox or the real service',
        },
      ];
    }
    return [];
  });
}

/** Told here too, so that it is told beside what else is wrong with these settings. */
function privateKey(settings: unknown): ConfigurationProblem[] {
  const { data } = keySettings.safeParse(valueAt(settings, ['helseid']));
  const problem = data === undefined ? undefined : readPrivateKey(data.privateKey, data).problem;
  if (problem === undefined) return [];
  const { setting, found, expected } = problem;
  return [{ path: formatPath(['helseid', setting]), found, expected }];
}

const keySettings = z.object({
  privateKey: z.string().min(1),
  keyId: z.string().min(1).optional(),
  algorithm: z.enum(assertionAlgorithms).optional(),
});

/** Persontjenesten's version 3 takes no bearer tokens (helseid 6). */
function tokens(settings: unknown): ConfigurationProblem[] {
  const version = valueAt(settings, ['persontjenesten', 'version']) ?? 3;
  if (valueAt(settings, ['helseid', 'tokens']) !== 'bearer' || version !== 3) return [];
  return [
    {
      path: 'helseid.tokens',
      found: 'bearer beside version 3 of Persontjenesten',
      expected: 'dpop, or persontjenesten.version: 2',
    },
  ];
}

/** Credentials for a proxy are two, and HTTP Basic divides them at the first colon (RFC 7617 2). */
function proxy(settings: unknown): ConfigurationProblem[] {
  const path = ['outbound', 'proxy'];
  const username = valueAt(settings, [...path, 'username']);
  const password = valueAt(settings, [...path, 'password']);
  if (typeof username === 'string' && username.includes(':')) {
    return [
      { path: formatPath([...path, 'username']), found: 'a colon', expected: 'a user name without a colon' },
    ];
  }
  if ((username === undefined) === (password === undefined)) return [];
  const missing = username === undefined ? 'username' : 'password';
  return [
    {
      path: formatPath([...path, missing]),
      found: 'nothing',
      expected: missing === 'username' ? 'the user that the password is of' : 'the password of that user',
    },
  ];
}

/** The feed is read on behalf of somebody. */
function follower(settings: unknown): ConfigurationProblem[] {
  const isOn = valueAt(settings, ['events', 'enabled']) === true;
  if (!isOn || valueAt(settings, ['events', 'organisation']) !== undefined) return [];
  return [
    {
      path: 'events.organisation',
      found: 'nothing',
      expected: 'the organisation on whose behalf the event feed is read',
    },
  ];
}

/** Series run upwards and do not overlap: a number that stands in two is twice as likely to be drawn. */
function series(settings: unknown): ConfigurationProblem[] {
  const path = ['helpNumbers', 'series'];
  const ranges = z
    .array(z.unknown())
    .catch([])
    .parse(valueAt(settings, path))
    .map((range) => seriesForm.safeParse(range).data);
  return ranges.flatMap((range, index): ConfigurationProblem[] => {
    if (range === undefined) return [];
    const { from, to } = range;
    if (from > to) {
      return [
        {
          path: formatPath([...path, index]),
          found: `from ${from} to ${to}`,
          expected: 'a series that does not end before it begins',
        },
      ];
    }
    const other = ranges.findIndex(
      (earlier, before) =>
        before < index && earlier !== undefined && earlier.from <= to && from <= earlier.to,
    );
    if (other === -1) return [];
    return [
      {
        path: formatPath([...path, index]),
        found: `numbers that are in ${formatPath([...path, other])} too`,
        expected: 'series that do not overlap',
      },
    ];
  });
}

const seriesEnd = z.string().regex(/^\d{9}$/);
const seriesForm = z.object({ from: seriesEnd, to: seriesEnd });

function ports(settings: unknown): ConfigurationProblem[] {
  const mllp = ['listeners', 'mllp'];
  const oldTls = ['listeners', 'oldTls'];
  const taken = [
    address(settings, ['listeners', 'legacy'], 8443),
    address(settings, ['listeners', 'operations'], 9090),
    ...(valueAt(settings, mllp) === undefined ? [] : [address(settings, mllp, 2575)]),
    ...(valueAt(settings, oldTls) === undefined ? [] : [address(settings, oldTls, 8448)]),
  ];
  const problems: ConfigurationProblem[] = [];
  if (hasSandbox(settings)) {
    const sandbox = address(settings, ['sandbox'], 8444);
    if (sandbox.port === 65_535) {
      problems.push({
        path: 'sandbox.port',
        found: '65535',
        expected: 'a lower port, since HelseID takes the next one',
      });
    }
    taken.push(sandbox, { ...sandbox, port: sandbox.port === 0 ? 0 : sandbox.port + 1 });
    const preg = ['sandbox', 'preg'];
    if (valueAt(settings, preg) !== undefined) taken.push(address(settings, preg, 8446));
  }
  taken.forEach((one, index) => {
    const other = taken.slice(0, index).find(({ host, port }) => port === one.port && host === one.host);
    if (one.port !== 0 && other !== undefined) {
      problems.push({
        path: one.path,
        found: `port ${one.port}, which ${other.path} has too`,
        expected: 'ports that differ (the sandbox takes two in a row)',
      });
    }
  });
  return problems;
}

function address(
  settings: unknown,
  path: readonly string[],
  defaultPort: number,
): { path: string; host: string; port: number } {
  const port = valueAt(settings, [...path, 'port']) ?? defaultPort;
  const host = valueAt(settings, [...path, 'host']) ?? '127.0.0.1';
  return {
    path: `${path.join('.')}.port`,
    host: typeof host === 'string' ? host : '',
    port: typeof port === 'number' ? port : 0,
  };
}

function hasSandbox(settings: unknown): boolean {
  return valueAt(settings, ['sandbox']) !== undefined;
}
