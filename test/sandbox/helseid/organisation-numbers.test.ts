import { expect } from 'chai';
import {
  OrganisationNumberRefused,
  organisationNumbersFrom,
} from '../../../src/sandbox/helseid/organisation-numbers.js';
import type { RegisteredClient } from '../../../src/sandbox/helseid/registered-client.js';

const PARENT = '310000027';
const CHILD = '310000035';
const STRANGER = '310000043';
const CHILD_SYSTEM = 'urn:oid:2.16.578.1.12.4.1.4.101';
const BOTH_SYSTEM = 'urn:oid:1.0.6523';

function details(system: string, value: string): unknown {
  return {
    type: 'helseid_authorization',
    practitioner_role: { organization: { identifier: { system, type: 'ENH', value } } },
  };
}

function client(more: Partial<RegisteredClient>): RegisteredClient {
  return { id: 'client', publicJwk: {}, ...more };
}

const single = client({ tenancy: 'single', organisations: [{ parent: PARENT, children: [CHILD] }] });
const multi = client({ tenancy: 'multi', organisations: [{ parent: PARENT }] });

function refusalOf(given: unknown, of: RegisteredClient): string {
  try {
    organisationNumbersFrom(given, of);
  } catch (error) {
    if (error instanceof OrganisationNumberRefused) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('organisation numbers in a client assertion', () => {
  it('are those of the own organisation when a single-tenant client sends none', () => {
    expect(organisationNumbersFrom(undefined, single)).to.deep.equal({ parent: PARENT });
  });

  it('add a listed child to it', () => {
    const answer = { parent: PARENT, child: CHILD };
    expect(organisationNumbersFrom(details(CHILD_SYSTEM, CHILD), single)).to.deep.equal(answer);
    expect(
      organisationNumbersFrom(details('urn:oid:2.16.578.1.12.4.1.2.101', CHILD), single),
      'as samples of 2022 had it',
    ).to.deep.equal(answer);
  });

  it('are none when a multi-tenant client sends none', () => {
    expect(organisationNumbersFrom(undefined, multi)).to.deep.equal({});
  });

  for (const [name, value, answer] of [
    ['a parent alone', `NO:ORGNR:${PARENT}`, { parent: PARENT }],
    ['a parent with a trailing colon', `NO:ORGNR:${PARENT}:`, { parent: PARENT }],
    ['a parent and any child', `NO:ORGNR:${PARENT}:${STRANGER}`, { parent: PARENT, child: STRANGER }],
  ] as const) {
    it(`are read for a multi-tenant client: ${name}`, () => {
      expect(organisationNumbersFrom(details(BOTH_SYSTEM, value), multi)).to.deep.equal(answer);
    });
  }

  it('are found in a list of several kinds of details', () => {
    const list = [{ type: 'something_else' }, details(BOTH_SYSTEM, `NO:ORGNR:${PARENT}`)];
    expect(organisationNumbersFrom(list, multi)).to.deep.equal({ parent: PARENT });
  });

  const withoutChildren = client({ organisations: [{ parent: PARENT }] });
  const withOtherChild = client({ tenancy: 'multi', organisations: [{ parent: PARENT, children: [CHILD] }] });
  for (const [code, name, given, of] of [
    ['HID-1001', 'a parent that has not delegated', details(BOTH_SYSTEM, `NO:ORGNR:${STRANGER}`), multi],
    ['HID-1002', 'a child that is not listed', details(CHILD_SYSTEM, STRANGER), single],
    [
      'HID-1003',
      "a child outside of the parent's list",
      details(BOTH_SYSTEM, `NO:ORGNR:${PARENT}:${STRANGER}`),
      withOtherChild,
    ],
    ['HID-1004', 'a child of eight digits', details(CHILD_SYSTEM, '31000003'), single],
    ['HID-1004', 'a parent with letters', details(BOTH_SYSTEM, 'NO:ORGNR:31000002x'), multi],
    ['HID-1005', 'a parent from a single-tenant client', details(BOTH_SYSTEM, `NO:ORGNR:${PARENT}`), single],
    ['HID-1006', 'a child from a client that has none', details(CHILD_SYSTEM, CHILD), withoutChildren],
    ['HID-1007', 'no identifier', { type: 'helseid_authorization' }, single],
    ['HID-1007', 'an entry without type', [{}], single],
    ['HID-1007', 'an unknown system', details('urn:oid:1.2.3', CHILD), single],
    ['HID-1007', 'a value of another form', details(BOTH_SYSTEM, PARENT), multi],
    [
      'HID-1008',
      'numbers from a client with a shared secret',
      details(CHILD_SYSTEM, CHILD),
      client({ ...single, kind: 'shared-secret' }),
    ],
    [
      'HID-1009',
      'numbers from a client for logins',
      details(BOTH_SYSTEM, `NO:ORGNR:${PARENT}`),
      client({ ...multi, kind: 'code-flow' }),
    ],
    [
      'HID-1010',
      'numbers from a client without tenancy',
      details(CHILD_SYSTEM, CHILD),
      client({ tenancy: 'none' }),
    ],
  ] as const) {
    it(`are refused with ${code}: ${name}`, () => {
      expect(refusalOf(given, of)).to.equal(code);
    });
  }
});
