import { expect } from 'chai';
import { ContractError, contractVersions } from '../../../src/contract/preg-xml/contract.js';
import { loadContract, parseContract } from '../../../src/contract/preg-xml/load-contract.js';
import { contracts } from '../../support/preg-xml.js';

const valid = `
namespaces: { pr: 'http://example/pr' }
types:
  Person: { namespace: pr, members: { A: int, NIN: 'string?', NewNIN: 'string? since 2018' } }
operations:
  Get: { request: { NIN: 'string?' }, result: 'Person?' }
`;

describe('the contract of Personregister-XML', () => {
  it('has 28 members of a person in both versions, and 28 or 30 of an address', () => {
    const count = (name: string): unknown =>
      contractVersions.map((version) => {
        const type = contracts[version].types.get(name);
        return type?.kind === 'record' ? type.members.length : undefined;
      });
    expect(count('Person')).to.deep.equal([28, 28]);
    expect(count('Address')).to.deep.equal([28, 30]);
  });

  it('has eight operations, the last since 2018, and actions in the namespace of the service', () => {
    const names = (version: '2016' | '2018'): readonly string[] => [...contracts[version].operations.keys()];
    expect(names('2018')).to.have.length(8);
    expect(names('2018')).to.deep.equal([...names('2016'), 'GetAddressesAdvanced']);
    const operation = contracts['2018'].operations.get('GetPerson');
    expect(operation?.action).to.equal('http://register.nhn.no/PR/IPersonService/GetPerson');
    expect(operation?.replyAction).to.equal('http://register.nhn.no/PR/IPersonService/GetPersonResponse');
  });

  it('has no key-value pairs before 2018', () => {
    expect([...contracts['2016'].namespaces.keys()]).to.deep.equal(['pr', 'cd', 'arr']);
    expect([...contracts['2018'].namespaces.keys()]).to.deep.equal(['pr', 'cd', 'arr', 'kvp']);
    expect([...contracts['2016'].types.keys()]).not.to.include('AdvancedLookupParameters');
  });

  it('keeps the name of a member that a later version has', () => {
    const type = parseContract(valid, 'test', '2016').types.get('Person');
    expect(type).to.deep.include({ laterMembers: ['NewNIN'] });
  });

  for (const [what, from, to, complaint] of [
    [
      'members out of ordinal order',
      "NIN: 'string?', NewNIN",
      "NewNIN: 'string?', NIN",
      'Person: members are not',
    ],
    ['a type that is not there', 'A: int', 'A: Address', 'Person.A: there is no type Address'],
    ['a type that holds itself', 'A: int', 'A: Person', 'Person.A: Person holds itself'],
    [
      'a type of a later version',
      'Person: {',
      "Person: { since: '2018',",
      'GetResponse.GetResult: Person is not in version 2016',
    ],
    ['an unknown version', 'since 2018', 'since 2017', 'Person.NewNIN: "string? since 2017" is not a member'],
    ['a member in another notation', 'A: int', 'A: int*', 'Person.A: "int*" is not a member'],
    ['an unknown namespace', 'namespace: pr', 'namespace: cd', 'Person: there is no namespace cd'],
    [
      'a type with members and items',
      'namespace: pr,',
      "namespace: pr, listOf: 'int?',",
      'Person: a type has either',
    ],
    ['a type with neither', /members: \{.*\} \}/, 'since: "2016" }', 'Person: a type has either'],
    ['an unknown key', 'namespace: pr,', 'namespace: pr, base: X,', 'base'],
    ['no namespace at all', "{ pr: 'http://example/pr' }", '{}', 'there is n'],
    ['a text that is not YAML', '{', '[', 'test: '],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const text = valid.replace(from, to);
      expect(text).not.to.equal(valid);
      expect(() => parseContract(text, 'test', '2016'))
        .to.throw(ContractError)
        .with.property('message')
        .that.matches(/^test: /)
        .and.contains(complaint);
    });
  }

  it('cannot be read from a file that is not there', async () => {
    const outcome = await loadContract('/nowhere/contract.yaml', '2018').catch((error: unknown) => error);
    expect(outcome).to.have.property('code', 'ENOENT');
  });
});
