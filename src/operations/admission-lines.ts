import type { AdmissionEvents } from './admission-events.js';
import type { LogFields, LogLevel } from './logger.js';

type Lines = {
  readonly [Name in keyof AdmissionEvents]: (event: AdmissionEvents[Name]) => {
    readonly level: LogLevel;
    readonly message: string;
    readonly fields: LogFields;
  };
};

const module = 'admission';

/** The lines of what is told of those who are let in or not. */
export const admissionLines: Lines = {
  requestsRefused: ({ protocols, milliseconds, ...event }) => ({
    level: 'warn',
    message: 'requests were refused unread, since there was too much to do',
    fields: {
      module,
      ...event,
      seconds: Math.round(milliseconds / 100) / 10,
      protocols: protocols.map(({ protocol, refused }) => `${protocol ?? 'none'} ${refused}`),
      hint: 'Look who asks so much (busiest, and preg_adapter_requests_total by client), and whether the machine or the register is slower than usual. docs/overload.md',
    },
  }),
  requestsCameLate: ({ count }) => ({
    level: 'info',
    message: 'requests were refused unread, since the adapter was ending',
    fields: { module, count },
  }),
  refusalsRepeated: ({ milliseconds, ...event }) => ({
    level: 'warn',
    message: 'more requests were refused for the same reason',
    fields: {
      module,
      ...event,
      seconds: Math.round(milliseconds / 100) / 10,
      hint: 'What to do about it stands in the line of the one before them. docs/audit.md',
    },
  }),
};
