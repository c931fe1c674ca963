import { join } from 'node:path';
import { expect } from 'chai';
import { operationsOf } from '../../../src/cli/cutover/operations.js';
import { packageRoot } from '../../../src/config/package-root.js';
import { loadContract } from '../../../src/contract/preg-xml/load-contract.js';

describe('the operations that routes can be set for', () => {
  it('are those of the contracts', async () => {
    const file = join(packageRoot(), 'mappings', 'preg-xml', 'contract.yaml');
    const { operations } = await loadContract(file, '2018');
    expect([...operations.keys()].sort()).to.deep.equal([...operationsOf['preg-xml']].sort());
    expect(operationsOf.hl7v3).to.include.members(['GetDemographics', 'FindCandidates', 'AddPerson']);
  });
});
