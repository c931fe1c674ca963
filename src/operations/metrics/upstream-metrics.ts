import { errorCatalogue } from '../../errors/catalogue.js';
import type { BreakerStates } from './breaker-states.js';
import { CALL_SECONDS, type MetricHandlers } from './handlers.js';
import type { Instruments } from './instruments.js';
import { among, type KnownNames } from './known-names.js';

/** Answers that mean something to an operator; the rest are told by their class. */
const statuses = ['200', '201', '204', '400', '401', '403', '404', '408', '409', '429'];

type Told =
  | 'upstreamCalled'
  | 'callRetried'
  | 'callRefused'
  | 'callsHeldBack'
  | 'breakerChanged'
  | 'tokenFetched'
  | 'tokenDropped'
  | 'tokenFailed'
  | 'clockDrift';

/** Calls to Persontjenesten, and the tokens of HelseID that they need. */
export function upstreamMetrics(
  instruments: Instruments,
  names: KnownNames,
  breaker: BreakerStates,
): Pick<MetricHandlers, Told> {
  const operation = among(names.upstreamOperations);
  const client = among(names.clients);
  const code = among(Object.keys(errorCatalogue));
  const calls = instruments.counter(
    'preg_adapter_upstream_calls_total',
    'Calls to Persontjenesten that ended, by HTTP status; none without an answer.',
    ['operation', 'status'],
  );
  const duration = instruments.histogram(
    'preg_adapter_upstream_call_seconds',
    'Time that calls to Persontjenesten took.',
    ['operation'],
    CALL_SECONDS,
  );
  const connections = instruments.counter(
    'preg_adapter_upstream_connections_total',
    'Calls to Persontjenesten that needed a new connection.',
  );
  const retries = instruments.counter(
    'preg_adapter_upstream_retries_total',
    'Calls to Persontjenesten that were made again.',
    ['operation'],
  );
  const refused = instruments.counter(
    'preg_adapter_upstream_calls_refused_total',
    'Calls to Persontjenesten that were not made: too many waited or failed, or it wants to be left alone.',
    ['client', 'lane', 'code'],
  );
  const heldBack = instruments.counter(
    'preg_adapter_upstream_held_back_total',
    'How often Persontjenesten asked to be left alone for a while, or for longer.',
  );
  const tokens = instruments.counter(
    'preg_adapter_tokens_total',
    'Access tokens of HelseID: fetched, dropped since Persontjenesten did not accept them, or the error in place of one.',
    ['outcome'],
  );
  const fetching = instruments.histogram(
    'preg_adapter_token_seconds',
    'Time until HelseID gave an access token.',
    [],
    CALL_SECONDS,
  );
  const ahead = instruments.gauge(
    'preg_adapter_clock_ahead_seconds',
    'How far the clock of this machine is ahead of that of another, as last told of; told from a few seconds on and when that is over.',
    ['holder'],
  );
  const proofsRefused = instruments.gauge(
    'preg_adapter_clock_refused',
    '1 while a holder refuses proofs as a wrong clock makes it refuse them.',
    ['holder'],
  );
  for (const outcome of ['fetched', 'dropped', 'token-unavailable', 'token-refused'])
    tokens.inc({ outcome }, 0);
  return {
    upstreamCalled: (event) => {
      const name = operation(event.operation);
      calls.inc({ operation: name, status: statusLabel(event.httpStatus) });
      duration.observe({ operation: name }, event.milliseconds / 1_000);
      if (!event.reusedConnection) connections.inc();
    },
    callRetried: (event) => {
      retries.inc({ operation: operation(event.operation) });
    },
    callRefused: ({ clientId, lane, error }) => {
      refused.inc({ client: client(clientId), lane, code: code(error.code) });
    },
    callsHeldBack: () => {
      heldBack.inc();
    },
    breakerChanged: ({ state }) => {
      breaker('persontjenesten', state);
    },
    tokenFetched: ({ milliseconds }) => {
      tokens.inc({ outcome: 'fetched' });
      fetching.observe(milliseconds / 1_000);
    },
    tokenDropped: () => {
      tokens.inc({ outcome: 'dropped' });
    },
    tokenFailed: ({ error }) => {
      tokens.inc({ outcome: code(error.code) });
    },
    clockDrift: ({ holder, aheadSeconds, refused: isRefused }) => {
      if (aheadSeconds !== null) ahead.set({ holder }, aheadSeconds);
      proofsRefused.set({ holder }, isRefused ? 1 : 0);
    },
  };
}

function statusLabel(status: number | null): string {
  if (status === null) return 'none';
  const text = String(status);
  if (statuses.includes(text)) return text;
  return status >= 100 && status < 600 ? `${text.slice(0, 1)}xx` : 'other';
}
