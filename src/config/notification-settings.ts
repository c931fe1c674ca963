import { z } from 'zod';
import { flag, listOf, oneOf, port, secretText, text, wholeNumber } from './values.js';

const triggers = ['A28', 'A31', 'A40'] as const;

const receiver = z.strictObject({
  id: text('a short name for logs and the command line, unique among the receivers').regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'a short name of letters, digits, dots and hyphens',
  ),
  client: text('the id of a client'),
  host: text('a host name or an IP address to connect to'),
  port: port().default(2575),
  tls: z
    .strictObject({
      caFile: text('a file with the certificates that vouch for the receiver, in PEM').optional(),
      certificateFile: text('the file with the certificate and its chain, in PEM').optional(),
      privateKeyFile: text('the file with the private key, in PEM').optional(),
      passphrase: secretText('the passphrase of the private key').optional(),
    })
    .optional(),
  plaintext: flag().default(false),
  application: text('what the receiver calls itself, MSH-5'),
  facility: text('what the receiver calls its facility, MSH-6').optional(),
  version: oneOf(['2.3', '2.3.1', '2.4', '2.5', '2.5.1', '2.6']).default('2.5'),
  // No letter is replaced in it: the message itself has no place to say so (Safety S11).
  charset: oneOf(['8859/1', 'UNICODE UTF-8', 'ASCII']).default('UNICODE UTF-8'),
  processingId: oneOf(['P', 'T', 'D']).default('P'),
  events: listOf(oneOf(triggers), `a list out of ${triggers.join(', ')}`)
    .min(1, `at least one of ${triggers.join(', ')}`)
    .default([...triggers]),
  subscribeOnLookup: flag().default(false),
});

/** Whom HL7 v2 tells of changes, and how. */
export const notificationSettings = z
  .strictObject({
    enabled: flag().default(false),
    application: text('what the adapter calls itself, MSH-3').default('PREGADAPTER'),
    facility: text('what the adapter calls its facility, MSH-4').optional(),
    answerSeconds: wholeNumber(1, 300, 'seconds').default(30),
    retryHours: wholeNumber(1, 720, 'hours').default(72),
    deadLetterDays: wholeNumber(1, 3_650, 'days').default(30),
    lookupDays: wholeNumber(1, 3_650, 'days').default(365),
    receivers: listOf(receiver, 'a list of receivers').default([]),
  })
  .prefault({});
