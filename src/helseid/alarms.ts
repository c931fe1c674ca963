import type { Alarm } from '../errors/errors.js';

/** What can be the matter with tokens, as data. */
interface AlarmRow {
  /** Whether it passes by itself, or stays until somebody changes something. */
  readonly passing: boolean;
  /** Where it is about the organisation or the scope that a token was asked for, and not about all alike. */
  readonly concerns?: 'organisation' | 'scope';
  readonly meaning: string;
  readonly action: string;
}

/**
 * Every cause for which there is no token, with what an operator is told (helseid 4). Named by OAuth's code, by HelseID's own
 * number of an error, or, where there is neither, by what was seen. docs/helseid.md is this table for readers; a test holds
 * the two together.
 */
export const alarms = {
  use_dpop_nonce: {
    passing: true,
    meaning: 'HelseID asks for a new nonce again and again.',
    action: 'It passes by itself; if it lasts, tell Norsk helsenett.',
  },
  invalid_dpop_proof: {
    passing: false,
    meaning: 'HelseID does not accept the proof that goes with a request.',
    action:
      'Compare the clock of this machine (ntp.nhn.no) first. A proxy that changes the address of HelseID does it, too.',
  },
  invalid_client: {
    passing: false,
    meaning: 'HelseID does not know the client, or its key is wrong or its registration has expired.',
    action:
      'Compare helseid.clientId and the key id with self service, see whether the key has expired, and compare the clock.',
  },
  invalid_request: {
    passing: false,
    meaning: 'HelseID calls the request malformed.',
    action: 'Look for a proxy that changes requests; otherwise report it as a fault in the adapter.',
  },
  invalid_scope: {
    passing: false,
    concerns: 'scope',
    meaning: 'The client may not have the scope of Persontjenesten that is asked for.',
    action: 'Ask for the scope in self service; clients[].access decides which of the two is used.',
  },
  unauthorized_client: {
    passing: false,
    meaning: 'The client is not set up for tokens without a logged-in user (client credentials).',
    action: 'Have the grant type client_credentials added to the client in self service.',
  },
  unsupported_grant_type: {
    passing: false,
    meaning: 'HelseID does not give this client tokens without a logged-in user (client credentials).',
    action: 'Have the grant type client_credentials added to the client in self service.',
  },
  invalid_grant: {
    passing: false,
    meaning: 'HelseID calls the grant invalid, which does not belong to this way of asking.',
    action: 'Look at the client in self service; a proxy that sends requests twice does it, too.',
  },
  unsupported_response_type: {
    passing: false,
    meaning: 'HelseID answers as if a user logged in, which does not belong to this way of asking.',
    action: 'Compare helseid.issuer with the address that Norsk helsenett gives.',
  },
  'HID-1001': {
    passing: false,
    concerns: 'organisation',
    meaning: 'The organisation (parent) is not among those that the client may act for.',
    action:
      'Compare clients[].organisation.parent with self service; a supplier needs a delegation from the organisation in Altinn.',
  },
  'HID-1002': {
    passing: false,
    concerns: 'organisation',
    meaning: 'The unit (child) is not among those of the client.',
    action: 'Compare clients[].organisation.child with the list of the client in self service.',
  },
  'HID-1003': {
    passing: false,
    concerns: 'organisation',
    meaning: 'The organisation has a list of units of its own, and the unit (child) is not on it.',
    action: 'Have the unit put on the list of the organisation in self service, or leave the child out.',
  },
  'HID-1004': {
    passing: false,
    concerns: 'organisation',
    meaning: 'HelseID does not take the organisation number for one of nine digits.',
    action: 'Compare clients[].organisation with the register of organisations (Enhetsregisteret).',
  },
  'HID-1005': {
    passing: false,
    meaning: 'The client may not name the organisation (parent) that it acts for.',
    action: 'It is a single-tenant client in self service: set helseid.tenancy to single.',
  },
  'HID-1006': {
    passing: false,
    meaning: 'The client may not name units (child).',
    action: 'Leave clients[].organisation.child out, or have units allowed for the client in self service.',
  },
  'HID-1007': {
    passing: false,
    meaning: 'HelseID cannot read the organisation numbers in the request.',
    action: 'Compare helseid.tenancy with self service; otherwise report it as a fault in the adapter.',
  },
  'HID-1008': {
    passing: false,
    meaning:
      'The client is registered with a shared secret, and such clients may not send organisation numbers.',
    action: 'Have a key registered for the client in self service.',
  },
  'HID-1009': {
    passing: false,
    meaning: 'The client is registered for logins of users, and is to send organisation numbers otherwise.',
    action: 'Use a client of its own for the adapter, set up for client credentials.',
  },
  'HID-1010': {
    passing: false,
    meaning: 'The configuration of the client in HelseID forbids organisation numbers.',
    action: 'Have organisation numbers allowed for the client in self service.',
  },
  rejected_scope: {
    passing: false,
    concerns: 'organisation',
    meaning:
      'The organisation has not accepted the terms of Persontjenesten, so that HelseID left the scope out.',
    action: 'Have the organisation that the log line names accept the terms in self service.',
  },
  missing_scope: {
    passing: false,
    concerns: 'organisation',
    meaning: 'HelseID gave a token without the scope that was asked for, and did not say why.',
    action:
      'See in self service whether the client has the scope and the organisation has accepted its terms.',
  },
  wrong_token_type: {
    passing: false,
    meaning: 'HelseID gave a token of another type (bearer, DPoP) than was asked for.',
    action: 'Compare helseid.tokens with the setting of the client in self service.',
  },
  wrong_binding: {
    passing: false,
    meaning: 'The token is not bound to the key that it was asked for with.',
    action:
      'Compare helseid.tokens with the setting of the client in self service, and look for a proxy that keeps answers.',
  },
  unusable_answer: {
    passing: false,
    meaning: 'HelseID answered with what is no token, or has no lifetime.',
    action: 'Compare helseid.issuer with the address that Norsk helsenett gives.',
  },
  unusable_key: {
    passing: false,
    meaning: 'The private key cannot sign.',
    action: 'Run preg-adapter check-config, which tells what is wrong with the key.',
  },
  refused: {
    passing: false,
    concerns: 'organisation',
    meaning: 'HelseID refuses for a reason that is not in this table.',
    action: 'The log line has the status and the code; ask Norsk helsenett.',
  },
  too_many_requests: {
    passing: true,
    meaning: 'HelseID has been asked too often (429).',
    action: 'It passes by itself. If it lasts, see what else uses the same client.',
  },
  helseid_failing: {
    passing: true,
    meaning: 'HelseID says that it cannot serve at the moment.',
    action: 'See the operating messages of Norsk helsenett; it passes by itself.',
  },
  not_helseid: {
    passing: true,
    meaning:
      'What answers in place of HelseID is not HelseID: a page, a redirection, or nothing that can be read.',
    action: 'Look for a proxy or firewall in between, and compare helseid.issuer.',
  },
  no_discovery: {
    passing: true,
    meaning: 'The description of HelseID (discovery) cannot be read.',
    action: 'Compare helseid.issuer, then look for a proxy or firewall in between.',
  },
  no_answer: {
    passing: true,
    meaning: 'HelseID did not answer in time.',
    action: 'Check network and proxy, and the operating messages of Norsk helsenett.',
  },
  no_connection: {
    passing: true,
    meaning: 'HelseID cannot be reached.',
    action: 'Check network, name server, proxy and outbound.caFile; the log line has the code of the system.',
  },
} as const satisfies Record<string, AlarmRow>;

/** The stable name of a cause. */
export type AlarmName = keyof typeof alarms;

/** The alarm of that name, for an error to carry. */
export function alarm(name: AlarmName): Alarm {
  const { meaning, action, concerns }: AlarmRow = alarms[name];
  return { name, meaning, action, ...(concerns === undefined ? {} : { concerns }) };
}

/** Whether there is an alarm of that name. */
export function isAlarmName(name: string): name is AlarmName {
  return Object.hasOwn(alarms, name);
}
