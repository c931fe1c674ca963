import { markup, type Markup } from './markup.js';

/** Both axes of a drawing without labels, which CSS stretches to the room that there is. */
const SIZE = 1_000;

/** One bar: its parts from the bottom up, each with the class that colours it. */
export interface Bar {
  readonly parts: readonly { readonly kind: string; readonly value: number }[];
}

/** Bars side by side, each with its parts on one another. */
export interface BarPlot {
  readonly bars: readonly Bar[];
  /** What the height stands for. */
  readonly top: number;
  /** In how many bars from the left nothing was known yet. */
  readonly unknown: number;
  /** What is seen here, in words. */
  readonly told: string;
}

/** A drawing of bars. */
export function barPlot({ bars, top, unknown, told }: BarPlot): Markup {
  const width = SIZE / bars.length;
  const drawn = bars.flatMap(({ parts }, index) => {
    let bottom = SIZE;
    return parts.flatMap(({ kind, value }) => {
      if (value === 0) return [];
      const height = (value / top) * SIZE;
      bottom -= height;
      return [
        markup`<rect class="${kind}" x="${rounded(index * width + width * 0.08)}" y="${rounded(bottom)}" width="${rounded(width * 0.84)}" height="${rounded(height)}"/>`,
      ];
    });
  });
  return drawing(told, [before(unknown * width), ...grid(), ...drawn]);
}

/** A line of steps: each value holds for its time, and there is a gap where nothing is known. */
export interface Line {
  readonly kind: string;
  readonly values: readonly (number | undefined)[];
}

/** A drawing of lines over the same times. */
export function linePlot({
  lines,
  top,
  unknown,
  told,
}: Omit<BarPlot, 'bars'> & { readonly lines: readonly Line[] }): Markup {
  const count = lines[0]?.values.length ?? 1;
  const width = SIZE / count;
  const drawn = lines.map(({ kind, values }) => {
    const steps = values.map((value, index) => {
      if (value === undefined) return '';
      const y = rounded(SIZE - (value / top) * SIZE);
      const isJoined = values[index - 1] !== undefined;
      return `${isJoined ? 'L' : 'M'}${rounded(index * width)} ${y}H${rounded((index + 1) * width)}`;
    });
    return markup`<path class="line ${kind}" d="${steps.join('')}" vector-effect="non-scaling-stroke"/>`;
  });
  return drawing(told, [before(unknown * width), ...grid(), ...drawn]);
}

/** A tiny plot for a cell: bars without scale, the largest as high as the cell. */
export function sparkline(values: readonly number[], told: string): Markup {
  const top = Math.max(1, ...values);
  const bars = values.map((value, index) => {
    // Few stay to be seen beside many.
    const height = value === 0 ? 0 : Math.max(8, (value / top) * 100);
    return height === 0
      ? ''
      : markup`<rect x="${index + 0.1}" y="${rounded(100 - height)}" width="0.8" height="${rounded(height)}"/>`;
  });
  return markup`<svg class="sparkline" viewBox="0 0 ${values.length} 100" preserveAspectRatio="none" role="img" aria-label="${told}">${bars}<path class="ground" d="M0 100H${values.length}" vector-effect="non-scaling-stroke"/></svg>`;
}

/** A bar that is divided into shares of a hundred. */
export function shareBar(
  shares: readonly { readonly kind: string; readonly percent: number }[],
  told: string,
): Markup {
  let from = 0;
  const parts = shares.map(({ kind, percent }) => {
    const part = markup`<rect class="${kind}" x="${rounded(from)}%" width="${rounded(percent)}%" height="100%"/>`;
    from += percent;
    return part;
  });
  return markup`<svg class="shares" role="img" aria-label="${told}"><rect class="rest" width="100%" height="100%"/>${parts}</svg>`;
}

/** A swatch for a legend. */
export function swatch(kind: string): Markup {
  return markup`<svg class="swatch" aria-hidden="true"><rect class="${kind}" width="100%" height="100%"/></svg>`;
}

/** The next round number that is not less: 1, 2 or 5 with zeros. */
export function roundedUp(value: number): number {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((one) => one * unit >= value) ?? 10;
  return factor * unit;
}

function drawing(told: string, parts: readonly (Markup | undefined)[]): Markup {
  return markup`<svg class="drawing" viewBox="0 0 ${SIZE} ${SIZE}" preserveAspectRatio="none" role="img" aria-label="${told}">${parts}</svg>`;
}

/** What is left of the start of the process is no quiet time but an unknown one. */
function before(width: number): Markup | undefined {
  return width <= 0
    ? undefined
    : markup`<rect class="unknown" x="0" y="0" width="${rounded(width)}" height="${SIZE}"/>`;
}

function grid(): readonly Markup[] {
  return [0, SIZE / 2, SIZE].map(
    (y) => markup`<path class="ground" d="M0 ${y}H${SIZE}" vector-effect="non-scaling-stroke"/>`,
  );
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
