import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { canRun } from '../legacy/hl7v3/schema/places.js';
import { HL7V3_PATH } from '../support/get-demographics-request.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';

/** Debian's own, which has python3-zeep. */
const PYTHON = '/usr/bin/python3';
const FODSELSNUMMER = '2.16.578.1.12.4.1.4.1';

describe('zeep as a client', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter | undefined;

  before(async function () {
    if (!canRun(PYTHON, '-c', 'import zeep')) this.skip();
    adapter = await startSandboxedAdapter();
  });

  after(async () => {
    await adapter?.stop();
  });

  async function lookUp({ number = '', metadata = '?wsdl', password = 'epj-sandbox' }): Promise<unknown> {
    if (adapter === undefined) throw new Error('the adapter was not started');
    const { stdout } = await promisify(execFile)(PYTHON, [
      join(packageRoot(), 'test', 'interop', 'zeep_client.py'),
      `${adapter.legacyUrl}${HL7V3_PATH}${metadata}`,
      adapter.certificateFile,
      'epj-sandbox',
      password,
      number,
      FODSELSNUMMER,
    ]);
    return JSON.parse(stdout);
  }

  for (const metadata of ['?wsdl', '?singleWsdl']) {
    it(`reads a person back field by field through ${metadata}`, async () => {
      expect(await lookUp({ number: '11868426235', metadata })).to.deep.equal({
        acknowledgement: 'AA',
        target: 'zeep',
        details: [],
        response: 'OK',
        total: 1,
        person: {
          id: [FODSELSNUMMER, '11868426235'],
          innerId: [FODSELSNUMMER, '11868426235'],
          confidentiality: [],
          nameUses: [['L']],
          names: [
            [
              ['given', null, 'SINDIG'],
              ['family', 'MID', 'VAKTSOM'],
              ['family', null, 'GRANBAR'],
            ],
          ],
          gender: 'F',
          born: '19840611',
          deceased: false,
          addressUses: [['HP']],
          addresses: [
            [
              ['streetAddressLine', null, 'TROLLFLØYTEVEGEN 17B'],
              ['postalCode', null, '0580'],
              ['city', null, 'OSLO'],
              ['county', null, '0301'],
              ['streetName', null, 'TROLLFLØYTEVEGEN'],
              ['houseNumber', null, '17'],
              ['buildingNumberSuffix', null, 'B'],
              ['unitID', null, 'H0402'],
              ['country', null, 'NOR'],
            ],
          ],
          maritalStatus: ['2', 'Gift'],
          relations: [
            ['MTH', FODSELSNUMMER, '04895645279'],
            ['FTH', FODSELSNUMMER, '19925347968'],
            ['SPS', FODSELSNUMMER, '23828211323'],
            ['CHILD', FODSELSNUMMER, '27881895523'],
          ],
        },
      });
    });
  }

  it('reads a protected person without an address', async () => {
    expect(await lookUp({ number: '15908832970' }))
      .to.have.property('person')
      .that.deep.includes({ confidentiality: ['R'], addresses: [], addressUses: [], born: '19881015' });
  });

  it('reads "nobody" as a reply, not as a fault', async () => {
    expect(await lookUp({ number: '01818049818' })).to.deep.equal({
      acknowledgement: 'AA',
      target: 'zeep',
      details: [],
      response: 'NF',
      total: 0,
      person: null,
    });
  });

  it('reads that a number is malformed', async () => {
    expect(await lookUp({ number: '1186842623' })).to.deep.equal({
      acknowledgement: 'AE',
      target: 'zeep',
      details: ['SYN102'],
      response: 'QE',
      total: 0,
      person: null,
    });
  });

  it('is told of a wrong password by the fault that PREG gave', async () => {
    expect(await lookUp({ number: '11868426235', password: 'wrong' })).to.deep.equal({
      fault: 'At least one security token in the message could not be validated.',
      code: 's:Sender',
      subcodes: [
        '{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}FailedAuthentication',
      ],
    });
  });
});
