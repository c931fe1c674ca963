import { join } from 'node:path';
import { expect } from 'chai';
import { isComparable, operationsOf } from '../../../src/cli/cutover/operations.js';
import { packageRoot } from '../../../src/config/package-root.js';
import { hl7v3ForwardedOperations } from '../../../src/legacy/hl7v3/forwarded-operations.js';
import { pregXmlForwardedOperations } from '../../../src/legacy/preg-xml/forwarded-operations.js';
import { loadContract } from '../../../src/contract/preg-xml/load-contract.js';

describe('the operations that routes can be set for', () => {
  it('are those of the contracts', async () => {
    const file = join(packageRoot(), 'mappings', 'preg-xml', 'contract.yaml');
    const { operations } = await loadContract(file, '2018');
    expect([...operations.keys()].sort()).to.deep.equal([...operationsOf['preg-xml']].sort());
    expect(operationsOf.hl7v3).to.include.members(['GetDemographics', 'FindCandidates', 'AddPerson']);
  });

  it('can be compared but for those that may be passed on unread', () => {
    const all = Object.values(operationsOf).flat();
    expect(all.filter((operation) => !isComparable(operation))).to.have.members([
      ...hl7v3ForwardedOperations.keys(),
      ...pregXmlForwardedOperations.keys(),
    ]);
  });
});
