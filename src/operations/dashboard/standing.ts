import type { Readiness } from '../health.js';
import type { Standing } from '../metrics/standing-metrics.js';

/** How things stand beside what was recorded; each is asked for every page and may throw, which leaves its section without content. */
export interface DashboardStanding {
  readonly version: string;
  /** Which machine this is. */
  readonly host: string;
  readonly readiness: () => Readiness;
  readonly certificates: Standing['certificates'];
  /** The key that HelseID knows us by; undefined where nobody said when its registration ends. */
  readonly keyExpiresAt: Standing['keyExpiresAt'];
  /** Everybody who may ask, by id. */
  readonly clients: () => readonly { readonly id: string; readonly protocols: readonly string[] }[];
  /** Undefined where nobody follows the event feed. */
  readonly feed: (() => FeedStanding | undefined) | undefined;
  /** Undefined while no client speaks Filematch and no job of one is left. */
  readonly filematch: () => readonly JobStanding[] | undefined;
  readonly notifications: Standing['notifications'];
  /** Undefined where there is one register alone. */
  readonly cutover: CutoverStanding | undefined;
}

/** The log of changes. */
export interface FeedStanding {
  /** How long ago it was level with the event feed; undefined when it never was. */
  readonly lagSeconds: number | undefined;
  readonly eventsBehind: number;
  /** From when on changes are known. */
  readonly answersFrom: Date;
}

/** A Filematch job. Its file name stays untold: somebody may have put a person into it. */
export interface JobStanding {
  readonly id: string;
  readonly client: string;
  readonly state: string;
  readonly hold: 'paused' | 'cancelled' | null;
  /** Null while it works and when it is over. */
  readonly waitingFor: string | null;
  /** Undefined before the file was read through. */
  readonly rows: number | undefined;
  readonly rowsDone: number;
  readonly rowsMatched: number;
  readonly receivedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** The cutover. */
export interface CutoverStanding {
  readonly routes: () => readonly RouteStanding[];
  readonly heldBack: () => readonly string[];
  readonly readiness: () => readonly ClientStanding[];
  /** So many days that is judged by. */
  readonly days: number;
}

/** Which way the questions of a client take now. */
export interface RouteStanding {
  readonly client: string;
  readonly protocol: string;
  /** Undefined for all that have no route of their own. */
  readonly operation: string | undefined;
  readonly shares: readonly { readonly route: string; readonly percent: number }[];
  /** When another route holds by the timetable. */
  readonly nextChange: Date | undefined;
}

/** Whether a client can be moved. */
export interface ClientStanding {
  readonly client: string;
  readonly isReady: boolean;
  readonly compared: number;
  readonly unexplained: number;
  /** Of these, in who somebody is. */
  readonly identity: number;
  /** Kinds of obstacles. */
  readonly obstacles: readonly string[];
}
