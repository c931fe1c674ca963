import type { IncomingMessage } from 'node:http';
import type { Fault, FaultTarget } from './faults.js';

/** One request that the sandbox received. Holds no number, name, token or other value of a form. */
export interface ReceivedRequest {
  readonly at: Date;
  readonly target: FaultTarget;
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  /** The query, each parameter with its values in order. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** The `informationParts` of the query. */
  readonly informationParts: readonly string[];
  /** Header `X-Correlation-Id`, else `X-Request-Id`. */
  readonly correlationId: string | undefined;
  /** Names of the form's fields, sorted; empty until the form has been read. */
  readonly formFields: readonly string[];
  /** How many numbers or person ids the form asks for. */
  readonly askedFor: number;
  /** Status of the answer; undefined until it was sent, and when the connection was cut before. */
  readonly status: number | undefined;
  /** The fault that met it. */
  readonly fault: Fault['kind'] | undefined;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What was asked of the sandbox, the newest requests only. */
export class RequestLog implements Iterable<ReceivedRequest> {
  readonly #limit: number;
  readonly #records: Mutable<ReceivedRequest>[] = [];
  readonly #byMessage = new WeakMap<IncomingMessage, Mutable<ReceivedRequest>>();

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  /** All that are remembered, oldest first. */
  all(): readonly ReceivedRequest[] {
    return [...this.#records];
  }

  /** Those of one service, oldest first. */
  of(target: FaultTarget): readonly ReceivedRequest[] {
    return this.#records.filter((record) => record.target === target);
  }

  /** Forgets all. */
  clear(): void {
    this.#records.length = 0;
  }

  [Symbol.iterator](): Iterator<ReceivedRequest> {
    return this.all()[Symbol.iterator]();
  }

  /** Notes a request as it arrives. */
  open(at: Date, target: FaultTarget, message: IncomingMessage, url: URL): void {
    const query: Record<string, string[]> = {};
    for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
    const record: Mutable<ReceivedRequest> = {
      at,
      target,
      method: message.method ?? '',
      path: url.pathname,
      query,
      informationParts: query['informationParts'] ?? [],
      correlationId: header(message, 'x-correlation-id') ?? header(message, 'x-request-id'),
      formFields: [],
      askedFor: 0,
      status: undefined,
      fault: undefined,
    };
    this.#records.push(record);
    if (this.#records.length > this.#limit) this.#records.shift();
    this.#byMessage.set(message, record);
  }

  /** Notes which fault met the request. */
  noteFault(message: IncomingMessage, fault: Fault['kind']): void {
    const record = this.#byMessage.get(message);
    if (record !== undefined) record.fault = fault;
  }

  /** Notes what the form asks for: names of fields, and how many numbers or ids. */
  noteForm(message: IncomingMessage, fields: Iterable<string>, askedFor: number): void {
    const record = this.#byMessage.get(message);
    if (record === undefined) return;
    record.formFields = [...new Set(fields)].sort();
    record.askedFor = askedFor;
  }

  /** Notes how it was answered. */
  noteStatus(message: IncomingMessage, status: number): void {
    const record = this.#byMessage.get(message);
    if (record !== undefined) record.status = status;
  }
}

function header(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name];
  return typeof value === 'string' ? value : undefined;
}
