import {
  createSelfSignedCertificate,
  type SelfSignedCertificate,
} from '../../src/sandbox/self-signed-certificate.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';

let made: Promise<SelfSignedCertificate> | undefined;

/** A certificate for `localhost` and 127.0.0.1, made once for the whole run. */
export async function serverCertificate(): Promise<SelfSignedCertificate> {
  made ??= createSelfSignedCertificate({ commonName: 'test', clock: systemClock, random: systemRandom });
  return made;
}
