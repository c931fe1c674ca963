import type { ErrorCode } from '../../errors/catalogue.js';
import type { AdapterEvents } from '../events.js';

/** So many scopes and organisations are told apart; more are not known to any hospital. */
const AT_MOST = 50;

/** The access token for a scope and an organisation. */
export interface TokenSeen {
  readonly scope: string;
  /** As `parent` or `parent/child`. */
  readonly organisation: string;
  readonly fetchedAt: Date | undefined;
  /** Until when it is handed out; undefined where there is none. */
  readonly freshUntil: Date | undefined;
  /** Why HelseID gave none at the last attempt, and since when. */
  readonly trouble: { readonly code: ErrorCode; readonly since: Date } | undefined;
}

type Subject = Pick<AdapterEvents['tokenFetched'], 'scope' | 'organisation'>;

/** Access tokens as they came and went. */
export class TokensSeen {
  readonly #tokens = new Map<string, TokenSeen>();

  fetched({ freshUntil, ...subject }: Subject & { readonly freshUntil: Date }, now: Date): void {
    this.#set(subject, { fetchedAt: now, freshUntil, trouble: undefined });
  }

  dropped(subject: Subject): void {
    this.#set(subject, { freshUntil: undefined });
  }

  failed(subject: Subject, code: ErrorCode, now: Date): void {
    const since = this.#tokens.get(keyOf(subject))?.trouble?.since ?? now;
    this.#set(subject, { trouble: { code, since } });
  }

  all(): readonly TokenSeen[] {
    return [...this.#tokens.values()];
  }

  #set({ scope, organisation }: Subject, change: Partial<TokenSeen>): void {
    const key = keyOf({ scope, organisation });
    const known = this.#tokens.get(key);
    if (known === undefined && this.#tokens.size >= AT_MOST) return;
    const { parent, child } = organisation;
    const numbers = [parent, ...(child === undefined ? [] : [child])];
    const unknown = { fetchedAt: undefined, freshUntil: undefined, trouble: undefined };
    this.#tokens.set(key, {
      scope: isScope(scope) ? scope : '…',
      organisation: numbers.map((number) => (isOrganisation(number) ? number : '…')).join('/'),
      ...unknown,
      ...known,
      ...change,
    });
  }
}

/** Both come from the configuration; what does not look like it might be a person's data. */
function isOrganisation(number: string): boolean {
  return /^\d{9}$/.test(number);
}

/** @see isOrganisation */
function isScope(scope: string): boolean {
  return /^[a-z][a-z:/_.-]{1,99}$/i.test(scope);
}

function keyOf({ scope, organisation: { parent, child = '' } }: Subject): string {
  return [scope, parent, child].join(' ');
}
