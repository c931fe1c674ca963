import { cutoverContradictions } from '../config/cutover-contradictions.js';
import type { ClientSettings, Configuration } from '../config/schema.js';

/** The configurations of a running adapter. */
export interface KnownConfigurations {
  /** What it was started with. */
  readonly started: Configuration;
  /** What it goes by so far. */
  readonly effective: Configuration;
}

/**
 * What a running adapter goes by from now on: the configuration it was started with, and of one that was read anew what can change
 * without a restart.
 * @param fresh as it was just read
 */
export function reloaded(fresh: Configuration, { started, effective }: KnownConfigurations): Configuration {
  const { purpose, operatorPurpose } = fresh.audit;
  const { level, levels } = fresh.logging;
  const next: Configuration = {
    ...effective,
    clients: fresh.clients.map((client) =>
      withFolderOf(
        client,
        started.clients.find(({ id }) => id === client.id),
      ),
    ),
    profiles: fresh.profiles,
    audit: { ...effective.audit, purpose, operatorPurpose },
    listeners: withSecretsOf(fresh, effective),
    logging: { ...effective.logging, level, levels },
  };
  const cutover = { ...fresh.cutover, preg: effective.cutover.preg };
  if (hasMoreOfPreg(fresh, effective) && !isServed({ ...fresh, sandbox: effective.sandbox, cutover })) {
    return next;
  }
  return { ...next, cutover };
}

/** Whoever looks into a drop folder goes on as it began, and nobody looks into one that there was not at the start. */
function withFolderOf(client: ClientSettings, atStart: ClientSettings | undefined): ClientSettings {
  const { folder, ready, mode, layouts } = atStart?.filematch ?? {};
  if (folder === undefined && client.filematch.folder === undefined) return client;
  const kept =
    ready === undefined || mode === undefined || layouts === undefined ? {} : { ready, mode, layouts };
  return {
    ...client,
    filematch: { ...client.filematch, ...(folder === undefined ? {} : kept), folder },
  };
}

/**
 * The listeners as they listen, with the certificates and the operators' password of another configuration: TLS stays TLS, HTTP
 * stays HTTP, and whoever was asked for a password still is.
 */
function withSecretsOf(fresh: Configuration, { listeners }: Configuration): Configuration['listeners'] {
  const { legacy, oldTls, mllp, operations } = fresh.listeners;
  const isBelieved = (tls: { readonly clientCaFile?: string | undefined } | undefined): boolean =>
    tls?.clientCaFile !== undefined;
  return {
    ...listeners,
    legacy: { ...listeners.legacy, tls: listeners.legacy.tls && (legacy.tls ?? listeners.legacy.tls) },
    oldTls: listeners.oldTls && { ...listeners.oldTls, tls: oldTls?.tls ?? listeners.oldTls.tls },
    mllp:
      mllp?.tls !== undefined &&
      listeners.mllp?.tls !== undefined &&
      isBelieved(mllp.tls) === isBelieved(listeners.mllp.tls)
        ? { ...listeners.mllp, tls: mllp.tls }
        : listeners.mllp,
    operations: {
      ...listeners.operations,
      tls: listeners.operations.tls && (operations.tls ?? listeners.operations.tls),
      passwordHash:
        listeners.operations.passwordHash && (operations.passwordHash ?? listeners.operations.passwordHash),
    },
  };
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
