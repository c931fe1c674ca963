import type { AlertEvents } from './alert-events.js';
import type { LogFields, LogLevel } from './logger.js';

type Lines = {
  readonly [Name in keyof AlertEvents]: (event: AlertEvents[Name]) => {
    readonly level: LogLevel;
    readonly message: string;
    readonly fields: LogFields;
  };
};

/** The lines of what is told of the adapter's own health. */
export const alertLines: Lines = {
  troubleBegan: ({ check, cause, status, reason, hint }) => ({
    level: status === 'failed' ? 'error' : 'warn',
    message: 'trouble began',
    fields: { module: 'alerts', check, ...named(cause), status, reason, hint },
  }),
  troubleEnded: ({ check, cause, seconds }) => ({
    level: 'info',
    message: 'trouble ended',
    fields: { module: 'alerts', check, ...named(cause), seconds: Math.round(seconds) },
  }),
  registerProbed: ({ error, scope, organisation, correlationId, milliseconds }) => ({
    // What failed has lines of its own, and readiness tells of it.
    level: 'debug',
    message: 'Persontjenesten was asked whether it is there',
    fields: {
      module: 'alerts',
      correlationId,
      scope,
      ...organisation,
      milliseconds: Math.round(milliseconds * 10) / 10,
      ...(error === undefined ? {} : { error, hint: error.description.hint }),
    },
  }),
};

function named(cause: string | undefined): LogFields {
  return cause === undefined ? {} : { cause };
}
