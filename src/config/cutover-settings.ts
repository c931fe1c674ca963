import { z } from 'zod';
import { protocols } from '../access/legacy-client.js';
import { routes } from '../registry/cutover/route.js';
import { day, flag, listOf, oneOf, percentage, secretText, text, webAddress, wholeNumber } from './values.js';

/** The old PREG, while it lives. */
const preg = z.strictObject({
  hl7v3Url: webAddress().optional(),
  pregXmlUrl: webAddress().optional(),
  security: oneOf(['username-token', 'secure-conversation']).default('username-token'),
  callTimeoutSeconds: wholeNumber(1, 120, 'seconds').default(10),
  maxConcurrentCalls: wholeNumber(1, 1_000, 'a number of calls').default(32),
  accounts: listOf(
    z.strictObject({
      client: text('the id of a client'),
      username: text('the user name of its account at PREG'),
      password: secretText('the password of that account'),
    }),
    'a list of accounts',
  ).default([]),
});

const route = z.strictObject({
  client: text('the id of a client').optional(),
  protocol: oneOf(protocols).optional(),
  operation: text('the name of an operation').optional(),
  route: oneOf(routes),
  percent: wholeNumber(1, 100, 'a percentage').optional(),
  from: day().optional(),
});

const comparison = z.strictObject({
  samplePercent: wholeNumber(1, 100, 'a percentage').default(100),
  maxConcurrent: wholeNumber(1, 100, 'a number of questions').default(8),
  maxWaiting: wholeNumber(0, 10_000, 'a number of questions').default(200),
  retentionDays: wholeNumber(1, 3_650, 'days').default(180),
  keepValues: flag().default(false),
  valueDays: wholeNumber(1, 30, 'days').default(7),
});

const guard = z.strictObject({
  enabled: flag().default(true),
  windowMinutes: wholeNumber(1, 1_440, 'minutes').default(15),
  minimumAnswers: wholeNumber(1, 100_000, 'a number of answers').default(50),
  unexplainedPercent: percentage().default(1),
  identityDifferences: wholeNumber(1, 1_000, 'a number of answers').default(1),
  errorPercent: percentage().default(20),
});

const readiness = z.strictObject({
  comparisons: wholeNumber(1, 1_000_000, 'a number of comparisons').default(1_000),
  operationComparisons: wholeNumber(0, 1_000_000, 'a number of comparisons').default(20),
  unexplainedPercent: percentage().default(0.1),
  errorPercent: percentage().default(1),
});

/** How clients are moved from the old PREG to Persontjenesten. Without it everybody is answered by Persontjenesten alone. */
export const cutoverSettings = z
  .strictObject({
    preg: preg.optional(),
    routes: listOf(route, 'a list of routes').default([]),
    fallback: oneOf(['none', 'to-preg', 'to-persontjenesten', 'both']).default('none'),
    testers: listOf(text('the id of a client'), 'a list of clients').default([]),
    comparison: comparison.prefault({}),
    guard: guard.prefault({}),
    readiness: readiness.prefault({}),
  })
  .prefault({});
