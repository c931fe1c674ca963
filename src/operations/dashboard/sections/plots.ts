import { minuteOf } from '../minute-counts.js';
import { markup, type Markup } from '../markup.js';
import { barPlot, linePlot, roundedUp, swatch } from '../plots.js';
import { PLOT_MINUTES } from '../traffic.js';
import type { View } from '../view.js';

/** Minutes that a bar, and a step of a line, stand for. */
const BAR_MINUTES = 2;
const STEP_MINUTES = 5;

/** Protocols in the order in which they are stacked; each has a colour of its own. */
export const protocolKinds: Readonly<Record<string, string>> = {
  hl7v3: 'p1',
  'preg-xml': 'p2',
  hl7v2: 'p3',
  filematch: 'p4',
};

/** What came in over the last hours, and how long answers took. */
export function plotsSection(view: View): Markup {
  return markup`<div class="plots">${requestsFigure(view)}${timesFigure(view)}</div>
`;
}

function requestsFigure(view: View): Markup {
  const { texts, formats, recorder, now } = view;
  const minutes = recorder.traffic.plot(now);
  const protocols = Object.keys(protocolKinds);
  const bars = groupsOf(minutes, BAR_MINUTES).map((group) => {
    const served = protocols.map((protocol) => ({
      kind: protocolKinds[protocol] ?? '',
      value: group.reduce((sum, minute) => sum + (minute.served.get(protocol) ?? 0), 0),
    }));
    const failed = group.reduce((sum, minute) => sum + minute.failed, 0);
    return { parts: [...served, { kind: 'failed', value: failed }] };
  });
  const heights = bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const peak = Math.max(...heights);
  const total = heights.reduce((sum, height) => sum + height, 0);
  const top = Math.max(4, roundedUp(peak));
  const told = texts.plots.requestsTold(formats.number(total), formats.number(peak));
  const seen = protocols.filter((protocol) => minutes.some(({ served }) => (served.get(protocol) ?? 0) > 0));
  const legend = [
    ...seen.map((protocol) => ({ kind: protocolKinds[protocol] ?? '', name: protocol })),
    ...(minutes.some(({ failed }) => failed > 0) ? [{ kind: 'failed', name: texts.plots.failed }] : []),
  ];
  return figure(view, {
    title: texts.plots.requests,
    note:
      total === 0
        ? texts.plots.noneYet
        : `${formats.number(total)} ${windowText(view)}, ${texts.plots.perBar(BAR_MINUTES)}`,
    legend,
    scale: [top, top / 2, 0].map((value) => formats.number(value)),
    drawing: barPlot({ bars, top, unknown: unknownMinutes(view) / BAR_MINUTES, told }),
  });
}

function timesFigure(view: View): Markup {
  const { texts, formats, recorder, standing, now } = view;
  const last = minuteOf(now);
  const steps = Array.from(
    { length: PLOT_MINUTES / STEP_MINUTES },
    (_, index) => last - PLOT_MINUTES + (index + 1) * STEP_MINUTES,
  );
  const series = [
    { kind: 's1', name: texts.plots.adapter, of: recorder.traffic },
    { kind: 's2', name: texts.services.persontjenesten, of: recorder.persontjenesten },
    ...(standing.cutover === undefined ? [] : [{ kind: 's3', name: texts.services.preg, of: recorder.preg }]),
  ];
  const lines = series.map(({ kind, of }) => ({
    kind,
    values: steps.map((step) => of.p95(step, STEP_MINUTES)),
  }));
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const peak = Math.max(0, ...known);
  const top = Math.max(100, roundedUp(peak));
  return figure(view, {
    title: texts.plots.times,
    note: known.length === 0 ? texts.plots.noneYet : texts.plots.perBar(STEP_MINUTES),
    legend: series,
    scale: [top, top / 2, 0].map((value) => (value === 0 ? '0' : formats.duration(value))),
    drawing: linePlot({
      lines,
      top,
      unknown: unknownMinutes(view) / STEP_MINUTES,
      told: series
        .map(({ name }, index) => `${name}: ${formats.duration(lines[index]?.values.findLast(isKnown))}`)
        .join(', '),
    }),
  });
}

interface Figure {
  readonly title: string;
  readonly note: string;
  readonly legend: readonly { readonly kind: string; readonly name: string }[];
  readonly scale: readonly string[];
  readonly drawing: Markup;
}

/** Labels are text beside the drawing, so that they stay legible however narrow it becomes. */
function figure({ texts }: View, { title, note, legend, scale, drawing }: Figure): Markup {
  const hours = PLOT_MINUTES / 60;
  const times = Array.from({ length: hours }, (_, index) => texts.plots.hoursAgo(hours - index));
  return markup`<figure>
<figcaption><h3>${title}</h3><p>${note}</p></figcaption>
<div class="canvas"><div class="scale">${scale.map((label) => markup`<span>${label}</span>`)}</div>${drawing}</div>
<div class="times">${[...times, texts.plots.now].map((label) => markup`<span>${label}</span>`)}</div>
<ul class="legend">${legend.map(({ kind, name }) => markup`<li>${swatch(kind)}${name}</li>`)}</ul>
</figure>
`;
}

/** The time that the plots show, or as much of it as there is. */
function windowText({ texts, formats, recorder, now }: View): string {
  const up = now.getTime() - recorder.since.getTime();
  return up < PLOT_MINUTES * 60_000 ? texts.tiles.sinceStart(formats.span(up)) : texts.plots.inAll;
}

/** Minutes of the plots in which the process did not run yet. */
function unknownMinutes({ recorder, now }: View): number {
  return Math.max(0, PLOT_MINUTES - 1 - (minuteOf(now) - minuteOf(recorder.since)));
}

function groupsOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined;
}
