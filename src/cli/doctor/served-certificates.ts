import type { TlsSource } from '../../config/adapter-configuration.js';
import { certificateOf } from '../certificate-reading.js';
import { dayOf, endOf } from './certificates.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { Examine } from './patient.js';
import type { PlaceSeen } from './places.js';

const NOT_READ_YET =
  'An adapter reads a renewed file when it is told to: systemctl reload preg-adapter, or kill -HUP its process. ' +
  'If that changes nothing, see who listens there (ss -ltnp on Linux).';

/** They close connections that come from elsewhere than a client of theirs. */
const LETS_CLIENTS_IN: ReadonlySet<string> = new Set(['listeners.oldTls', 'listeners.mllp']);

const AS_IT_SHOULD_BE =
  'So it should be where it knows only the addresses of its clients: openssl s_client -connect shows it from there.';

const NO_TLS_THERE =
  'See who listens there (ss -ltnp on Linux); an adapter that was started with other settings is to be restarted.';

/** Whether what listens now shows the certificates that the files hold; one that was renewed holds after a reload only. */
export const examineServedCertificates: Examine = async ({ places, clock }) => {
  const now = clock.now();
  const findings = await Promise.all(
    places.map(async (place) =>
      place.tls !== undefined && place.isTaken ? servedFindings(place, place.tls, now) : [],
    ),
  );
  const all = findings.flat();
  return all.length === 0 ? [ok('nobody listens where certificates are to be shown')] : all;
};

async function servedFindings(
  { setting, shown }: PlaceSeen,
  source: TlsSource,
  now: Date,
): Promise<readonly Finding[]> {
  if (shown === undefined) {
    const told = `${setting}: who listens there shows this machine no certificate`;
    return [LETS_CLIENTS_IN.has(setting) ? ok(told, AS_IT_SHOULD_BE) : warning(told, NO_TLS_THERE)];
  }
  const own = await certificateOf(source).catch(() => undefined);
  // What is wrong with the file is told where files are examined.
  if (own === undefined) return [];
  if (own.fingerprint256 === shown.fingerprint256)
    return [ok(`${setting} shows the certificate of its file`)];
  const end = endOf(shown);
  const told = `${setting} shows another certificate than its file holds:`;
  return [
    end < now
      ? failed(`${told} that one ended on ${dayOf(end)}`, NOT_READ_YET)
      : warning(`${told} that one ends on ${dayOf(end)}`, NOT_READ_YET),
  ];
}
