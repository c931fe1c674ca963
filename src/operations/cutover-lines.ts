import type { CutoverEvents } from './cutover-events.js';
import type { LogFields, LogLevel } from './logger.js';

type Lines = {
  readonly [Name in keyof CutoverEvents]: (event: CutoverEvents[Name]) => {
    readonly level: LogLevel;
    readonly message: string;
    readonly fields: LogFields;
  };
};

const module = 'cutover';

/** The lines of what is told while there are two registers. */
export const cutoverLines: Lines = {
  otherRegisterAsked: ({ error, ...event }) => ({
    level: 'warn',
    message: 'a register is out of order, and the other one was asked',
    fields: { module, ...event, error, hint: error.description.hint },
  }),
  answersCompared: ({ outcomes, found, ...event }) => ({
    level: 'debug',
    message: 'both registers were asked the same',
    fields: {
      module,
      ...event,
      preg: outcomes.preg,
      persontjenesten: outcomes.persontjenesten,
      pregFound: found.preg,
      persontjenestenFound: found.persontjenesten,
    },
  }),
  comparisonFailed: ({ error, ...event }) => ({
    level: 'error',
    message: 'the answers of both registers could not be compared',
    fields: { module, ...event, error, hint: error.description.hint },
  }),
  comparisonsDropped: (event) => ({
    level: 'warn',
    message: 'people are not compared, since too many wait for it',
    fields: { module, ...event },
  }),
  clientMovedBack: (event) => ({
    level: 'error',
    message: 'a client was moved back to PREG',
    fields: {
      module,
      ...event,
      hint: 'Look at preg-adapter cutover differences; then set or clear its route.',
    },
  }),
  cutoverNotStored: ({ error, ...event }) => ({
    level: error.description.logLevel,
    message: 'what belongs to the cutover cannot be stored',
    fields: { module, ...event, error, hint: error.description.hint },
  }),
  cutoverStored: (event) => ({
    level: event.lost === 0 ? 'info' : 'warn',
    message: 'what belongs to the cutover can be stored again',
    fields: { module, ...event },
  }),
};
