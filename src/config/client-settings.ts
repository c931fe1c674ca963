import { z } from 'zod';
import { protocols } from '../access/legacy-client.js';
import { fieldGroups } from '../person/field-groups.js';
import { purposeText } from './purpose-text.js';
import {
  fingerprint,
  flag,
  listOf,
  network,
  oneOf,
  organisationNumber,
  passwordHash,
  sealedPassword,
  text,
  wholeNumber,
} from './values.js';

/** A system that asks. */
export const clientSettings = z.strictObject({
  id: text('a short name for logs and audit, unique among the clients').regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'a short name of letters, digits, dots and hyphens',
  ),
  username: text('the user name that the client logs in with'),
  passwordHash: passwordHash().optional(),
  sealedPassword: sealedPassword().optional(),
  previousPasswordHash: passwordHash().optional(),
  previousSealedPassword: sealedPassword().optional(),
  enabled: flag().default(true),
  protocols: listOf(oneOf(protocols), `a list out of ${protocols.join(', ')}`).min(
    1,
    `at least one of ${protocols.join(', ')}`,
  ),
  operations: listOf(text('the name of an operation'), 'a list of operations')
    .min(1, 'at least one operation')
    .optional(),
  addresses: listOf(network(), 'a list of addresses and networks').min(1, 'at least one address').optional(),
  organisation: z.strictObject({
    parent: organisationNumber(),
    child: organisationNumber().optional(),
  }),
  access: oneOf(['full', 'restricted']).default('full'),
  profile: text('the name of a profile').default('complete'),
  requestsPerSecond: wholeNumber(1, 10_000, 'a number of requests').optional(),
  requestBurst: wholeNumber(1, 100_000, 'a number of requests').optional(),
  name: purposeText('what people know the system by, in at most 200 characters').optional(),
  purpose: purposeText('a legal basis or a purpose, in at most 200 characters').optional(),
  quirks: z
    .strictObject({
      noFixedAbode: oneOf(['send', 'omit']).default('send'),
      refusedSearch: oneOf(['fault', 'qe']).default('fault'),
      maxReplyBytes: wholeNumber(8192, 64 * 1024 * 1024, 'octets').default(65_536),
    })
    .prefault({}),
  filematch: z
    .strictObject({
      layouts: listOf(text('the name of a layout'), 'a list of layouts')
        .min(1, 'at least one layout')
        .default(['pfm-fixed', 'pfm-csv']),
      mode: oneOf(['V', 'K', 'E']).default('V'),
      weakMatches: oneOf(['mask', 'data']).default('mask'),
      folder: text('the drop folder of the client').optional(),
      ready: oneOf(['rename', 'ok']).default('rename'),
    })
    .prefault({}),
  hl7v2: z
    .strictObject({
      peers: listOf(
        z.strictObject({
          addresses: listOf(network(), 'a list of addresses and networks').min(1, 'at least one address'),
          application: text('what the system calls itself, MSH-3.1').optional(),
          facility: text('what the system calls its facility, MSH-4.1').optional(),
          certificate: fingerprint().optional(),
        }),
        'a list of peers',
      ).default([]),
    })
    .prefault({}),
});

/** What clients see. */
export const profileSettings = z.strictObject({
  access: oneOf(['full', 'restricted']).optional(),
  groups: listOf(oneOf(fieldGroups), `a list out of ${fieldGroups.join(', ')}`),
});
