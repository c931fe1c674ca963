import type { HelpNumberRepository } from '../../registry/help-numbers/help-number-repository.js';
import { NumberSeries, type SeriesRange } from '../../registry/help-numbers/number-series.js';
import type { Random } from '../../runtime/random.js';
import { helpNumbersIn } from './database-copy.js';
import { UnusableBackup } from './unusable-backup.js';

/** What was done about help numbers that were given out since a backup, and of which the restored store knows nothing. */
export const helpNumberAnswers = ['new-series', 'none-lost'] as const;

/** An answer, and the series that numbers are given out from after the restore. */
export interface LaterHelpNumbers {
  readonly answer: (typeof helpNumberAnswers)[number];
  readonly series: readonly SeriesRange[];
}

/** @throws UnusableBackup where a number of the backup lies in a series that was said to be new */
export function requireNewSeries(
  from: string,
  helpNumbers: Pick<HelpNumberRepository, 'isAllotted'>,
  { answer, series }: LaterHelpNumbers,
  random: Random,
): void {
  if (answer !== 'new-series') return;
  for (const number of new NumberSeries(series, random).all()) {
    if (helpNumbers.isAllotted(number)) {
      throw new UnusableBackup(
        from,
        'numbers of helpNumbers.series were given out before it was made; that part is not new',
      );
    }
  }
}

/**
 * @param restored the folder of the store that is restored
 * @throws UnusableBackup where the store that is to be moved aside knows help numbers that the backup lacks
 */
export async function requireNoneLost(
  from: string,
  directory: string,
  restored: string,
  { answer }: LaterHelpNumbers,
): Promise<void> {
  if (answer !== 'none-lost') return;
  const [before, now] = [await helpNumbersIn(directory), await helpNumbersIn(restored)];
  if (before !== undefined && before > (now ?? 0)) {
    throw new UnusableBackup(
      from,
      `the store in ${directory} has given out ${before - (now ?? 0)} help numbers more; put a part of your series into helpNumbers.series that was never used`,
    );
  }
}
