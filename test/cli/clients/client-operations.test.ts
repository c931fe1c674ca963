import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { clientOperationProblems, clientOperations } from '../../../src/cli/clients/client-operations.js';
import { packageRoot } from '../../../src/config/package-root.js';
import type { ClientSettings } from '../../../src/config/schema.js';
import { sandboxConfiguration } from '../../support/sandbox-configuration.js';

describe('the operations of clients', () => {
  function problems(change: Partial<ClientSettings>): readonly string[] {
    const [client] = sandboxConfiguration().clients;
    if (client === undefined) throw new Error('the sandbox has no client');
    return clientOperationProblems({ clients: [{ ...client, ...change }] }).map(
      ({ path, found, expected }) => `${path}: ${found}, ${expected}`,
    );
  }

  it('are all of its protocols where nothing is said', () => {
    expect(problems({})).to.deep.equal([]);
  });

  it('are named as the audit trail names them', () => {
    expect(
      problems({ protocols: ['hl7v3', 'hl7v2'], operations: ['GetDemographics', 'QBP^Q22'] }),
    ).to.deep.equal([]);
    expect(
      problems({ protocols: ['hl7v3'], operations: ['GetDemographics', 'GetDemografics', 'Other'] }),
    ).to.deep.equal([
      'clients[0].operations[1]: "GetDemografics", perhaps GetDemographics',
      `clients[0].operations[2]: "Other", one of ${clientOperations.hl7v3.join(', ')}`,
    ]);
  });

  it('are of protocols that the client speaks, and leave something of each', () => {
    expect(problems({ protocols: ['hl7v3', 'filematch'], operations: ['GetDemographics'] })).to.deep.equal([
      `clients[0].operations: nothing of filematch, one of ${clientOperations.filematch.join(', ')}, or protocols without filematch`,
    ]);
    expect(problems({ protocols: ['hl7v3'], operations: ['GetDemographics', 'upload'] })[0]).to.match(
      /^clients\[0\]\.operations\[1\]: "upload", /,
    );
  });

  it('are told in docs/clients.md as they are', () => {
    const page = readFileSync(join(packageRoot(), 'docs', 'clients.md'), 'utf8');
    for (const [protocol, operations] of Object.entries(clientOperations)) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${protocol}\` | \``)) ?? '';
      const named = [...row.slice(`| \`${protocol}\``.length).matchAll(/`([^`]+)`/g)].map(([, name]) => name);
      expect(named, protocol).to.deep.equal(operations);
    }
  });
});
