import { z } from 'zod';
import { flag, wholeNumber } from './values.js';

/** How calls to Persontjenesten are made, whoever it is. */
export const upstreamSettings = z
  .strictObject({
    callTimeoutSeconds: wholeNumber(1, 120, 'seconds').default(10),
    retries: wholeNumber(0, 5, 'a number of retries').default(2),
    maxConcurrentCalls: wholeNumber(1, 1_000, 'a number of calls').default(64),
    maxConcurrentBatchCalls: wholeNumber(1, 1_000, 'a number of calls').default(8),
    maxWaitingCalls: wholeNumber(1, 100_000, 'a number of calls').default(2_000),
    probeSeconds: wholeNumber(0, 3_600, 'seconds').default(30),
    callsPerSecond: wholeNumber(1, 10_000, 'a number of calls').optional(),
    breaker: z
      .strictObject({
        failurePercent: wholeNumber(1, 100, 'a percentage').default(50),
        minimumCalls: wholeNumber(1, 1_000, 'a number of calls').default(20),
        windowSeconds: wholeNumber(1, 600, 'seconds').default(30),
        openSeconds: wholeNumber(1, 600, 'seconds').default(10),
      })
      .prefault({}),
    coalescing: z
      .strictObject({
        enabled: flag().default(true),
        maxWaitMilliseconds: wholeNumber(0, 1_000, 'milliseconds').default(250),
      })
      .prefault({}),
    cache: z
      .strictObject({
        enabled: flag().default(false),
        maxEntries: wholeNumber(1, 100_000, 'a number of documents').default(10_000),
        maxAgeSeconds: wholeNumber(1, 86_400, 'seconds').default(300),
        staleWhileDown: flag().default(false),
        staleMaxAgeMinutes: wholeNumber(1, 1_440, 'minutes').default(60),
      })
      .prefault({}),
  })
  .prefault({});
