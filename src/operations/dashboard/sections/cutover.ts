import { markup, type Markup } from '../markup.js';
import { shareBar, swatch } from '../plots.js';
import type { ClientStanding, CutoverStanding, RouteStanding } from '../standing.js';
import { countCell, section, table, type Cell } from '../tables.js';
import type { View } from '../view.js';
import { statusMark } from './status.js';

const routeKinds: Readonly<Record<string, string>> = {
  preg: 'r1',
  'shadow-preg': 'r2',
  'shadow-persontjenesten': 'r3',
  persontjenesten: 'r4',
};

/** Which register answers whom, and who can be moved. Undefined where there is one register alone. */
export function cutoverSection(view: View): Markup | undefined {
  const { cutover: texts } = view.texts;
  const { cutover } = view.standing;
  if (cutover === undefined) return undefined;
  const routes = cutover.routes();
  const held = new Set(cutover.heldBack());
  const exceptions = new Set(
    routes.flatMap(({ client, operation }) => (operation === undefined ? [] : [client])),
  );
  const clients = [...new Set(routes.map(({ client }) => client))];
  const moved = new Set(clients.filter((client) => isMoved(routes, client)));
  return section(
    'cutover',
    texts.heading,
    markup`<p class="summary">${texts.summary(moved.size, clients.length)} ${progress(clients, routes)}</p>
<ul class="legend">${Object.entries(routeKinds).map(([route, kind]) => markup`<li>${swatch(kind)}${texts.routes[route]}</li>`)}</ul>
`,
    table(
      [
        { title: texts.client },
        { title: texts.protocols },
        { title: texts.operations },
        { title: texts.route, kind: 'plot' },
        { title: texts.later },
      ],
      grouped(routes).map((group) => routeRow(view, group, held, exceptions.has(group.client))),
    ),
    readiness(view, cutover, moved),
  );
}

/** How far the whole is: a share of the clients by the route that most of their questions take. */
function progress(clients: readonly string[], routes: readonly RouteStanding[]): Markup {
  const shares = Object.entries(routeKinds).map(([route, kind]) => {
    const weight = clients.reduce((sum, client) => {
      const own = routes.filter((one) => one.client === client && one.operation === undefined);
      const percents = own.map(({ shares: of }) => of.find((share) => share.route === route)?.percent ?? 0);
      return sum + percents.reduce((all, percent) => all + percent, 0) / Math.max(1, own.length);
    }, 0);
    return { kind, percent: weight / Math.max(1, clients.length) };
  });
  return shareBar(shares, '');
}

function isMoved(routes: readonly RouteStanding[], client: string): boolean {
  return routes
    .filter((route) => route.client === client)
    .every(({ shares }) =>
      shares.every(({ route, percent }) => percent === 0 || route === 'persontjenesten'),
    );
}

type Group = RouteStanding & { readonly protocols: readonly string[] };

/** Protocols of a client that take the same way stand in one row. */
function grouped(routes: readonly RouteStanding[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const route of routes) {
    const { client, operation, shares, nextChange } = route;
    const key = JSON.stringify([client, operation, shares, nextChange]);
    const known = groups.get(key);
    groups.set(key, { ...route, protocols: [...(known?.protocols ?? []), route.protocol] });
  }
  return [...groups.values()];
}

function routeRow(
  view: View,
  group: Group,
  held: ReadonlySet<string>,
  hasExceptions: boolean,
): readonly Cell[] {
  const {
    texts: { cutover: texts },
    formats,
  } = view;
  const { client, operation, shares, nextChange, protocols } = group;
  const order = Object.keys(routeKinds);
  const taken = shares
    .filter(({ percent }) => percent > 0)
    .sort((a, b) => order.indexOf(a.route) - order.indexOf(b.route));
  const words = taken.map(({ route, percent }) => {
    const name = texts.routes[route] ?? route;
    return percent === 100 ? name : texts.share(formats.percent(percent / 100), name);
  });
  const bar = shareBar(
    taken.map(({ route, percent }) => ({ kind: routeKinds[route] ?? '', percent })),
    words.join(', '),
  );
  return [
    {
      content: held.has(client) ? markup`${client} <em class="doubtful">${texts.heldBack}</em>` : client,
    },
    { content: protocols.join(', ') },
    operation === undefined
      ? { content: hasExceptions ? texts.allOthers : texts.allOperations, tone: 'quiet' }
      : { content: operation },
    { content: markup`${bar} <span>${words.join(', ')}</span>` },
    nextChange === undefined ? { content: '–', tone: 'quiet' } : { content: formats.day(nextChange) },
  ];
}

function readiness(
  view: View,
  { readiness: judge, days }: CutoverStanding,
  moved: ReadonlySet<string>,
): Markup {
  const { cutover: texts } = view.texts;
  return markup`<h3>${texts.readiness}</h3>
<p class="note">${texts.readinessNote(days)}</p>
${table(
  [
    { title: texts.client },
    { title: texts.verdict },
    { title: texts.compared, kind: 'number' },
    { title: texts.unexplained, kind: 'number' },
    { title: texts.identity, kind: 'number' },
    { title: texts.obstacles },
  ],
  judge().map((client) => clientRow(view, client, moved.has(client.client))),
)}`;
}

function clientRow(view: View, standing: ClientStanding, isGone: boolean): readonly Cell[] {
  const { cutover: texts } = view.texts;
  const { client, isReady, compared, unexplained, identity, obstacles } = standing;
  const verdict = isGone
    ? { content: texts.moved, tone: 'quiet' as const }
    : isReady
      ? { content: markup`${statusMark('ok')}${texts.ready}` }
      : { content: texts.notReady };
  const reasons = [...new Set(obstacles)].map((kind) => texts.obstacleKinds[kind] ?? kind);
  return [
    { content: client },
    verdict,
    countCell(view, compared),
    countCell(view, unexplained, 'doubtful'),
    countCell(view, identity, 'bad'),
    isGone || reasons.length === 0 ? { content: '–', tone: 'quiet' } : { content: reasons.join(', ') },
  ];
}
