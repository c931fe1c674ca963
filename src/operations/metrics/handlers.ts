import type { AdapterEvents } from '../events.js';

/** What each event changes. Total, so that a new event cannot be forgotten. */
export type MetricHandlers = { readonly [Name in keyof AdapterEvents]: (event: AdapterEvents[Name]) => void };

/** Upper bounds for how long calls and requests take, in seconds. */
export const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;
