import type { LogFields, LogLevel } from './logger.js';
import type { TraceEvents } from './trace-events.js';

type Lines = {
  readonly [Name in keyof TraceEvents]: (event: TraceEvents[Name]) => {
    readonly level: LogLevel;
    readonly message: string;
    readonly fields: LogFields;
  };
};

/** The lines of what is told for traces. */
export const traceLines: Lines = {
  registersAsked: ({ answeredBy, kept, blanks, milliseconds, ...event }) => ({
    level: 'debug',
    message: 'the registers were asked',
    fields: {
      module: 'request',
      ...event,
      milliseconds: Math.round(milliseconds * 10) / 10,
      blankFields: blanks.length,
      ...(kept === null ? {} : { kept }),
      ...(answeredBy === null ? {} : { route: answeredBy.route, source: answeredBy.source }),
    },
  }),
};
