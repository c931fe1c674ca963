/** Loaded before the tests: at full counts, properties that name no number of runs of their own get more of them, too. */
import fc from 'fast-check';
import { long, runs } from './long-runs.js';

if (long) fc.configureGlobal({ numRuns: runs(100) });
