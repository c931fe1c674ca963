import { z } from 'zod';
import { flag, listOf, oneOf, text, timeOfDay, wholeNumber } from './values.js';

/** How whole registers are matched. */
export const filematchSettings = z
  .strictObject({
    layoutFiles: listOf(text('a layout file'), 'a list of layout files').default([]),
    rowsPerBatch: wholeNumber(1, 100, 'a number of rows').default(100),
    maxConcurrentBatches: wholeNumber(1, 32, 'a number of batches').default(4),
    rowsPerSecond: wholeNumber(1, 100_000, 'a number of rows').optional(),
    window: z.strictObject({ from: timeOfDay(), to: timeOfDay() }).optional(),
    strongScore: wholeNumber(1, 100, 'a score').default(85),
    weakScore: wholeNumber(1, 100, 'a score').default(60),
    checkDigits: oneOf(['until-2032', 'from-2032']).default('until-2032'),
    maxFileBytes: wholeNumber(1024, 64 * 1024 ** 3, 'octets').default(1024 ** 3),
    pollSeconds: wholeNumber(1, 3_600, 'seconds').default(10),
    patienceHours: wholeNumber(1, 720, 'hours').default(24),
    keepInput: flag().default(false),
    retentionDays: wholeNumber(1, 3_650, 'days').default(14),
  })
  .prefault({});
