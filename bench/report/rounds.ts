import { medianOf } from '../load/percentiles.js';

/** What is measured in turn, by name. */
export type Contenders<Figure> = ReadonlyMap<string, () => Promise<Figure>>;

/** What came of each round, by name. */
export type Rounds<Figure> = readonly ReadonlyMap<string, Figure>[];

/** Measures all of them, then all again, every other time in reverse, so that what drifts meets all alike. */
export async function inRounds<Figure>(
  contenders: Contenders<Figure>,
  count: number,
  onMeasured: (round: number, name: string, figure: Figure) => void = () => undefined,
): Promise<Rounds<Figure>> {
  const rounds: ReadonlyMap<string, Figure>[] = [];
  for (let round = 0; round < count; round += 1) {
    const order = round % 2 === 0 ? [...contenders] : [...contenders].reverse();
    const figures = new Map<string, Figure>();
    for (const [name, measure] of order) {
      const figure = await measure();
      figures.set(name, figure);
      onMeasured(round, name, figure);
    }
    rounds.push(figures);
  }
  return rounds;
}

/** The middle of what each round says, and the bounds of it. Rounds that say NaN count for nothing. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Compares within each round, and only then over all of them. */
export function acrossRounds<Figure>(
  rounds: Rounds<Figure>,
  figureOf: (figures: (name: string) => Figure) => number,
): Spread {
  const values = rounds
    .map((round) =>
      figureOf((name) => {
        const figure = round.get(name);
        if (figure === undefined) throw new RangeError(`nothing was measured of ${name}`);
        return figure;
      }),
    )
    .filter((value) => !Number.isNaN(value));
  return { median: medianOf(values), lowest: Math.min(...values), highest: Math.max(...values) };
}
