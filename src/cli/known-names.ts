import { protocols } from '../access/legacy-client.js';
import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import { filematchOperations } from '../legacy/filematch/http/routes.js';
import type { Mappings } from '../mapping/person-mapper.js';
import type { KnownNames } from '../operations/metrics/known-names.js';
import { trustOperations } from '../registry/preg/soap/soap-sender.js';
import { operationNames } from '../registry/persontjenesten/operation-name.js';
import { operationsOf } from './cutover/operations.js';
import type { LiveParts } from './live-parts.js';
import type { LiveSettings } from './live-settings.js';

/**
 * The names that labels of metrics take: those of the configuration, of the contracts and of mappings/, and no other. Clients come
 * in by a reload, and none is forgotten: what it was counted for stays counted.
 */
export function knownNames(
  { hl7v2 }: Pick<AdapterConfiguration, 'hl7v2'>,
  live: LiveParts,
  { fields }: Pick<Mappings, 'fields'>,
): KnownNames {
  const asked = Object.values(operationsOf).flat();
  const sessions = Object.values(trustOperations).map(({ name }) => name);
  const clients = new Set<string>();
  const addThose = (settings: LiveSettings): void => {
    for (const { id } of settings.clients) clients.add(id);
  };
  addThose(live.settings);
  live.add((next) => () => {
    addThose(next);
  });
  return {
    clients,
    protocols,
    operations: [...asked, ...sessions, ...filematchOperations],
    upstreamOperations: operationNames,
    pregOperations: [...operationsOf.hl7v3, ...operationsOf['preg-xml'], ...sessions],
    receivers: hl7v2.notifications.receivers.map(({ id }) => id),
    mappingRows: [...fields.rows.map(({ target }) => target), ...fields.watched.map(({ path }) => path.text)],
  };
}
