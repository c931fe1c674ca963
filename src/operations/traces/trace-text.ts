import type { Trace, TracedRequest, TraceStep } from './traces.js';

/** A trace as it is sent to programs: {@link Trace} with times as text. */
export type WrittenTrace = Omit<Trace, 'request' | 'steps' | 'calls'> & {
  readonly request?: (Omit<TracedRequest, 'answeredAt'> & { readonly answeredAt: string }) | undefined;
  readonly steps: readonly (Omit<TraceStep, 'at'> & { readonly at: string })[];
  readonly calls: readonly WrittenTrace[];
};

/** The trace in JSON's terms. */
export function writtenTrace({ request, steps, calls, ...trace }: Trace): WrittenTrace {
  return {
    ...trace,
    request: request && { ...request, answeredAt: request.answeredAt.toISOString() },
    steps: steps.map((step) => ({ ...step, at: step.at.toISOString() })),
    calls: calls.map(writtenTrace),
  };
}

/** The trace as people read it. */
export function traceText(trace: WrittenTrace): string {
  const { correlationId, request } = trace;
  const head =
    request === undefined
      ? `Request or call ${correlationId}, which is not answered, or was made for several.`
      : `Request ${correlationId}\n${request.clientId ?? 'Somebody who was not let in'} asked ${request.operation ?? 'something'} by ${request.protocol}` +
        ` and was answered: ${request.outcome}, after ${Math.round(request.milliseconds * 10) / 10} ms, at ${request.answeredAt}.`;
  return [
    head,
    '',
    ...stepLines(trace),
    ...trace.calls.flatMap((call) => [
      '',
      `The call ${call.correlationId}, which was made for several:`,
      '',
      ...stepLines(call),
    ]),
    '',
  ].join('\n');
}

function stepLines({ steps, leftOut, request }: WrittenTrace): readonly string[] {
  const began =
    request === undefined
      ? Date.parse(steps[0]?.at ?? '')
      : Date.parse(request.answeredAt) - request.milliseconds;
  return [
    ...steps.flatMap(({ at, text, details }) => [
      `${String(Math.max(0, Math.round(Date.parse(at) - began))).padStart(7)} ms  ${text}`,
      ...details.map((detail) => `${' '.repeat(14)}${detail}`),
    ]),
    ...(leftOut === 0 ? [] : [`${' '.repeat(12)}and ${leftOut} more steps, which were not kept`]),
  ];
}
