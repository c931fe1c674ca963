import type { Protocol } from '../../access/legacy-client.js';
import { formatPath, nearest, type ConfigurationProblem } from '../../config/problems.js';
import type { Configuration } from '../../config/schema.js';
import { filematchOperations } from '../../legacy/filematch/http/routes.js';
import { operationsOf } from '../cutover/operations.js';

/** What a client can be let ask by each protocol, as the audit trail names it. Sessions are no operations: whoever asks may have one. */
export const clientOperations: Readonly<Record<Protocol, readonly string[]>> = {
  ...operationsOf,
  hl7v2: [...operationsOf.hl7v2, 'QCN^J01'],
  filematch: filematchOperations,
};

/** Names in `clients[].operations` that none of the client's protocols has, and protocols that nothing is left of. */
export function clientOperationProblems({
  clients,
}: Pick<Configuration, 'clients'>): readonly ConfigurationProblem[] {
  return clients.flatMap(({ protocols, operations }, index): ConfigurationProblem[] => {
    if (operations === undefined) return [];
    const known = protocols.flatMap((protocol) => clientOperations[protocol]);
    const without = protocols.filter(
      (protocol) => !clientOperations[protocol].some((operation) => operations.includes(operation)),
    );
    return [
      ...operations.flatMap((operation, place): ConfigurationProblem[] => {
        if (known.includes(operation)) return [];
        const guess = nearest(operation, known);
        return [
          {
            path: formatPath(['clients', index, 'operations', place]),
            found: JSON.stringify(operation),
            expected: guess === undefined ? `one of ${known.join(', ')}` : `perhaps ${guess}`,
          },
        ];
      }),
      ...without.map((protocol) => ({
        path: formatPath(['clients', index, 'operations']),
        found: `nothing of ${protocol}`,
        expected: `one of ${clientOperations[protocol].join(', ')}, or protocols without ${protocol}`,
      })),
    ];
  });
}
