import type { AdmissionEvents } from '../admission-events.js';
import type { MetricHandlers } from './handlers.js';
import type { Instruments } from './instruments.js';
import { among, type KnownNames } from './known-names.js';

/** Those who were not let in. */
export function admissionMetrics(
  instruments: Instruments,
  names: KnownNames,
): Pick<MetricHandlers, keyof AdmissionEvents> {
  const protocol = among(names.protocols);
  const refused = instruments.counter(
    'preg_adapter_requests_refused_total',
    'Requests that were refused unread, since there was too much to do; counted within ten seconds.',
    ['protocol'],
  );
  for (const name of names.protocols) refused.inc({ protocol: name }, 0);
  return {
    requestsRefused: (event) => {
      for (const part of event.protocols) refused.inc({ protocol: protocol(part.protocol) }, part.refused);
    },
    // Nobody reads metrics after the end.
    requestsCameLate: () => undefined,
    // Each of them is counted as a request that was answered.
    refusalsRepeated: () => undefined,
  };
}
