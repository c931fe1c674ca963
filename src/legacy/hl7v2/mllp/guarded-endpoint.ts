import type { Doorkeeper } from '../../overload/doorkeeper.js';
import type { Hl7v2Endpoint } from '../endpoint.js';

/** The same endpoint for those whom there is time for; the others are refused at once, and their connection stays. */
export function guarded(endpoint: Hl7v2Endpoint, doorkeeper: Doorkeeper): Hl7v2Endpoint {
  return {
    answer: async (octets, origin) => {
      const admitted = doorkeeper.admit(origin.remoteAddress, 'hl7v2');
      if ('turnedAway' in admitted) return endpoint.refuseBusy(octets, admitted.correlationId);
      try {
        await admitted.turn();
        return await endpoint.answer(octets, origin);
      } finally {
        admitted.leave();
      }
    },
    // These are refused anyway, and their connections closed.
    refuseTooLarge: (beginning, origin) => endpoint.refuseTooLarge(beginning, origin),
    refuseBusy: (octets, correlationId) => endpoint.refuseBusy(octets, correlationId),
  };
}
