import type { ClientOrganisation, RegisteredClient } from './registered-client.js';

/** Organisation numbers as they go into the access token. */
export interface OrganisationNumbers {
  readonly parent?: string;
  readonly child?: string;
}

/** A refusal with HelseID's own number (helseid 4). */
export class OrganisationNumberRefused extends Error {
  override readonly name = 'OrganisationNumberRefused';
  readonly code: `HID-${number}`;

  constructor(code: `HID-${number}`, text: string) {
    super(`${code}: ${text}`);
    this.code = code;
  }
}

const TYPE = 'helseid_authorization';
/** Today's identifier system of single-tenant clients, and the one that samples of 2022 used. */
const CHILD_SYSTEMS = ['urn:oid:2.16.578.1.12.4.1.4.101', 'urn:oid:2.16.578.1.12.4.1.2.101'];
const PARENT_AND_CHILD_SYSTEM = 'urn:oid:1.0.6523';
const PARENT_AND_CHILD = /^NO:ORGNR:([^:]*)(?::([^:]*))?$/;

/**
 * The organisation numbers that a client's `assertion_details` give it (helseid 3). Undefined details are fine: a
 * single-tenant client then acts for its own organisation, any other for none.
 * Throws OrganisationNumberRefused.
 */
export function organisationNumbersFrom(details: unknown, client: RegisteredClient): OrganisationNumbers {
  const identifier = identifierIn(details);
  const tenancy = client.tenancy ?? 'single';
  const organisations = client.organisations ?? [];
  if (identifier !== undefined) requireBackend(client);
  if (tenancy === 'none') {
    if (identifier !== undefined) {
      throw new OrganisationNumberRefused('HID-1010', 'this client has no organisation numbers');
    }
    return {};
  }
  return tenancy === 'single'
    ? forSingleTenant(identifier, organisations[0])
    : forMultiTenant(identifier, organisations);
}

function requireBackend({ kind = 'backend' }: RegisteredClient): void {
  if (kind === 'shared-secret') {
    throw new OrganisationNumberRefused(
      'HID-1008',
      'a client with a shared secret may not send organisations',
    );
  }
  if (kind === 'code-flow') {
    throw new OrganisationNumberRefused('HID-1009', 'organisations of a login belong in its request object');
  }
}

function isListed(child: string, children: readonly string[] | 'any'): boolean {
  return children === 'any' || children.includes(child);
}

interface Identifier {
  readonly system: string;
  readonly value: string;
}

function forSingleTenant(
  identifier: Identifier | undefined,
  organisation: ClientOrganisation | undefined,
): OrganisationNumbers {
  const own = organisation === undefined ? {} : { parent: organisation.parent };
  if (identifier === undefined) return own;
  if (identifier.system === PARENT_AND_CHILD_SYSTEM) {
    throw new OrganisationNumberRefused('HID-1005', 'this client may not send parent organisation numbers');
  }
  if (!CHILD_SYSTEMS.includes(identifier.system)) throw malformed('unknown identifier system');
  const child = nineDigits(identifier.value);
  if (organisation?.children === undefined) {
    throw new OrganisationNumberRefused('HID-1006', 'this client may not send child organisation numbers');
  }
  if (!isListed(child, organisation.children)) {
    throw new OrganisationNumberRefused('HID-1002', "the child is not on the client's list");
  }
  return { ...own, child };
}

function forMultiTenant(
  identifier: Identifier | undefined,
  organisations: readonly ClientOrganisation[],
): OrganisationNumbers {
  if (identifier === undefined) return {};
  const match = PARENT_AND_CHILD.exec(identifier.value);
  if (identifier.system !== PARENT_AND_CHILD_SYSTEM || match === null) {
    throw malformed('no parent and child in the identifier');
  }
  const parent = nineDigits(match[1] ?? '');
  // The .NET library writes a colon after the parent also when there is no child.
  const child = match[2] === undefined || match[2] === '' ? undefined : nineDigits(match[2]);
  const organisation = organisations.find((known) => known.parent === parent);
  if (organisation === undefined) {
    throw new OrganisationNumberRefused('HID-1001', "the parent is not on the client's list");
  }
  if (child === undefined) return { parent };
  if (!isListed(child, organisation.children ?? 'any')) {
    throw new OrganisationNumberRefused('HID-1003', 'the parent has a list of children without this one');
  }
  return { parent, child };
}

/** `assertion_details` is one object, or a list when several kinds are sent. */
function identifierIn(details: unknown): Identifier | undefined {
  if (details === undefined || details === null) return undefined;
  const list: readonly unknown[] = Array.isArray(details) ? details : [details];
  if (!list.every((entry) => member(entry, 'type') !== undefined)) throw malformed('an entry has no type');
  const entry = list.find((candidate) => member(candidate, 'type') === TYPE);
  if (entry === undefined) return undefined;
  const identifier = ['practitioner_role', 'organization', 'identifier'].reduce(member, entry);
  const system = member(identifier, 'system');
  const value = member(identifier, 'value');
  if (typeof system !== 'string' || typeof value !== 'string' || member(identifier, 'type') !== 'ENH') {
    throw malformed('no complete identifier');
  }
  return { system, value };
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function nineDigits(value: string): string {
  if (!/^[0-9]{9}$/.test(value)) {
    throw new OrganisationNumberRefused('HID-1004', 'an organisation number has nine digits');
  }
  return value;
}

function malformed(why: string): OrganisationNumberRefused {
  return new OrganisationNumberRefused('HID-1007', `assertion_details malformed, ${why}`);
}
