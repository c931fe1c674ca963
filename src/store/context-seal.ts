import type { ContextSeal } from '../access/context-seal.js';
import { BadContextToken } from '../errors/errors.js';
import type { SealedPlace, Sealer } from './sealer.js';
import { SealBroken, UnknownSealingKey } from './store-errors.js';

/** Seals security contexts with the keys of the store. */
export function createContextSeal(sealer: Sealer): ContextSeal {
  return {
    seal: (state, identifier) => sealer.seal(state, placeOf(identifier)),
    open: (sealed, identifier) => {
      try {
        return sealer.open(sealed, placeOf(identifier));
      } catch (error) {
        // Without the error itself: what a stranger wrote in place of a key id is in it.
        if (error instanceof UnknownSealingKey) {
          throw new BadContextToken('the context token is sealed with a key that is not configured');
        }
        if (error instanceof SealBroken) {
          throw new BadContextToken('the state in the context token was changed or is not ours');
        }
        throw error;
      }
    },
  };
}

/** No table: the token lies with the client. The names keep it apart from everything that lies here. */
function placeOf(identifier: string): SealedPlace {
  return { table: 'security context token', column: 'state', row: identifier };
}
