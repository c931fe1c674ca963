import type { CorrelationId } from '../../runtime/correlation.js';
import type { Access, Caller, Lane, Organisation } from '../person-registry.js';

/** One call to Persontjenesten, before token and proof are added to it. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** Path below the base address, e.g. `/api/v3/full-access/person/get-by-nin`. */
  readonly path: string;
  /** Query parameters in order; a name may stand more than once. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Form fields of a POST: numbers go here, never into the address. */
  readonly form: readonly (readonly [name: string, value: string])[];
  readonly access: Access;
  readonly organisation: Organisation;
  /** Whose share of the upstream's capacity the call takes: `clients[].id`, or a name of the adapter's own. */
  readonly clientId: string;
  readonly lane: Lane;
  readonly correlationId: CorrelationId;
  /** Ends the call, whatever it waits for. */
  readonly signal: AbortSignal;
  /** When the signal will abort at the latest, where that is known: nothing is begun that cannot end before. */
  readonly deadline?: Date | undefined;
  /** How often the same was asked for among more before, in vain; 0 when absent. Each counts as a try. */
  readonly triedBefore?: number | undefined;
  /** Whether whoever asks rather asks for less than the same again, where that may help. */
  readonly isDivisible?: boolean | undefined;
}

/** On whose behalf a call is made, and how often. */
export type ApiCaller = Caller & Pick<ApiRequest, 'triedBefore' | 'isDivisible'>;

/** What came back, whatever the status. */
export interface ApiResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Carries calls to Persontjenesten with an access token of the caller's organisation. */
export interface Transport {
  /**
   * @throws UpstreamUnavailable, UpstreamTimeout, UpstreamRateLimited, UpstreamInvalidAnswer, TokenUnavailable, TokenRefused,
   * and what the signal was aborted with
   */
  send(request: ApiRequest): Promise<ApiResponse>;
}
