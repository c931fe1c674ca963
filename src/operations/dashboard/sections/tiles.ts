import { markup, type Markup } from '../markup.js';
import { TABLE_MINUTES } from '../traffic.js';
import type { View } from '../view.js';

interface Tile {
  readonly title: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly tone?: 'bad' | 'doubtful' | undefined;
}

/** The figures that somebody looks for first. */
export function tilesSection(view: View): Markup {
  const { texts } = view;
  const tiles = [...trafficTiles(view), tokenTile(view), ...workTiles(view), loginTile(view)];
  return markup`<section id="glance" aria-labelledby="glance-heading">
<h2 id="glance-heading">${texts.tiles.heading}</h2>
<dl class="tiles">${tiles.map(tileOf)}</dl>
</section>
`;
}

/** The last hour, or as much of it as there is. */
export function windowText({ texts, formats, recorder, now }: View): string {
  const up = now.getTime() - recorder.since.getTime();
  return up < TABLE_MINUTES * 60_000 ? texts.tiles.sinceStart(formats.span(up)) : texts.tiles.lastHour;
}

function tileOf({ title, value, note, tone }: Tile): Markup {
  return markup`<div class="tile ${tone}"><dt>${title}</dt><dd><b>${value}</b>${note === undefined ? undefined : markup`<span>${note}</span>`}</dd></div>
`;
}

function trafficTiles(view: View): readonly Tile[] {
  const {
    recorder,
    texts: { tiles: texts },
    formats,
    now,
  } = view;
  const { requests, failed, p95, median } = recorder.traffic.total(now);
  const upstream = recorder.persontjenesten.total(now);
  const share = requests === 0 ? 0 : failed / requests;
  return [
    { title: texts.requests, value: formats.number(requests), note: windowText(view) },
    {
      title: texts.failed,
      value: formats.number(failed),
      note: failed === 0 ? undefined : texts.ofRequests(formats.percent(share)),
      // The alert of docs/examples/alerts.yaml comes at five of a hundred.
      tone: share > 0.05 ? 'bad' : share > 0.01 ? 'doubtful' : undefined,
    },
    {
      title: texts.p95,
      value: formats.duration(p95),
      note: median === undefined ? undefined : texts.p95Note(formats.duration(median)),
      tone: p95 !== undefined && p95 > 2_500 ? 'doubtful' : undefined,
    },
    {
      title: texts.upstreamP95,
      value: formats.duration(upstream.p95),
      note: upstream.calls === 0 ? undefined : texts.upstreamCalls(formats.number(upstream.calls)),
      tone: upstream.p95 !== undefined && upstream.p95 > 2_500 ? 'doubtful' : undefined,
    },
  ];
}

function tokenTile({ recorder, texts: { tiles: texts }, formats, now }: View): Tile {
  const tokens = recorder.tokens.all();
  const title = texts.token;
  const held = tokens.flatMap(({ freshUntil }) =>
    freshUntil !== undefined && freshUntil > now ? [freshUntil.getTime()] : [],
  );
  const good = `${held.length} / ${tokens.length}`;
  if (tokens.some(({ trouble }) => trouble !== undefined)) {
    return { title, value: good, note: texts.tokenTrouble, tone: held.length === 0 ? 'bad' : 'doubtful' };
  }
  if (tokens.length === 0) return { title, value: texts.tokenNone, note: texts.tokenFetchedAtNeed };
  if (held.length === 0) return { title, value: good, note: texts.tokenFetchedAtNeed };
  return { title, value: good, note: texts.tokenUntil(formats.minute(new Date(Math.min(...held)))) };
}

function workTiles({ standing, texts: { tiles: texts }, formats }: View): readonly Tile[] {
  const feed = attempt(() => standing.feed?.());
  const jobs = attempt(() => standing.filematch())?.filter(({ finishedAt }) => finishedAt === null);
  const left = (jobs ?? []).reduce((sum, { rows = 0, rowsDone }) => sum + Math.max(0, rows - rowsDone), 0);
  return [
    ...(feed === undefined
      ? []
      : [
          {
            title: texts.feed,
            value: feed.lagSeconds === undefined ? '–' : formats.span(feed.lagSeconds * 1_000),
            note: texts.feedBehind(formats.number(feed.eventsBehind)),
            tone:
              feed.lagSeconds === undefined || feed.lagSeconds > 1_800 ? ('doubtful' as const) : undefined,
          },
        ]),
    ...(jobs === undefined
      ? []
      : [
          {
            title: texts.jobs,
            value: formats.number(jobs.length),
            note: left === 0 ? undefined : texts.rowsLeft(formats.number(left)),
          },
        ]),
  ];
}

function loginTile({ recorder, texts: { tiles: texts }, formats, now }: View): Tile {
  const { count, lastAt } = recorder.failedLogins(now);
  return {
    title: texts.logins,
    value: formats.number(count),
    note: count === 0 || lastAt === undefined ? undefined : texts.loginsLast(formats.ago(lastAt)),
    tone: count > 10 ? 'doubtful' : undefined,
  };
}

/** A section of its own says what cannot be read. */
function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
