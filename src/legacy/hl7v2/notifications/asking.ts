import type { ErrorCode } from '../../../errors/catalogue.js';
import { UpstreamTimeout, type AdapterError } from '../../../errors/errors.js';
import type { AuditEntry } from '../../../operations/audit-trail.js';
import type { Caller } from '../../../registry/person-registry.js';
import type { Clock } from '../../../runtime/clock.js';
import type { CorrelationId } from '../../../runtime/correlation.js';
import type { Receiver } from './receiver.js';

/** A question to the register on behalf of a receiver's client, with an end to it. */
export interface Asking {
  readonly caller: Caller;
  /** The question is answered: nobody waits any more. */
  end(): void;
}

/** Begins a question that may take so many milliseconds. It goes behind those who sit and wait. */
export function askingFor(
  { client }: Receiver,
  correlationId: CorrelationId,
  { signal, clock, limit }: { readonly signal: AbortSignal; readonly clock: Clock; readonly limit: number },
): Asking {
  const ended = new AbortController();
  const stop = (): void => {
    ended.abort(signal.reason);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const watch = new AbortController();
  clock.sleep(limit, watch.signal).then(
    () => {
      ended.abort(new UpstreamTimeout('the register gave no answer in time'));
    },
    () => undefined,
  );
  return {
    caller: {
      clientId: client.id,
      organisation: client.organisation,
      access: client.access,
      visible: client.visible,
      correlationId,
      signal: ended.signal,
      deadline: new Date(clock.now().getTime() + limit),
      lane: 'batch',
    },
    end: () => {
      watch.abort('it is answered');
      signal.removeEventListener('abort', stop);
    },
  };
}

/** What the audit trail is told of a question. */
export function auditEntryFor(
  { id, client }: Receiver,
  asked: Pick<AuditEntry, 'at' | 'correlationId' | 'operation' | 'subject' | 'outcome'>,
): AuditEntry {
  return {
    ...asked,
    clientId: client.id,
    protocol: 'hl7v2',
    keptSource: null,
    detail: { remoteAddress: 'localhost', receiver: id },
  };
}

/** The register does not let anybody be looked up. */
const OF_EVERYBODY: ReadonlySet<ErrorCode> = new Set(['upstream-forbidden', 'token-refused']);

/** Whether somebody else could be looked up all the same, and the same question would fail again. */
export function isOfOnePerson({ code, description }: AdapterError): boolean {
  return description.retry !== 'transient' && !OF_EVERYBODY.has(code);
}
