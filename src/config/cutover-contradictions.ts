import { z } from 'zod';
import { protocols } from '../access/legacy-client.js';
import { routes } from '../registry/cutover/route.js';
import { isLoopback } from '../runtime/loopback.js';
import { isForAll, routeProblems, type WrittenRoute } from './cutover-routes.js';
import { formatPath, type ConfigurationProblem } from './problems.js';
import { isGroup, valueAt } from './settings-tree.js';

const PREG = ['cutover', 'preg'];
const ACCOUNTS = [...PREG, 'accounts'];
const ROUTES = ['cutover', 'routes'];
const TESTERS = ['cutover', 'testers'];

/** What the settings of the cutover demand of one another and of the clients. */
export function cutoverContradictions(settings: unknown): ConfigurationProblem[] {
  const clients = listAt(settings, ['clients']).map((client) => valueAt(client, ['id']));
  const written = listAt(settings, ROUTES).map((route) => routeForm.safeParse(route).data);
  return [
    ...pregProblems(settings),
    ...namedClients(settings, ACCOUNTS, clients, (account) => valueAt(account, ['client']), 'client'),
    ...namedClients(settings, TESTERS, clients, (tester) => tester),
    ...routeClients(settings, written),
    ...routeProblems(written),
    ...withoutPreg(settings, written),
    ...unreachable(settings, written),
  ];
}

const routeForm: z.ZodType<WrittenRoute> = z.object({
  client: z.string().optional(),
  protocol: z.enum(protocols).optional(),
  operation: z.string().optional(),
  route: z.enum(routes),
  percent: z.number().optional(),
  from: z.string().optional(),
});

function pregProblems(settings: unknown): ConfigurationProblem[] {
  const preg = valueAt(settings, PREG);
  if (preg === undefined) return [];
  if (hasSandboxPreg(settings)) {
    return ['hl7v3Url', 'pregXmlUrl', 'accounts'].flatMap((name) =>
      valueAt(preg, [name]) === undefined
        ? []
        : [
            {
              path: formatPath([...PREG, name]),
              found: 'a setting beside sandbox.preg',
              expected: 'nothing, since the sandbox has its own',
            },
          ],
    );
  }
  const urls = ['hl7v3Url', 'pregXmlUrl'].map((name) => ({ name, url: valueAt(preg, [name]) }));
  if (urls.every(({ url }) => url === undefined)) {
    return [{ path: formatPath(PREG), found: 'no address', expected: 'hl7v3Url, pregXmlUrl, or both' }];
  }
  return urls.flatMap(({ name, url }) => {
    const isOpen = typeof url === 'string' && URL.canParse(url) && isReadableByOthers(new URL(url));
    const expected = 'https, since passwords and persons are in what is sent';
    return isOpen
      ? [{ path: formatPath([...PREG, name]), found: 'http beside another machine', expected }]
      : [];
  });
}

function hasSandboxPreg(settings: unknown): boolean {
  return valueAt(settings, ['sandbox', 'preg']) !== undefined;
}

function isReadableByOthers({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, ''));
}

/** A list that names clients names those that there are, each once. */
function namedClients(
  settings: unknown,
  path: readonly string[],
  clients: readonly unknown[],
  nameIn: (item: unknown) => unknown,
  member?: string,
): ConfigurationProblem[] {
  const names = listAt(settings, path).map(nameIn);
  return names.flatMap((name, index): ConfigurationProblem[] => {
    if (typeof name !== 'string') return [];
    const place = formatPath([...path, index, ...(member === undefined ? [] : [member])]);
    if (!clients.includes(name)) return [unknownClient(place, name)];
    const first = names.indexOf(name);
    return first === index
      ? []
      : [
          {
            path: place,
            found: `the same as in ${formatPath([...path, first])}`,
            expected: 'each client once',
          },
        ];
  });
}

