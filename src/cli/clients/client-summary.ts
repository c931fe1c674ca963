import { clientFrom } from '../../access/accounts.js';
import { clientSettings } from '../../config/client-settings.js';
import type { Configuration } from '../../config/schema.js';
import { shapeOf } from '../../config/settings-tree.js';

type ClientSettings = Configuration['clients'][number];

/** What follows from a client's settings. */
export interface ClientFacts {
  /** How its password is kept. */
  readonly password: 'hash' | 'sealed';
  /** The view that it reads: its profile may narrow its own. */
  readonly effectiveAccess: 'full' | 'restricted';
}

/** What follows from the settings of a client. */
export function factsOf(client: ClientSettings, profiles: Configuration['profiles']): ClientFacts {
  return {
    password: client.sealedPassword === undefined ? 'hash' : 'sealed',
    effectiveAccess: clientFrom(client, profiles).access,
  };
}

/** A client as programs are told of it: every setting but those that are secret, and what follows from them. */
export function clientJson(client: ClientSettings, profiles: Configuration['profiles']): object {
  const shown = Object.entries(client).filter(([name]) => !isSecret(name));
  return { ...Object.fromEntries(shown), ...factsOf(client, profiles) };
}

function isSecret(setting: string): boolean {
  const schema = new Map(Object.entries(clientSettings.shape)).get(setting);
  const shape = schema === undefined ? undefined : shapeOf(schema);
  return shape !== undefined && 'secret' in shape && shape.secret;
}

/** `999999999/888888888`, the legal entity and its unit. */
export function organisationText({
  organisation: { parent, child },
}: Pick<ClientSettings, 'organisation'>): string {
  return child === undefined ? parent : `${parent}/${child}`;
}
