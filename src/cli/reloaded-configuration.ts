import { cutoverContradictions } from '../config/cutover-contradictions.js';
import type { Configuration } from '../config/schema.js';

/**
 * What a running adapter goes by from now on: the configuration it was started with, and of one that was read anew what can change
 * without a restart.
 * @param fresh as it was just read
 * @param effective what the adapter goes by so far
 */
export function reloaded(fresh: Configuration, effective: Configuration): Configuration {
  const { purpose, operatorPurpose } = fresh.audit;
  const next: Configuration = {
    ...effective,
    clients: fresh.clients,
    profiles: fresh.profiles,
    audit: { ...effective.audit, purpose, operatorPurpose },
    logging: { ...effective.logging, level: fresh.logging.level },
  };
  const cutover = { ...fresh.cutover, preg: effective.cutover.preg };
  if (hasMoreOfPreg(fresh, effective) && !isServed({ ...fresh, sandbox: effective.sandbox, cutover })) {
    return next;
  }
  return { ...next, cutover };
}

/** Whether its routes lead nobody to what the running adapter does not have of PREG. */
function isServed(next: Configuration): boolean {
  return cutoverContradictions(next).length === 0;
}

/** Whether there is a PREG, a service of it or an account there that the running adapter does not know. */
function hasMoreOfPreg(fresh: Configuration, effective: Configuration): boolean {
  if (fresh.sandbox?.preg !== undefined) return effective.sandbox?.preg === undefined;
  const { preg } = fresh.cutover;
  if (preg === undefined) return false;
  const running = effective.cutover.preg;
  const known = running?.accounts.map(({ client }) => client) ?? [];
  return (
    running === undefined ||
    (preg.hl7v3Url !== undefined && running.hl7v3Url === undefined) ||
    (preg.pregXmlUrl !== undefined && running.pregXmlUrl === undefined) ||
    preg.accounts.some(({ client }) => !known.includes(client))
  );
}
