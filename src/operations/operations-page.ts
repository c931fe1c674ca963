/** A page on the operations listener, for operators alone: behind the password where there is one. */
export interface OperationsPage {
  /** Of Express, such as `/traces/:id`. */
  readonly path: string;
  /** Answers GET; what it throws is answered with 500 and nothing else. */
  answer(asked: PageRequest): PageAnswer | Promise<PageAnswer>;
}

/** What was asked of a page. */
export interface PageRequest {
  /** What stands for the names in its path. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  readonly query: URLSearchParams;
  /** `Accept-Language`, as it came. */
  readonly acceptLanguage: string | undefined;
}

/** What is sent. */
export interface PageAnswer {
  /** 200 without one. */
  readonly status?: number;
  readonly contentType: string;
  readonly body: string;
  /** In place of the listener's own, which lets nothing be loaded or run. */
  readonly contentSecurityPolicy?: string;
}
