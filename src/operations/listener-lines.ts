import type { ListenerEvents } from './listener-events.js';
import type { LogFields, LogLevel } from './logger.js';

type Lines = {
  readonly [Name in keyof ListenerEvents]: (event: ListenerEvents[Name]) => {
    readonly level: LogLevel;
    readonly message: string;
    readonly fields: LogFields;
  };
};

/** The lines of what listeners over HTTP tell. */
export const listenerLines: Lines = {
  connectionsTurnedAway: (event) => ({
    level: 'warn',
    message: 'connections were turned away',
    fields: { module: 'listener', ...event },
  }),
};
