import { expect } from 'chai';
import { MalformedRequest } from '../../../src/errors/errors.js';
import { ContractError } from '../../../src/contract/preg-xml/contract.js';
import { lookupParameters, personService, serve } from '../../support/person-service.js';
import { contracts } from '../../support/preg-xml.js';
import { rejectionOf } from '../../support/rejection.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

describe('PersonService', () => {
  it('serves what the contract of each version has, by its actions', () => {
    for (const [version, count] of [
      ['2016', 7],
      ['2018', 8],
    ] as const) {
      const contract = contracts[version];
      const { operations, protocol, paths } = personService({ contract });
      expect(operations.map(({ name }) => name)).to.deep.equal([...contract.operations.keys()]);
      expect(operations).to.have.length(count);
      expect([protocol, ...paths]).to.deep.equal(['preg-xml', '/Personregister.WCF/PersonService.svc']);
      for (const { name, action, replyAction, bodyNamespace, bodyLocalName } of operations) {
        expect({ action, replyAction, bodyNamespace, bodyLocalName }).to.deep.equal({
          action: `http://register.nhn.no/PR/IPersonService/${name}`,
          replyAction: `http://register.nhn.no/PR/IPersonService/${name}Response`,
          bodyNamespace: 'http://register.nhn.no/PR',
          bodyLocalName: name,
        });
      }
    }
  });

  it('describes itself at the address that callers see', () => {
    const { wsdl, schemas } = personService({}).metadata('https://preg.example/P.svc');
    expect(wsdl).to.contain('https://preg.example/P.svc');
    expect([...schemas.keys()]).to.deep.equal(['xsd0', 'xsd1', 'xsd2', 'xsd3', 'xsd4']);
  });

  it('is not made of a contract with an operation that nobody serves', () => {
    const [[, known] = []] = contracts['2018'].operations;
    if (known === undefined) throw new Error('no operations');
    const operations = new Map([['GetNothing', { ...known, name: 'GetNothing' }]]);
    expect(() => personService({ contract: { ...contracts['2018'], operations } })).to.throw(
      ContractError,
      'GetNothing',
    );
  });

  it('does not read what is not of the contract', async () => {
    const twice = lookupParameters(syntheticNumber()).replace('<cd:NIN>', '<cd:NIN/><cd:NIN>');
    expect(await rejectionOf(serve('GetPerson', twice))).to.be.instanceOf(MalformedRequest);
  });
});