function routeClients(
  settings: unknown,
  written: readonly (WrittenRoute | undefined)[],
): ConfigurationProblem[] {
  const clients = listAt(settings, ['clients']);
  return written.flatMap((route, index): ConfigurationProblem[] => {
    if (route?.client === undefined) return [];
    const client = clients.find((one) => valueAt(one, ['id']) === route.client);
    if (client === undefined) {
      return [unknownClient(formatPath([...ROUTES, index, 'client']), route.client)];
    }
    const spoken = valueAt(client, ['protocols']);
    if (route.protocol === undefined || !Array.isArray(spoken) || spoken.includes(route.protocol)) return [];
    return [
      {
        path: formatPath([...ROUTES, index, 'protocol']),
        found: `${route.protocol}, which that client does not speak`,
        expected: 'one of its protocols',
      },
    ];
  });
}

/** Where there is no PREG nothing can go to it. */
function withoutPreg(
  settings: unknown,
  written: readonly (WrittenRoute | undefined)[],
): ConfigurationProblem[] {
  if (valueAt(settings, PREG) !== undefined || hasSandboxPreg(settings)) return [];
  const expected = 'settings in cutover.preg beside it';
  const fallback = valueAt(settings, ['cutover', 'fallback']);
  return [
    ...written.flatMap((route, index) =>
      route === undefined || !asksPreg(route)
        ? []
        : [
            {
              path: formatPath([...ROUTES, index, 'route']),
              found: `${route.route} without a PREG`,
              expected,
            },
          ],
    ),
    ...(typeof fallback === 'string' && fallback !== 'none'
      ? [{ path: 'cutover.fallback', found: `${fallback} without a PREG`, expected }]
      : []),
  ];
}

/** Who is asked for at PREG has an account there, and a service that serves its protocol. */
function unreachable(
  settings: unknown,
  written: readonly (WrittenRoute | undefined)[],
): ConfigurationProblem[] {
  const preg = valueAt(settings, PREG);
  if (!isGroup(preg) || hasSandboxPreg(settings)) return [];
  const asking = listAt(settings, ['clients']).flatMap((client) => {
    const { data } = clientForm.safeParse(client);
    if (!data?.enabled) return [];
    const hasOwn = written.some((route) => route?.client === data.id && isForGood(route));
    const spoken = data.protocols.filter((protocol) =>
      written.some(
        (route) =>
          route !== undefined &&
          asksPreg(route) &&
          (route.client === undefined ? !hasOwn : route.client === data.id) &&
          (route.protocol === undefined || route.protocol === protocol),
      ),
    );
    return spoken.length === 0 ? [] : [{ id: data.id, spoken }];
  });
  const accounts = listAt(settings, ACCOUNTS).map((account) => valueAt(account, ['client']));
  const strangers = asking.filter(({ id }) => !accounts.includes(id)).map(({ id }) => JSON.stringify(id));
  const spoken = asking.flatMap((client) => client.spoken);
  const unserved = [
    ...(spoken.includes('hl7v3') && preg['hl7v3Url'] === undefined ? ['hl7v3Url'] : []),
    ...(spoken.some((name) => name !== 'hl7v3') && preg['pregXmlUrl'] === undefined ? ['pregXmlUrl'] : []),
  ];
  return [
    ...(strangers.length === 0
      ? []
      : [
          {
            path: formatPath(ACCOUNTS),
            found: `none for ${strangers.join(', ')}`,
            expected: 'an account of each client that cutover.routes lead to PREG',
          },
        ]),
    ...unserved.map((name) => ({
      path: formatPath([...PREG, name]),
      found: 'nothing',
      expected: 'its address, since cutover.routes lead clients there by their protocol',
    })),
  ];
}

const clientForm = z.object({
  id: z.string(),
  enabled: z.boolean().default(true),
  protocols: z.array(z.enum(protocols)),
});

/** A route of a client that keeps all others from it, whatever day it is and whatever is asked. */
function isForGood(route: WrittenRoute): boolean {
  const { protocol, operation, from } = route;
  return isForAll(route) && [protocol, operation, from].every((limit) => limit === undefined);
}

function asksPreg({ route }: WrittenRoute): boolean {
  return route !== 'persontjenesten';
}

function unknownClient(path: string, name: string): ConfigurationProblem {
  return { path, found: JSON.stringify(name), expected: 'the id of one of clients[]' };
}

function listAt(settings: unknown, path: readonly string[]): unknown[] {
  return z.array(z.unknown()).catch([]).parse(valueAt(settings, path));
}
