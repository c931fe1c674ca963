import { expect } from 'chai';
import { asAdapterError, InvalidQuery } from '../../src/errors/errors.js';
import { elementsOf } from '../../src/legacy/hl7v3/schema/type-table.js';
import { faultTable } from '../../src/legacy/soap/fault-table.js';
import { findCandidates, parameter } from '../support/find-candidates.js';
import { types } from '../support/hl7v3-message.js';
import { pregAddress, pregPerson } from '../support/preg-person.js';
import { rejectionOf } from '../support/rejection.js';
import { syntheticNumber } from '../support/synthetic-number.js';

/** What every class begins with. */
const structural = ['realmCode', 'typeId', 'templateId'];

const NAME = parameter('personName', '<family>Nordmann</family>');

/** Every parameter that the schema has, with a value that cannot be expressed as a criterion. */
const inexpressible: Readonly<Record<string, string>> = {
  id: '<id root="1.2" extension="x"/>',
  groupId: parameter('groupId', '', 'root="1.2"'),
  identifiedPersonAddress: parameter('identifiedPersonAddress', '<postBox>12</postBox>'),
  identifiedPersonStatusCode: parameter('identifiedPersonStatusCode', '', 'code="obsolete"'),
  identifiedPersonTelecom: parameter('identifiedPersonTelecom', '', 'value="tel:12345678"'),
  mothersMaidenName: parameter('mothersMaidenName', 'Hansen'),
  otherIDsScopingOrganization: parameter('otherIDsScopingOrganization', '', 'root="1.2"'),
  personAdministrativeGender: parameter('personAdministrativeGender', '', 'code="UN"'),
  personBirthPlaceAddress: parameter('personBirthPlaceAddress', '<city>Oslo</city>'),
  personBirthPlaceName: parameter('personBirthPlaceName', 'Oslo'),
  personBirthTime: parameter('personBirthTime', '<width value="1" unit="a"/>'),
  personDeceased: parameter('personDeceased', '', 'value="perhaps"'),
  personDeceasedTime: parameter('personDeceasedTime', '<center value="1980"/>'),
  personId: parameter('personId', '', 'extension="1234"'),
  personName: parameter('personName', '<prefix>Dr.</prefix><family>Nordmann</family>'),
  personRoleId: parameter('personRoleId', '', 'extension="1234"'),
};

describe('Safety S3: a refused question never looks like nobody', () => {
  it('has a case for every parameter of the schema', () => {
    const members = types.flatten('PRPA_MT101306NO01.ParameterList').particles.flatMap(elementsOf);
    const own = members.map(({ name }) => name).filter((name) => !structural.includes(name));
    expect(Object.keys(inexpressible)).to.have.members(own);
  });

  for (const [name, xml] of Object.entries(inexpressible)) {
    it(`a ${name} that cannot be searched by is a fault that names it, though a name could be searched by`, async () => {
      const others = name === 'personName' ? parameter('personDeceased', '', 'value="false"') : NAME;
      const error = await rejectionOf(findCandidates(xml + others));
      expect(error).to.be.instanceOf(InvalidQuery);
      expect(error.message).to.match(new RegExp(`^${name}\\b`));
    });
  }

  it('a refusal by the register is a fault that names the parameter', async () => {
    const error = await rejectionOf(
      findCandidates(NAME, { search: () => Promise.reject(new InvalidQuery('name', 'too few letters')) }),
    );
    expect(error.message).to.equal('personName: too few letters');
  });

  it('the fault is a secured one and the sender’s', () => {
    expect(faultTable[asAdapterError(new InvalidQuery('a', 'b')).code]).to.include({
      code: 'Sender',
      secured: true,
    });
  });
});

describe('Safety S2: a search by number is no address oracle either', () => {
  const number = syntheticNumber();
  const address = { currentAddress: true, postalCode: '7010', source: 'residential' } as const;
  const byNumber = parameter('personId', '', `extension="${number}"`);
  const byAddress = parameter('identifiedPersonAddress', '<postalCode>7010</postalCode>');

  for (const postalType of [0, 4, 6, 7]) {
    it(`a person with PostalType ${String(postalType)} is ${postalType === 0 ? 'found' : 'nobody'} by an address`, async () => {
      const person = pregPerson({ nin: number, addresses: [pregAddress({ ...address, postalType })] });
      const known = new Map([[number, person]]);
      const found = await findCandidates(byNumber + byAddress, { known });
      expect([found.ending, found.quantities[0]]).to.deep.equal(
        postalType === 0 ? ['AA OK', '1'] : ['AA NF', '0'],
      );
      expect((await findCandidates(byNumber, { known })).told).to.deep.equal([number]);
    });
  }
});
