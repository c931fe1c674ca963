import type { CertificateEvents } from './certificate-events.js';
import type { LogFields, LogLevel } from './logger.js';

type Lines = {
  readonly [Name in keyof CertificateEvents]: (event: CertificateEvents[Name]) => {
    readonly level: LogLevel;
    readonly message: string;
    readonly fields: LogFields;
  };
};

const module = 'listener';

/** The lines of what is told of certificates. */
export const certificateLines: Lines = {
  certificateRenewed: ({ setting, endsAt }) => ({
    level: 'info',
    message: 'new connections are shown a new certificate',
    fields: { module, setting, ...(endsAt === undefined ? {} : { endsAt: endsAt.toISOString() }) },
  }),
  certificateUnusable: ({ setting, problem }) => ({
    level: 'error',
    message: 'the new certificate cannot be used, and the old one stays in use',
    fields: { module, setting, problem },
  }),
};
